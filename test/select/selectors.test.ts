import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { selectorByName, selectors } from "../../src/select/index.ts";
import type { CandidateEvidence } from "../../src/core/evidence.ts";
import type { Selection } from "../../src/core/selector.ts";

/** A pool from partial candidates; code and sample index are filled in. */
function pool(...candidates: Partial<CandidateEvidence>[]): CandidateEvidence[] {
  return candidates.map((candidate, index) => ({
    sampleIndex: index,
    code: `print(${index})`,
    ...candidate,
  }));
}

function select(name: string, candidates: readonly CandidateEvidence[]): Selection {
  const result = selectorByName(name, "mean").select(candidates);
  if ("unavailable" in result) throw new Error(`${name} lacks ${result.unavailable}`);
  return result;
}

/** The tiers in sample indices, which do not depend on positions. */
function sampleTiers(
  selection: Selection,
  candidates: readonly CandidateEvidence[],
): (number | undefined)[][] {
  return selection.tiers.map((tier) => tier.map((index) => candidates[index]?.sampleIndex));
}

describe("controls", () => {
  const three = pool({ code: "aaaa" }, { code: "bb" }, { code: "bb  \n" }, { code: "cccccc" });
  test("first takes the lowest sample index wherever it is", () => {
    expect(select("first", [...three].reverse())).toMatchObject({ chosen: 3, best: [3] });
  });
  test("random ties everything: its mean over the tied is the expectation", () => {
    expect(select("random", three)).toMatchObject({
      best: [0, 1, 2, 3],
      decidedBy: null,
      scores: [1, 1, 1, 1],
    });
  });
  test("longest and shortest measure the program without the blank space around it", () => {
    expect(select("longest", three).best).toEqual([3]);
    expect(select("shortest", three).best).toEqual([1, 2]);
  });
  test("frequent counts equal texts", () => {
    expect(select("frequent", three)).toMatchObject({ best: [1, 2], decidedBy: "identical code" });
  });
});

describe("the model", () => {
  const rewarded = pool({ rewards: [0.9, 0.1] }, { rewards: [0.4, 0.45] }, { rewards: [0.2, 0.7] });
  test.each([
    ["prm-mean", [0]],
    ["prm-min", [1]],
    ["prm-last", [2]],
    ["prm-product", [1]],
    ["prm-log-odds", [0]],
  ])("%s", (name, best) => {
    expect(select(name, rewarded).best).toEqual(best);
  });
  test("prm uses the aggregate of the model", () => {
    expect(selectorByName("prm", "last").select(rewarded)).toMatchObject({ best: [2] });
  });
  test("orm, log-probability, self-certainty and judge read their own field only", () => {
    const all = pool(
      { programReward: 1, meanLogProbability: -3, selfCertainty: 1, judgeGrade: 2 },
      { programReward: 0, meanLogProbability: -2, selfCertainty: 2, judgeGrade: 1 },
    );
    expect(
      ["orm", "log-probability", "self-certainty", "judge"].map((name) => select(name, all).chosen),
    ).toEqual([0, 1, 1, 0]);
  });
});

describe("execution", () => {
  test("examples: most passed; an answer that the statement leaves open beats a wrong one", () => {
    const run = pool(
      { exampleResults: [true, false] },
      { exampleResults: [true, null] },
      { exampleResults: [false, false] },
    );
    expect(select("examples", run)).toMatchObject({
      best: [1],
      decidedBy: "examples",
      tiers: [[1], [0], [2]],
    });
  });
  test("agreement: the biggest cluster; crashing alike is no agreement", () => {
    const run = pool(
      { probeAnswers: [null] },
      { probeAnswers: [null] },
      { probeAnswers: [null] },
      { probeAnswers: ["x"] },
      { probeAnswers: ["y"] },
      { probeAnswers: ["y"] },
    );
    expect(select("agreement", run)).toMatchObject({ best: [4, 5], tiers: [[4, 5], [3], [0, 1, 2]] });
  });
  test("codet weighs passing against agreeing", () => {
    const run = pool(
      { exampleResults: [true, true], probeAnswers: ["a"] },
      { exampleResults: [true, false], probeAnswers: ["b"] },
      { exampleResults: [true, false], probeAnswers: ["b"] },
      { exampleResults: [true, false], probeAnswers: ["b"] },
    );
    expect(select("codet", run).best).toEqual([1, 2, 3]);
    expect(select("examples+agreement", run).best).toEqual([0]);
  });
  test("agreement after examples counts only those that are still tied", () => {
    const run = pool(
      { exampleResults: [true], probeAnswers: ["a"] },
      { exampleResults: [true], probeAnswers: ["b"] },
      { exampleResults: [true], probeAnswers: ["b"] },
      { exampleResults: [false], probeAnswers: ["a"] },
      { exampleResults: [false], probeAnswers: ["a"] },
    );
    expect(select("examples+agreement", run).best).toEqual([1, 2]);
  });
});

