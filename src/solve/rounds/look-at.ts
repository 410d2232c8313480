import { bestOfN, type Choice, type EvidenceSource } from "../../core/best-of-n.ts";
import type { Candidate } from "../../core/candidate.ts";
import type { Problem } from "../../core/problem.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { ownTestsThen } from "../../select/execution/own-tests.ts";
import { selectorByName } from "../../select/index.ts";
import { executionSources } from "../../statement/run/execution-sources.ts";

interface Looking {
  /** undefined: nothing can run. */
  readonly sandbox: Sandbox | undefined;
  readonly signal: AbortSignal;
  /** The user's own tests. */
  readonly ownTests?: EvidenceSource | undefined;
}

/** What running the samples shows. A single program is run too: what it shows decides whether there will be more. */
export function lookAt(
  problem: Problem,
  candidates: readonly Candidate[],
  { sandbox, signal, ownTests }: Looking,
): Promise<Choice> {
  const auto = selectorByName("auto", "mean");
  const sources = executionSources({ sandbox: async () => sandbox, signal, evenOne: true });
  return bestOfN(
    problem,
    candidates,
    ownTests === undefined
      ? { selector: auto, sources }
      : { selector: ownTestsThen(auto), sources: [ownTests, ...sources] },
  );
}
