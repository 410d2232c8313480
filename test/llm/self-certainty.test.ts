import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selfCertainty, TOP_LOGPROBS } from "../../src/llm/self-certainty.ts";

const logs = (...probabilities: readonly number[]): number[] => probabilities.map(Math.log);

describe("selfCertainty", () => {
  it("is the divergence of the uniform distribution from the model's, over the alternatives", () => {
    expect(selfCertainty([logs(0.5, 0.5)])).toBeCloseTo(0, 12);
    expect(selfCertainty([logs(0.9, 0.1)])).toBeCloseTo(
      -Math.log(2) - (Math.log(0.9) + Math.log(0.1)) / 2,
      12,
    );
    expect(selfCertainty([logs(0.5, 0.5), logs(0.9, 0.1)])).toBeCloseTo(
      (selfCertainty([logs(0.9, 0.1)]) ?? Number.NaN) / 2,
      12,
    );
  });

  it("is the whole divergence where the alternatives are the whole vocabulary", () => {
    const distribution = fc
      .array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: TOP_LOGPROBS })
      .map((weights) => weights.map((weight) => weight / weights.reduce((a, b) => a + b, 0)));
    fc.assert(
      fc.property(distribution, (p) => {
        const divergence = p.reduce((sum, each) => sum + Math.log(1 / p.length / each) / p.length, 0);
        expect(selfCertainty([logs(...p)])).toBeCloseTo(divergence, 9);
        expect(divergence).toBeGreaterThan(-1e-9);
      }),
    );
  });

  it("depends on no order, and on nothing beyond what every token has", () => {
    const tokens = [logs(0.6, 0.2, 0.1), logs(0.1, 0.7), logs(0.3, 0.05, 0.4, 0.01)];
    const cut = [logs(0.6, 0.2), logs(0.7, 0.1), logs(0.4, 0.3)];
    expect(selfCertainty(tokens)).toBeCloseTo(selfCertainty(cut) ?? Number.NaN, 12);
  });

  it("one alternative that cannot come does not outweigh the reply", () => {
    expect(selfCertainty([[0, -9999]])).toBeCloseTo(-Math.log(2) + 10, 12);
  });

  it("is not known without alternatives at every token", () => {
    expect(selfCertainty([])).toBeUndefined();
    expect(selfCertainty([logs(0.5, 0.5), []])).toBeUndefined();
    expect(selfCertainty([logs(0.5)])).toBeUndefined();
  });
});