describe("large inputs", () => {
  const slowMajority = pool(
    { exampleResults: [true], probeAnswers: ["a"], largeInputsAnswered: 1, rewards: [0.9] },
    { exampleResults: [true], probeAnswers: ["a"], largeInputsAnswered: 1, rewards: [0.9] },
    { exampleResults: [true], probeAnswers: ["b"], largeInputsAnswered: 3, rewards: [0.1] },
    { exampleResults: [false], probeAnswers: ["c"], largeInputsAnswered: 9, rewards: [1] },
  );
  test("decide after the examples, before or after agreement", () => {
    expect(select("examples+scale+agreement", slowMajority)).toMatchObject({ best: [2], decidedBy: "scale" });
    expect(select("examples+agreement+scale", slowMajority)).toMatchObject({ best: [0, 1] });
    const slow = slowMajority.map((each, index) =>
      index === 1 ? { ...each, largeInputsAnswered: 2 } : each,
    );
    expect(select("auto", slow)).toMatchObject({ best: [1], decidedBy: "scale" });
  });
  test("that nobody answers tell nothing, and are not needed", () => {
    const silent = slowMajority.map((each) => ({ ...each, largeInputsAnswered: 0 }));
    expect(select("examples+scale+agreement", silent)).toMatchObject({
      best: [0, 1],
      decidedBy: "agreement",
    });
    const without = slowMajority.map(({ sampleIndex, code, exampleResults = [], probeAnswers = [null] }) => ({
      sampleIndex,
      code,
      exampleResults,
      probeAnswers,
    }));
    expect(select("examples+scale+agreement", without)).toMatchObject({ best: [0, 1] });
  });
});

describe("auto", () => {
  const full = pool(
    { exampleResults: [true], probeAnswers: ["a"], rewards: [0.1] },
    { exampleResults: [true], probeAnswers: ["a"], rewards: [0.2] },
    { exampleResults: [true], probeAnswers: ["b"], rewards: [0.9] },
    { exampleResults: [false], probeAnswers: ["c"], rewards: [1] },
  );
  test("examples, then agreement; then the PRM where it is asked for", () => {
    expect(select("auto", full)).toMatchObject({ tiers: [[0, 1], [2], [3]], decidedBy: "votes" });
    expect(select("auto+prm", full)).toMatchObject({
      tiers: [[1], [0], [2], [3]],
      decidedBy: "prm",
    });
  });
  test("says which evidence decided", () => {
    const same = full.map((candidate) => ({ ...candidate, rewards: [0.5] }));
    expect(select("auto", same)).toMatchObject({ best: [0, 1], chosen: 0, decidedBy: "votes" });
  });
  test("falls through what was not measured, and names it", () => {
    const noRun = full.map(({ sampleIndex, code, rewards = [] }) => ({ sampleIndex, code, rewards }));
    expect(select("auto+prm", noRun)).toMatchObject({
      chosen: 3,
      decidedBy: "prm",
    });
  });
  test("evidence for some candidates only is no evidence", () => {
    const partly = full.map((candidate, index) =>
      index === 3 ? { sampleIndex: 3, code: candidate.code, rewards: [1] } : candidate,
    );
    expect(select("auto", partly)).toMatchObject({ best: [0, 1, 2, 3], decidedBy: null });
  });
  test("evidence about those that are still tied is enough", () => {
    const lazily = full.map(({ rewards, ...rest }, index) =>
      index < 2 ? { ...rest, rewards: rewards ?? [] } : rest,
    );
    expect(select("auto+prm", lazily)).toMatchObject({ tiers: [[1], [0], [2], [3]], decidedBy: "prm" });
  });
  test("a selector says what it needs, and whether it can do without", () => {
    expect(selectorByName("examples+scale+agreement", "mean")).toMatchObject({
      needs: ["examples", "large-inputs", "agreement"],
      optional: false,
    });
    expect(selectorByName("auto", "mean").optional).toBe(true);
    expect(selectorByName("random", "mean").needs).toEqual([]);
  });
  test("with no evidence the first sample that holds code, decided by nothing", () => {
    expect(select("auto", pool({ code: " \n" }, {}, {}))).toMatchObject({
      chosen: 1,
      best: [1, 2],
      decidedBy: null,
    });
  });
  test("an empty list of examples is no evidence", () => {
    const pooled = pool({ exampleResults: [] }, { exampleResults: [] });
    expect(selectorByName("examples", "mean").select(pooled)).toEqual({ unavailable: "examples" });
    expect(select("auto", pooled)).toMatchObject({ best: [0, 1], decidedBy: null });
  });
});

