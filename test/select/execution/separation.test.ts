import { describe, expect, it } from "vitest";
import type { CandidateEvidence, SeparationEvidence } from "../../../src/core/evidence.ts";
import type { Selection } from "../../../src/core/selector.ts";
import { selectorByName } from "../../../src/select/index.ts";
import { separating } from "../../../src/select/execution/separation.ts";

const helped = separating(selectorByName("auto", "mean"));

/** A candidate that passes the examples and answers the further inputs with these letters. */
function candidate(
  sampleIndex: number,
  probes: string,
  separation?: SeparationEvidence,
  more: Partial<CandidateEvidence> = {},
): CandidateEvidence {
  const exampleResults = [true];
  const code = `print(${sampleIndex})`;
  return {
    sampleIndex,
    code,
    exampleResults,
    probeAnswers: [...probes],
    ...(separation !== undefined && { separation }),
    ...more,
  };
}

function select(pool: readonly CandidateEvidence[]): Selection {
  const selection = helped.select(pool);
  if ("unavailable" in selection) throw new Error("expected a selection");
  return selection;
}

const answers = (text: string, voter?: string, predicted?: boolean): SeparationEvidence => ({
  answers: [...text],
  ...(voter !== undefined && { voter: [...voter] }),
  ...(predicted !== undefined && { predicted }),
});

describe("an LLM's help in a choice", () => {
  it("is the choice without help where there is none", () => {
    const pool = [candidate(0, "aa"), candidate(1, "ab"), candidate(2, "ab")];
    expect(select(pool)).toEqual(selectorByName("auto", "mean").select(pool));
    expect(helped.needs).toContain("separation");
    expect(helped.optional).toBe(true);
  });

  it("counts votes on its inputs, and says that it decided only where the best are others", () => {
    const pool = [
      candidate(0, "aa", answers("x")),
      candidate(1, "aa", answers("y")),
      candidate(2, "aa", answers("y")),
    ];
    expect(select(pool)).toMatchObject({ best: [1, 2], decidedBy: "separation" });
    const same = pool.map((each) => ({ ...each, separation: answers("y") }));
    expect(select(same)).toMatchObject({ best: [0, 1, 2], decidedBy: null });
  });

  it("an independent voter is worth 1 + (m - 1) / 2 of m programs", () => {
    // Three against two: 2 + 3 of the voter are more than 3, but not of one that weighs 1.
    const group = ["x", "x", "x", "y", "y"].map((last, i) => candidate(i, "a", answers(last, "ay")));
    expect(select(group)).toMatchObject({ best: [3, 4], decidedBy: "separation" });
    // Five against one: 1 + 3.5 are less than 5.
    const six = ["x", "x", "x", "x", "x", "y"].map((last, i) => candidate(i, "a", answers(last, "ay")));
    expect(select(six).best).toEqual([0, 1, 2, 3, 4]);
  });

  it("a program that was sampled several times is one voter, as everywhere", () => {
    const twice = [0, 1, 2].map((i) => candidate(i, "a", answers("x"), { code: "print(9)" }));
    const pool = [...twice, candidate(3, "a", answers("y")), candidate(4, "a", answers("y"))];
    expect(select(pool).best).toEqual([3, 4]);
  });

  it("a silent voter changes nothing", () => {
    const pool = ["x", "y", "y"].map((last, i) => ({
      ...candidate(i, "a", { answers: [last], voter: [null, null] }),
    }));
    expect(select(pool).best).toEqual([1, 2]);
  });

  it("the predicted output breaks what is left, and nothing else", () => {
    const tied = [
      candidate(0, "a", answers("x", undefined, false)),
      candidate(1, "a", answers("y", undefined, true)),
    ];
    expect(select(tied)).toMatchObject({ best: [1], decidedBy: "predicted output" });
    const outvoted = [...tied, candidate(2, "a", answers("x", undefined, false))];
    expect(select(outvoted)).toMatchObject({ best: [0, 2], decidedBy: "separation" });
    const slower = [
      candidate(0, "a", answers("x", undefined, false), { largeInputsAnswered: 2 }),
      candidate(1, "a", answers("y", undefined, true), { largeInputsAnswered: 1 }),
    ];
    expect(select(slower)).toMatchObject({ best: [0], decidedBy: "scale" });
  });

  it("never lifts what was out of the race", () => {
    const out = candidate(0, "b", undefined, { exampleResults: [false] });
    const pool = [out, candidate(1, "a", answers("x")), candidate(2, "a", answers("y"))];
    expect(select(pool).tiers).toEqual([[1, 2], [0]]);
  });

  it("a choice that is not available stays so", () => {
    const needy = {
      ...selectorByName("examples+votes", "mean"),
      select: () => ({ unavailable: "examples" }),
    };
    expect(separating(needy).select([])).toEqual({ unavailable: "examples" });
  });
});
