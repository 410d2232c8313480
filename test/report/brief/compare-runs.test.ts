import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareRuns, differenceText } from "../../../src/report/brief/compare-runs.ts";
import { usedCandidate } from "../../../src/report/run-statistics.ts";
import { syntheticRun, writeRun } from "../synthetic-run.ts";

let folder: string;
const run = syntheticRun({ problems: 40, candidates: 4, sweeps: false });
const passes = (selector: string): boolean[] =>
  run.problems.map((problem) => problem.candidates[usedCandidate(problem, selector) ?? 0]?.passed === true);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "funprm-compare-"));
  await writeRun(join(folder, "before"), run);
  await writeRun(join(folder, "after"), { ...run, problems: run.problems.slice(0, 30) });
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string, select?: string) => ({ folder: join(folder, name), select });

describe("two runs compared", () => {
  it("by the problems that both hold: shares, gained, lost", async () => {
    const difference = await compareRuns(at("before", "longest"), at("after", "auto"));
    const [old, now] = [passes("longest").slice(0, 30), passes("auto").slice(0, 30)];
    const ids = (one: boolean[], other: boolean[]) =>
      run.problems.slice(0, 30).flatMap(({ id }, i) => (one[i] === true && other[i] === false ? [id] : []));
    expect(difference).toMatchObject({
      selectors: ["longest", "auto"],
      problems: 30,
      onlyFirst: 10,
      onlySecond: 0,
      gained: ids(now, old),
      lost: ids(old, now),
    });
    expect(difference.difference.value).toBeCloseTo(
      (difference.gained.length - difference.lost.length) / 30,
      9,
    );
    expect(difference.difference.low).toBeLessThanOrEqual(difference.difference.value);
    const text = differenceText(difference, ["before", "after"]);
    expect(text).toMatch(/points\*\* on 30 common problems: before \(longest\)/);
    expect(text).toMatch(/10 problems that only one run has are left out/);
  });

  it("a run against itself gains and loses nothing", async () => {
    const difference = await compareRuns(at("before"), at("before"));
    expect(difference).toMatchObject({
      gained: [],
      lost: [],
      pValue: 1,
      difference: { value: 0, low: 0, high: 0 },
    });
  });

  it("pairs rows of the same problem by their samplers, in whatever order a run holds them", async () => {
    const two = run.problems.slice(0, 10).flatMap((problem) =>
      ["x", "y"].map((model) => ({
        ...problem,
        // Sampler y never passes.
        candidates: problem.candidates.map((each) => ({
          ...each,
          model,
          passed: model === "x" && each.passed === true,
        })),
      })),
    );
    const turned = two.map((_, i) => two[i ^ 1]).filter((each) => each !== undefined);
    await writeRun(join(folder, "xy"), { ...run, problems: two });
    await writeRun(join(folder, "yx"), { ...run, problems: turned });
    expect(await compareRuns(at("xy", "first"), at("yx", "first"))).toMatchObject({
      problems: 20,
      gained: [],
      lost: [],
    });
  });

  it("two runs of one sampler each are paired by the problem", async () => {
    const of = (model: string) =>
      run.problems.map((problem) => ({
        ...problem,
        candidates: problem.candidates.map((each) => ({ ...each, model })),
      }));
    await writeRun(join(folder, "x"), { ...run, problems: of("x") });
    await writeRun(join(folder, "y"), { ...run, problems: of("y") });
    expect(await compareRuns(at("x"), at("y"))).toMatchObject({ problems: 40, gained: [], lost: [] });
  });

  it("says what is wrong", async () => {
    await expect(compareRuns(at("before", "best"), at("after"))).rejects.toThrow(
      /one of first, .*got "best"/,
    );
    await expect(compareRuns(at("none"), at("after"))).rejects.toThrow(/there is nothing/);
  });
});
