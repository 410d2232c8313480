import type { EvidenceSource } from "../../core/best-of-n.ts";
import type { EvidenceKind, Pool } from "../../core/evidence.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { ExecutionEvidence } from "./execution-result.ts";
import { scaleEvidence, smallEvidence } from "./execution-evidence.ts";

export interface ExecutionOptions {
  /** Called when a program is to run; undefined where nothing can run, and then nothing is measured. */
  readonly sandbox: () => Promise<Sandbox | undefined>;
  readonly signal: AbortSignal;
}

const SMALL: readonly EvidenceKind[] = ["soundness", "examples", "agreement"];
const LARGE: readonly EvidenceKind[] = ["large-inputs"];

/** Evidence for which programs run, or are read by the interpreter that would run them. */
export const EXECUTION_EVIDENCE: readonly EvidenceKind[] = [...SMALL, ...LARGE];

/** What running programs shows, cheapest first. A single program is not run: it needs no choosing. */
export function executionSources({ sandbox: open, signal }: ExecutionOptions): EvidenceSource[] {
  const running =
    (gather: (sandbox: Sandbox) => Promise<readonly ExecutionEvidence[]>) =>
    async (pool: Pool): Promise<readonly ExecutionEvidence[]> => {
      const sandbox = pool.length < 2 ? undefined : await open();
      return sandbox === undefined ? [] : gather(sandbox);
    };
  return [
    {
      gives: SMALL,
      gather: (problem, candidates, pool) =>
        running((sandbox) => smallEvidence(problem, codesOf(candidates), { sandbox, signal }))(pool),
    },
    {
      gives: LARGE,
      gather: (problem, candidates, pool) =>
        running(async (sandbox) => {
          const answered = await scaleEvidence(problem, codesOf(candidates), pool, { sandbox, signal });
          return answered?.map((largeInputsAnswered) => ({ largeInputsAnswered })) ?? [];
        })(pool),
    },
  ];
}

function codesOf(candidates: readonly { readonly code: string }[]): string[] {
  return candidates.map(({ code }) => code);
}
