import type { EvidenceSource } from "../../core/best-of-n.ts";
import type { Pool } from "../../core/evidence.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { scaleEvidence, smallEvidence } from "./execution-evidence.ts";

export interface ExecutionOptions {
  /** Called when a program is to run; undefined where nothing can run, and then nothing is measured. */
  readonly sandbox: () => Promise<Sandbox | undefined>;
  readonly signal: AbortSignal;
}

/** What running programs shows, cheapest first. A single program is not run: it needs no choosing. */
export function executionSources({ sandbox: open, signal }: ExecutionOptions): EvidenceSource[] {
  const running =
    (gather: (sandbox: Sandbox) => Promise<readonly object[]>) =>
    async (pool: Pool): Promise<readonly object[]> => {
      const sandbox = pool.length < 2 ? undefined : await open();
      return sandbox === undefined ? [] : gather(sandbox);
    };
  return [
    {
      gives: ["soundness", "examples", "agreement"],
      gather: (problem, candidates, pool) =>
        running((sandbox) => smallEvidence(problem, codesOf(candidates), { sandbox, signal }))(pool),
    },
    {
      gives: ["large-inputs"],
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
