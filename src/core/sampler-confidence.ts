import type { EvidenceSource } from "./best-of-n.ts";
import type { Candidate } from "./candidate.ts";
import type { CandidateEvidence } from "./evidence.ts";

/** How sure the sampler was of a candidate, by its own log-probabilities. */
export type SamplerConfidence = Pick<CandidateEvidence, "meanLogProbability" | "selfCertainty">;

/** What a candidate's line says of it. */
export function samplerConfidence({ extra }: Pick<Candidate, "extra">): SamplerConfidence {
  const { mean_log_probability: mean, self_certainty: certainty } = extra;
  return {
    ...(typeof mean === "number" && { meanLogProbability: mean }),
    ...(typeof certainty === "number" && { selfCertainty: certainty }),
  };
}

/** The fields of a candidate's line that `samplerConfidence` reads. */
export function confidenceFields({
  meanLogProbability,
  selfCertainty,
}: SamplerConfidence): Candidate["extra"] {
  return {
    ...(meanLogProbability !== undefined && { mean_log_probability: meanLogProbability }),
    ...(selfCertainty !== undefined && { self_certainty: selfCertainty }),
  };
}

/** What came with the candidates; nothing is asked or run for it. */
export const recordedConfidence: EvidenceSource = {
  gives: ["log-probabilities", "self-certainty"],
  gather: async (_problem, candidates) => candidates.map(samplerConfidence),
};
