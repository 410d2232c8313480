import type { EvidenceSource } from "../../core/best-of-n.ts";
import type { EvidenceKind, Pool } from "../../core/evidence.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { ExecutionEvidence } from "./execution-result.ts";
import { scaleEvidence, smallEvidence } from "./execution-evidence.ts";

export interface ExecutionOptions {
  /** Called when a program is to run; undefined where nothing can run, and then nothing is measured. */
  readonly sandbox: () => Promise<Sandbox | undefined>;
  readonly signal: AbortSignal;
  /** Run a single program too. Default: false, since it needs no choosing. */
  readonly evenOne?: boolean;
}

const SMALL: readonly EvidenceKind[] = ["soundness", "examples", "agreement"];
const LARGE: readonly EvidenceKind[] = ["large-inputs", "speed"];

/** Evidence for which programs run, or are read by the interpreter that would run them. */
export const EXECUTION_EVIDENCE: readonly EvidenceKind[] = [...SMALL, ...LARGE];

/** What running programs shows, cheapest first. */
export function executionSources({
  sandbox: openSandbox,
  signal,
  evenOne = false,
}: ExecutionOptions): EvidenceSource[] {
  const running =
    (gather: (sandbox: Sandbox) => Promise<readonly ExecutionEvidence[]>) =>
    async (pool: Pool): Promise<readonly ExecutionEvidence[]> => {
      const sandbox = pool.length < (evenOne ? 1 : 2) ? undefined : await openSandbox();
      return sandbox === undefined ? [] : gather(sandbox);
    };
  return [
    {
      gives: SMALL,
      evenOne,
      gather: (problem, candidates, pool) =>
        running((sandbox) => smallEvidence(problem, codesOf(candidates), { sandbox, signal }))(pool),
    },
    {
      gives: LARGE,
      gather: (problem, candidates, pool, open) =>
        running(async (sandbox) => {
          // Nothing costs more than a slow program on a large input: only those run that may still be chosen.
          const asked = [...open];
          const codes = asked.map((index) => candidates[index]?.code ?? "");
          const shown = asked.map((index) => pool[index] ?? {});
          const found = (await scaleEvidence(problem, codes, shown, { sandbox, signal })) ?? [];
          const byIndex = new Map(asked.map((index, i) => [index, found[i]]));
          return candidates.map((_, index) => byIndex.get(index) ?? {});
        })(pool),
    },
  ];
}

function codesOf(candidates: readonly { readonly code: string }[]): string[] {
  return candidates.map(({ code }) => code);
}
