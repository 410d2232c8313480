import { describe, expect, it } from "vitest";
import { type Aggregate } from "../../src/core/aggregate.ts";
import { bestOfN, type EvidenceSource, type Method, stepRewards } from "../../src/core/best-of-n.ts";
import type { Candidate } from "../../src/core/candidate.ts";
import type { Problem } from "../../src/core/problem.ts";
import type { ScoreRequest, Scorer } from "../../src/core/scorer.ts";
import type { Step } from "../../src/core/step.ts";
import { selectorByName } from "../../src/select/index.ts";
import { prm } from "../../src/select/models/prm.ts";

const problem: Problem = {
  id: "secret-id",
  title: "secret title",
  statement: "Double the number.",
  kind: "stdin",
  starterCode: "",
  exampleTests: [],
  meta: { platform: "secret platform" },
};

function candidate(sampleIndex: number, code: string, more: Partial<Candidate> = {}): Candidate {
  return { problemId: problem.id, sampleIndex, code, warnings: [], extra: {}, ...more };
}

/** Every line is a step; a line that ends in "!" is broken. */
function splitLines(code: string): Step[] {
  let start = 0;
  return code.split(/(?<=\n)/).map((line, index) => {
    const step: Step = {
      index,
      kind: "line",
      name: null,
      startLine: index + 1,
      endLine: index + 1,
      start,
      end: start + line.length,
      complete: !line.trimEnd().endsWith("!"),
    };
    start += line.length;
    return step;
  });
}

/** A scorer whose reward is the number in the step, and which keeps what it was asked. */
function readingScorer(): Scorer & { readonly asked: ScoreRequest[] } {
  const asked: ScoreRequest[] = [];
  return {
    asked,
    identity: { name: "fake", sha256: "0", defaultAggregate: "mean", stepSize: "line" },
    usage: { tokens: 0, programs: 0 },
    async score(requests) {
      asked.push(...requests);
      return requests.map(({ steps }) => ({
        rewards: steps.map((text) => Number.parseFloat(text)),
        truncatedTokens: 3,
        truncatedCodeTokens: 0,
      }));
    },
    async close() {},
  };
}

function method(scorer: Scorer, aggregate: Aggregate = "mean"): Method {
  return {
    selector: prm(aggregate),
    sources: [stepRewards(async () => ({ split: splitLines, scorer, aggregate }))],
  };
}

const rank = async (...args: Parameters<typeof bestOfN>) => (await bestOfN(...args)).ranking;

describe("bestOfN", () => {
  it("selects the candidate with the greatest aggregate and ranks the rest behind it", async () => {
    const pool = [candidate(0, "0.2\n0.4\n"), candidate(1, "0.9\n0.7\n"), candidate(2, "0.5")];
    const ranking = await rank(problem, pool, method(readingScorer()));
    expect(ranking.map((r) => [r.rank, r.sampleIndex, r.selected])).toEqual([
      [1, 1, true],
      [2, 2, false],
      [3, 0, false],
    ]);
    expect(ranking[0]?.reward).toBeCloseTo(0.8);
    expect(ranking[0]?.steps.map((s) => s.reward)).toEqual([0.9, 0.7]);
  });

  it("changes its mind with the aggregate", async () => {
    const pool = [candidate(0, "0.9\n0.1\n"), candidate(1, "0.4\n0.4\n")];
    const best = async (aggregate: Aggregate): Promise<number | undefined> =>
      (await rank(problem, pool, method(readingScorer(), aggregate)))[0]?.sampleIndex;
    expect(await best("mean")).toBe(0);
    expect(await best("min")).toBe(1);
    expect(await best("last")).toBe(1);
    expect(await best("product")).toBe(1);
  });

  it("shows the scorer nothing but statement and code", async () => {
    const scorer = readingScorer();
    const labelled = candidate(7, "0.5", {
      model: "secret sampler",
      passed: true,
      extra: { note: "secret" },
    });
    await rank(problem, [labelled], method(scorer));
    expect(scorer.asked).toEqual([{ statement: "Double the number.", steps: ["0.5"] }]);
  });

  it("keeps candidates without code, last and unselected", async () => {
    const pool = [candidate(0, "  \n", { warnings: ["reply was cut off"] }), candidate(1, "0.1")];
    const ranking = await rank(problem, pool, method(readingScorer()));
    expect(ranking.map((r) => r.sampleIndex)).toEqual([1, 0]);
    expect(ranking[1]).toMatchObject({
      reward: null,
      steps: [],
      selected: false,
      warnings: ["reply was cut off", "holds no code"],
    });
    const none = await rank(problem, [candidate(0, "")], method(readingScorer()));
    expect(none.some((r) => r.selected)).toBe(false);
  });

  it("gives a step that does not parse the reward 0 and says so", async () => {
    const [ranked] = await rank(problem, [candidate(0, "0.8\n0.9!")], method(readingScorer()));
    expect(ranked?.steps.map((s) => s.reward)).toEqual([0.8, 0]);
    expect(ranked?.warnings).toContain("does not parse or is cut off");
  });

  it("names the first of several equal programs and keeps ties in order of arrival", async () => {
    const pool = [candidate(4, "0.5"), candidate(5, "0.5 "), candidate(6, "0.5"), candidate(7, "0.5 ")];
    const ranking = await rank(problem, pool, method(readingScorer()));
    expect(ranking.map((r) => r.sampleIndex)).toEqual([4, 5, 6, 7]);
    expect(ranking.map((r) => r.duplicateOf)).toEqual([null, null, 4, 5]);
  });

  it("treats a scorer that answers too little as a defect", async () => {
    const scorer: Scorer = {
      ...readingScorer(),
      score: async () => [{ rewards: [], truncatedTokens: 0, truncatedCodeTokens: 0 }],
    };
    await expect(rank(problem, [candidate(0, "0.5")], method(scorer))).rejects.toThrow(
      /no reward for step 0/,
    );
  });

  it("asks the sources that give what the selector needs, in their order, and no others", async () => {
    const asked: string[] = [];
    const source = (gives: EvidenceSource["gives"], field: object): EvidenceSource => ({
      gives,
      async gather(_problem, candidates) {
        asked.push(gives.join("+"));
        return candidates.map(() => field);
      },
    });
    const sources = [
      source(["examples", "agreement"], { exampleResults: [true], probeAnswers: ["a"] }),
      source(["large-inputs"], { largeInputsAnswered: 1 }),
      source(["rewards"], { rewards: [0.5] }),
    ];
    const pool = [candidate(0, "x"), candidate(1, "y")];
    await bestOfN(problem, pool, { selector: selectorByName("examples+prm", "mean"), sources });
    expect(asked).toEqual(["examples+agreement", "rewards"]);
    await bestOfN(problem, pool, { selector: selectorByName("longest", "mean"), sources });
    expect(asked).toHaveLength(2);
  });

  it("says which evidence the problem lacks", async () => {
    const selector = selectorByName("examples", "mean");
    await expect(bestOfN(problem, [candidate(0, "x")], { selector, sources: [] })).rejects.toThrow(
      /--select examples needs examples, which problem secret-id does not give/,
    );
  });
});
