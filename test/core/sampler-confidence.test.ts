import { expect, it } from "vitest";
import { benchCandidate } from "../../src/bench/bench-pool.ts";
import { confidenceFields, samplerConfidence } from "../../src/core/sampler-confidence.ts";

it("what a candidate's line says of the sampler's confidence comes back, and nothing is made up", () => {
  const both = { meanLogProbability: -0.5, selfCertainty: 3.5 };
  expect(confidenceFields(both)).toEqual({ mean_log_probability: -0.5, self_certainty: 3.5 });
  for (const confidence of [both, { meanLogProbability: -0.5 }, { selfCertainty: 0 }, {}])
    expect(samplerConfidence({ extra: confidenceFields(confidence) })).toEqual(confidence);
  expect(samplerConfidence({ extra: { self_certainty: "high", mean_log_probability: null } })).toEqual({});
});

it("a bench keeps it with its candidates", () => {
  const extra = { mean_log_probability: -0.5, self_certainty: 3.5 };
  const candidate = { problemId: "p", sampleIndex: 0, code: "x", warnings: [], extra };
  expect(benchCandidate(candidate, ["model"])).toMatchObject({
    meanLogProbability: -0.5,
    selfCertainty: 3.5,
  });
});
