import { bestOfN, stepRewards } from "../core/best-of-n.ts";
import type { RankedCandidate } from "../core/ranking.ts";
import { prm } from "../select/models/prm.ts";
import { optionsFrom } from "../settings/options.ts";
import { withPrm } from "../solve/open-prm.ts";
import { type CandidateInput, candidatesFrom, problemFrom, type ProblemInput } from "./input.ts";
import { type CallOptions, reporterOf, type ScoringOptions, signalOf } from "./options.ts";

export type RankOptions = CallOptions & ScoringOptions;

/**
 * Candidates by the rewards of a PRM alone, best first, with the reward of every step. No program runs. The bundled PRM,
 * which is the default, cannot be told from chance; name a better one.
 *
 * @throws FunprmError `usage`, `input` or `model` for what cannot be used, `interrupted`
 */
export async function rank(
  input: ProblemInput,
  candidates: readonly CandidateInput[],
  options: RankOptions = {},
): Promise<readonly RankedCandidate[]> {
  const problem = problemFrom(input);
  const { signal: _, onWarning: _onWarning, ...values } = options;
  const settings = optionsFrom(values);
  return withPrm(settings, reporterOf(options), signalOf(options), async ({ scoring, by }) => {
    const method = { selector: prm(by.aggregate, "prm"), sources: [stepRewards(async () => scoring)] };
    const { ranking } = await bestOfN(problem, candidatesFrom(candidates, problem), method);
    return ranking;
  });
}