describe("every selector", () => {
  test("without its evidence it is unavailable and says what lacks", () => {
    const bare = pool({}, {});
    const lacking = [...selectors("mean")].flatMap(([name, selector]) => {
      const result = selector.select(bare);
      return "unavailable" in result ? [`${name}: ${result.unavailable}`] : [];
    });
    expect(lacking).toMatchInlineSnapshot(`
      [
        "log-probability: log-probability",
        "self-certainty: self-certainty",
        "judge: judge",
        "orm: orm",
        "prm: prm",
        "prm-mean: prm",
        "prm-min: prm",
        "prm-last: prm",
        "prm-product: prm",
        "prm-log-odds: prm",
        "soundness: soundness",
        "examples: examples",
        "agreement: agreement",
        "codet: codet",
        "examples+agreement: examples",
        "examples+votes: examples",
        "examples+votes+scale: examples",
        "examples+scale+agreement: examples",
        "examples+agreement+scale: examples",
        "examples+prm: examples",
        "oracle: verdict",
      ]
    `);
  });

  test("an unknown name is a usage error that lists the names", () => {
    expect(() => selectorByName("best", "mean")).toThrow(
      /expected a selector, one of first, random, .*oracle; got "best"/,
    );
  });

  const candidate = fc.record({
    code: fc.constantFrom("", "a", "bb", "ccc"),
    rewards: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
    programReward: fc.double({ min: 0, max: 1, noNaN: true }),
    meanLogProbability: fc.constantFrom(-1, -2),
    selfCertainty: fc.constantFrom(1, 2),
    judgeGrade: fc.constantFrom(1, 2),
    soundness: fc.constantFrom(0, -1),
    exampleResults: fc.constantFrom([true, true], [true, false], [null, false]),
    probeAnswers: fc.tuple(fc.constantFrom("a", "b", null)),
    passed: fc.boolean(),
  });
  const filled = fc
    .array(candidate, { maxLength: 8 })
    .map((all) => all.map((each, index) => ({ ...each, sampleIndex: 10 + index })));

  test("property: tiers hold every candidate once, scores follow them, shuffling changes nothing but positions", () => {
    fc.assert(
      fc.property(filled, fc.infiniteStream(fc.nat()), (candidates, keys) => {
        const shuffled = candidates
          .map((each) => ({ each, key: keys.next().value }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ each }) => each);
        for (const name of selectors("mean").keys()) {
          const one = select(name, candidates);
          expect(one.tiers.flat().toSorted((a, b) => a - b)).toEqual(candidates.map((_, index) => index));
          expect(one.chosen).toBe(one.tiers[0]?.[0] ?? null);
          const flat = one.tiers.flatMap((tier, place) =>
            tier.map((index) => ({ place, score: one.scores[index] })),
          );
          for (const { place, score } of flat) expect(score).toBe(one.tiers.length - place);
          const two = select(name, shuffled);
          expect(sampleTiers(two, shuffled)).toEqual(sampleTiers(one, candidates));
        }
      }),
      { numRuns: 80 },
    );
  });

  test("property: only the oracle looks at the verdict", () => {
    fc.assert(
      fc.property(filled, (candidates) => {
        const flipped = candidates.map((each) => ({ ...each, passed: !each.passed }));
        const others = [...selectors("mean").keys()].filter((name) => name !== "oracle");
        expect(others.map((name) => select(name, flipped))).toEqual(
          others.map((name) => select(name, candidates)),
        );
      }),
      { numRuns: 40 },
    );
  });

  test("property: a candidate without code is chosen only by first, random, or when there is no other", () => {
    fc.assert(
      fc.property(filled, (candidates) => {
        fc.pre(candidates.some(({ code }) => code !== ""));
        for (const name of selectors("mean").keys()) {
          if (name === "first" || name === "random") continue;
          for (const index of select(name, candidates).best) expect(candidates[index]?.code).not.toBe("");
        }
      }),
      { numRuns: 40 },
    );
  });
});

test("frequent: a long run of blanks in a program is read at once", () => {
  const wide = `x = 1${" ".repeat(1_000_000)}# end`;
  const candidates = pool({ code: "print(0)" }, { code: wide }, { code: `${wide}  \n` });
  const { best } = runInNewContext(
    "run()",
    { run: () => select("frequent", candidates) },
    { timeout: 30_000 },
  );
  expect(best).toEqual([1, 2]);
});
