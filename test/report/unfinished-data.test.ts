import { expect, it } from "vitest";
import { countedRows } from "../../src/report/figures.ts";
import type { ProblemReport } from "../../src/bench/results/report-data.ts";
import { unfinishedData } from "../../src/report/unfinished-data.ts";
import { syntheticRun } from "./synthetic-run.ts";

async function* stream(problems: readonly ProblemReport[]): AsyncGenerator<ProblemReport> {
  yield* problems;
}

it("a problem with two samplers' candidates is resampled as one: intervals are no narrower for it", async () => {
  const once = syntheticRun({ problems: 10, candidates: 4, sweeps: false }).problems.map((problem, at) => ({
    ...problem,
    statement: `Statement ${at}`,
  }));
  const twice = once.flatMap((problem) => [
    { ...problem, id: `${problem.id} [one]` },
    { ...problem, id: `${problem.id} [other]` },
  ]);
  const [one, two] = [await unfinishedData(stream(once), ""), await unfinishedData(stream(twice), "")];
  expect(two.comparison).toMatchObject({ problems: 20, distinctProblems: 10 });
  expect(countedRows(two.comparison)).toBe("20 rows of 10 problems");
  expect(countedRows(one.comparison)).toBe("10 problems");
  expect(two.comparison.random.low).toBeCloseTo(one.comparison.random.low, 12);
  for (const [at, { selected }] of two.comparison.selectors.entries()) {
    const alone = one.comparison.selectors[at]?.selected;
    expect(selected.low).toBeCloseTo(alone?.low ?? Number.NaN, 12);
    expect(selected.high).toBeCloseTo(alone?.high ?? Number.NaN, 12);
  }
});
