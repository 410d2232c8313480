import { bestOfN, type Choice, type Method } from "../../core/best-of-n.ts";
import type { Candidate } from "../../core/candidate.ts";
import type { Problem } from "../../core/problem.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { selectorByName } from "../../select/index.ts";
import { executionSources } from "../../statement/run/execution-sources.ts";

interface Looking {
  /** undefined: nothing can run. */
  readonly sandbox: Sandbox | undefined;
  readonly signal: AbortSignal;
}

/** What running the samples shows. Where all are one program it is run too: what it shows decides whether there will be more. */
export function lookAt(
  problem: Problem,
  candidates: readonly Candidate[],
  { sandbox, signal }: Looking,
): Promise<Choice> {
  const sources = executionSources({ sandbox: async () => sandbox, signal, evenOne: true });
  const auto = selectorByName("auto", "mean");
  const isOne = new Set(candidates.map(({ code }) => code)).size < 2;
  const method: Method = isOne
    ? { selector: { ...auto, optional: false }, sources: sources.slice(0, 1) }
    : { selector: auto, sources };
  return bestOfN(problem, candidates, method);
}
