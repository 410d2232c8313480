import { describe, expect, it } from "vitest";
import { roundsSpent } from "../../../src/bench/results/rounds-spent.ts";
import type { CandidateEvidence } from "../../../src/core/evidence.ts";
import { selectorByName } from "../../../src/select/index.ts";

const auto = selectorByName("auto", "mean");

/** A program that fails or passes its examples and answers further inputs. */
function candidate(sampleIndex: number, passed: boolean, answer: string): CandidateEvidence {
  return {
    sampleIndex,
    code: `print(${sampleIndex})`,
    passed,
    exampleResults: [passed, passed, passed],
    largeInputsAnswered: passed ? 4 : 0,
    largeCpuMs: 10,
    probeAnswers: Array.from({ length: 48 }, (_, at) => `${answer}${at}`),
  };
}

const right = (at: number) => candidate(at, true, "a");
const wrong = (at: number) => candidate(at, false, `b${at}-`);
const pool = (length: number, make: (at: number) => CandidateEvidence) =>
  Array.from({ length }, (_, at) => make(at));

describe("rounds over recorded candidates", () => {
  it("an easy problem takes one round, a hard one goes on, and what that costs and chooses is counted", () => {
    const easy = pool(16, right);
    const late = pool(16, (at) => (at < 4 ? wrong(at) : right(at)));
    const [asSolve] = roundsSpent([easy, late], auto, { resamples: 50 });
    expect(asSolve).toMatchObject({ least: 4, stopAt: 0.9, minGain: 0.002, selected: 1, gained: 0, lost: 0 });
    expect(asSolve?.difference.value).toBe(0);
    // One round of the easy one, two or more of the other, of 16 each.
    expect(asSolve?.samples).toBeGreaterThanOrEqual(6);
    expect(asSolve?.samples).toBeLessThan(16);
    expect(asSolve?.saved.value).toBeCloseTo(1 - (asSolve?.samples ?? 0) / 16, 9);
  });

  it("a round that stops too early loses what comes later", () => {
    // All agree on what is wrong, and the examples do not tell.
    const misled = pool(12, (at) => ({
      ...candidate(at, at >= 4, at < 4 ? "b" : "a"),
      exampleResults: [true, true, true],
      largeInputsAnswered: 4,
    }));
    const [asSolve] = roundsSpent([misled, misled], auto, { resamples: 50 });
    expect(asSolve).toMatchObject({ samples: 4, selected: 0, lost: 2, gained: 0 });
    expect(asSolve?.difference).toEqual({ value: -1, low: -1, high: -1 });
    expect(asSolve?.saved.value).toBeCloseTo(2 / 3, 9);
  });

  it("says nothing where nothing ran, or where one round takes all", () => {
    const unrun = pool(16, (at) => ({ sampleIndex: at, code: `print(${at})`, passed: true }));
    expect(roundsSpent([unrun], auto, {})).toEqual([]);
    expect(roundsSpent([pool(4, right)], auto, {})).toEqual([]);
    expect(roundsSpent([], auto, {})).toEqual([]);
  });
});
