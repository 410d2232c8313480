import { describe, expect, it } from "vitest";
import type { CandidateEvidence } from "../../../src/core/evidence.ts";
import { examples } from "../../../src/select/execution/examples.ts";
import { ownTestsThen } from "../../../src/select/execution/own-tests.ts";

const selector = ownTestsThen(examples);

function candidate(sampleIndex: number, example: boolean, ownTestsPassed?: boolean): CandidateEvidence {
  const told = ownTestsPassed === undefined ? {} : { ownTestsPassed };
  return { sampleIndex, code: `program ${sampleIndex}`, exampleResults: [example], ...told };
}

describe("own tests, then another selector", () => {
  it("puts a program that passes before all that do not, whatever else is known", () => {
    const selection = selector.select([
      candidate(0, true, false),
      candidate(1, false, true),
      candidate(2, false, false),
    ]);
    expect(selection).toMatchObject({ chosen: 1, decidedBy: "own tests", tiers: [[1], [0], [2]] });
  });

  it("lets the other selector choose among those that pass", () => {
    const selection = selector.select([
      candidate(0, false, true),
      candidate(1, true, true),
      candidate(2, true, false),
    ]);
    expect(selection).toMatchObject({ chosen: 1, decidedBy: "examples", tiers: [[1], [0], [2]] });
  });

  it("puts a program on which no test could run before those that fail, and holds no code last", () => {
    const blank = { sampleIndex: 0, code: " ", exampleResults: [true] };
    const selection = selector.select([blank, candidate(1, true, false), candidate(2, false)]);
    expect(selection).toMatchObject({ chosen: 2, tiers: [[2], [1], [0]] });
  });

  it("leaves all to it where no test ran", () => {
    const pool = [candidate(0, false), candidate(1, true)];
    expect(selector.select(pool)).toEqual(examples.select(pool));
  });

  it("says so where the other one cannot choose", () => {
    expect(selector.select([{ sampleIndex: 0, code: "x", ownTestsPassed: true }])).toHaveProperty(
      "unavailable",
    );
  });
});
