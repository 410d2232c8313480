import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CandidateEvidence } from "../../../src/core/evidence.ts";
import { CANDIDATE_FEATURES, choiceFeatures, GROUP_FEATURES } from "../../../src/select/choice/features.ts";
import { passProbability } from "../../../src/select/choice/pass-probability.ts";
import * as sessionWeights from "../../../src/select/choice/session-weights.ts";
import * as weights from "../../../src/select/choice/weights.ts";

interface Seen {
  readonly examples: readonly (boolean | null)[];
  /** A letter an input; `.` for none. */
  readonly answers: string;
  readonly large?: number;
  readonly code?: string;
}

function poolOf(...candidates: readonly Seen[]): CandidateEvidence[] {
  return candidates.map(({ examples, answers, large, code }, sampleIndex) => ({
    sampleIndex,
    code: code ?? `print(${sampleIndex})`,
    exampleResults: examples,
    probeAnswers: [...answers].map((letter) => (letter === "." ? null : letter)),
    ...(large !== undefined && { largeInputsAnswered: large }),
  }));
}

const right: Seen = { examples: [true, true, true], answers: "abcd", large: 5 };
const alone: Seen = { examples: [true, true, true], answers: "axyz", large: 5 };
const slow: Seen = { examples: [true, true, true], answers: "abcd", large: 0 };
const wrong: Seen = { examples: [true, false, false], answers: "....", large: 0 };

function probabilities(...candidates: readonly Seen[]): readonly number[] {
  return passProbability(poolOf(...candidates))?.candidates ?? [];
}

describe("passProbability", () => {
  it("believes those that pass the examples and agree, more than who answers alone, who is slow, who fails", () => {
    const [first = 0, , odd = 0, late = 0, failing = 0] = probabilities(right, right, alone, slow, wrong);
    expect(first).toBeGreaterThan(odd);
    expect(first).toBeGreaterThan(late);
    expect(odd).toBeGreaterThan(failing);
    expect(first).toBeGreaterThan(0.7);
    expect(failing).toBeLessThan(0.1);
  });

  it("thinks that none passes where all fail the examples", () => {
    const failing = passProbability(poolOf(wrong, wrong, wrong));
    const passing = passProbability(poolOf(right, right, right));
    expect(failing?.none).toBeGreaterThan(0.5);
    expect(passing?.none).toBeLessThan(0.2);
  });

  it("says nothing where nothing was measured, and 0 for a reply without code", () => {
    expect(passProbability([{ sampleIndex: 0, code: "print(1)", soundness: 0 }])).toBeUndefined();
    expect(probabilities(right, { ...right, code: " " })[1]).toBe(0);
  });

  it("gives no chance outside [0, 1], leaves none more than the best leaves, and does not look at order or verdicts", () => {
    const seen = fc.record({
      examples: fc.array(fc.constantFrom(true, false, null), { minLength: 2, maxLength: 2 }),
      answers: fc.string({ unit: fc.constantFrom("a", "b", "."), minLength: 3, maxLength: 3 }),
      large: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 6 }), (candidates) => {
        const pool = poolOf(...candidates);
        const found = passProbability(pool);
        const each = found?.candidates ?? [];
        for (const p of each) expect(p >= 0 && p <= 1).toBe(true);
        expect((found?.none ?? 1) + Math.max(...each)).toBeLessThanOrEqual(1 + 1e-12);
        const turned = passProbability(pool.toReversed())?.candidates.toReversed() ?? [];
        each.forEach((p, i) => expect(turned[i]).toBeCloseTo(p, 9));
        const judged = pool.map((candidate) => ({ ...candidate, passed: true, rewards: [0.9] }));
        expect(passProbability(judged)).toEqual(found);
      }),
    );
  });
});

describe("the model", () => {
  it.each([weights, sessionWeights])(
    "has a weight for every feature, and none by which better evidence lowers a chance",
    ({ CANDIDATE_WEIGHTS, NONE_WEIGHTS }) => {
      expect(CANDIDATE_WEIGHTS).toHaveLength(CANDIDATE_FEATURES.length + GROUP_FEATURES.length);
      expect(NONE_WEIGHTS).toHaveLength(GROUP_FEATURES.length);
      expect(CANDIDATE_WEIGHTS.slice(0, CANDIDATE_FEATURES.length).filter((weight) => weight < 0)).toEqual(
        [],
      );
    },
  );

  it("is another one where docstrings are all that runs, and faults that were read lower the chance there", () => {
    const library = poolOf(right, alone).map((candidate) => ({ ...candidate, soundness: 0 }));
    const [sure = 0] = passProbability(library)?.candidates ?? [];
    expect(sure).not.toBe(probabilities(right, alone)[0]);
    const faulty = library.map((candidate, i) => (i === 0 ? { ...candidate, soundness: -1 } : candidate));
    expect(passProbability(faulty)?.candidates[0]).toBeLessThan(sure);
  });

  it("sees as many features as it has names", () => {
    const { candidates, group } = choiceFeatures(poolOf(right, wrong));
    expect(group).toHaveLength(GROUP_FEATURES.length);
    for (const row of candidates) expect(row).toHaveLength(CANDIDATE_FEATURES.length + GROUP_FEATURES.length);
  });
});
