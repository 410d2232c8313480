import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectorByName } from "../../../src/select/index.ts";
import { reliabilities } from "../../../src/select/execution/votes.ts";

const rows = (...texts: readonly string[]): (string | null)[][] =>
  texts.map((text) => [...text].map((letter) => (letter === "." ? null : letter)));

describe("reliabilities", () => {
  it("prefers a program with one odd answer to one that is wrong everywhere", () => {
    const [right, odd, wrong] = reliabilities(rows("aaaa", "aaab", "cccd", "aaaa"));
    expect(right).toBeGreaterThan(odd ?? 1);
    expect(odd).toBeGreaterThan(wrong ?? 1);
  });

  it("lets two careful programs outvote three that agree on one input and scatter on the others", () => {
    const [careful, , scattered] = reliabilities(rows("aaaaaa", "aaaaaa", "bcdefg", "bhijkl", "bmnopq"));
    expect(careful).toBeGreaterThan(scattered ?? 1);
  });

  it("drops an input that most programs do not answer", () => {
    const [first, second] = reliabilities(rows("aa", "a.", "a.", "a."));
    expect(first).toBeCloseTo(second ?? 0);
  });

  it("counts silence on a legal input against a program", () => {
    const [first, second] = reliabilities(rows("aa", "a.", "aa"));
    expect(first).toBeGreaterThan(second ?? 1);
  });

  it("gives equal programs equal values, and does not depend on the order of programs or inputs", () => {
    const answer = fc.constantFrom("a", "b", "c", null);
    const table = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
      .chain(([n, k]) =>
        fc.array(fc.array(answer, { minLength: k, maxLength: k }), { minLength: n, maxLength: n }),
      );
    fc.assert(
      fc.property(table, (answers) => {
        const values = reliabilities(answers);
        const turned = reliabilities(answers.toReversed().map((row) => row.toReversed())).toReversed();
        values.forEach((value, i) => {
          expect(turned[i]).toBeCloseTo(value, 9);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-9);
        });
        const doubled = reliabilities([...answers, ...answers.slice(0, 1)]);
        expect(doubled.at(-1)).toBeCloseTo(doubled[0] ?? -1, 9);
      }),
    );
  });
});

it("the selector asks only those that pass most examples", () => {
  const pool = ["aaa", "aab", "bbb", "bbb", "bbb"].map((text, sampleIndex) => ({
    sampleIndex,
    code: `print(${sampleIndex})`,
    exampleResults: [sampleIndex < 2],
    probeAnswers: [...text],
  }));
  expect(selectorByName("examples+votes", "mean").select(pool)).toMatchObject({
    best: [0, 1],
    decidedBy: "examples",
  });
});

it("counts a program that was sampled three times as one voter", () => {
  const answers = ["aab", "aab", "aab", "abb", "abb"];
  const pool = answers.map((text, sampleIndex) => ({
    sampleIndex,
    // The first three are one program, the last two are two.
    code: sampleIndex < 3 ? "print(0)" : `print(${sampleIndex})`,
    exampleResults: [true],
    probeAnswers: [...text],
  }));
  expect(selectorByName("examples+votes", "mean").select(pool)).toMatchObject({ best: [3, 4] });
  const different = pool.map((candidate, i) => ({ ...candidate, code: `print(${i})` }));
  expect(selectorByName("examples+votes", "mean").select(different)).toMatchObject({ best: [0, 1, 2] });
});

describe("auto on programs that answer alike", () => {
  const select = (times: readonly (number | undefined)[]): unknown =>
    selectorByName("auto", "mean").select(
      times.map((largeCpuMs, sampleIndex) => ({
        sampleIndex,
        code: `print(${sampleIndex})`,
        exampleResults: [true],
        probeAnswers: ["a"],
        largeInputsAnswered: 4,
        ...(largeCpuMs !== undefined && { largeCpuMs }),
      })),
    );

  it("leaves out one that needs many times as long as another", () => {
    expect(select([5000, 300, 40])).toMatchObject({ best: [1, 2], decidedBy: "speed" });
  });

  it("does not mind a short time, a usual one, or one that was not measured", () => {
    expect(select([700, 10, 10])).toMatchObject({ best: [0, 1, 2], decidedBy: null });
    expect(select([3000, 1000, 900])).toMatchObject({ best: [0, 1, 2] });
    expect(select([5000, 10, undefined])).toMatchObject({ best: [0, 1, 2] });
  });
});
