import { describe, expect, it } from "vitest";
import { benchCandidate, type BenchProblem } from "../../../src/bench/bench-pool.ts";
import { viewsOf } from "../../../src/bench/results/pool-views.ts";
import type { Problem } from "../../../src/core/problem.ts";

function problem(
  id: string,
  rows: readonly (readonly [sampler: string, sampleIndex: number, code: string])[],
): BenchProblem {
  const statement: Problem = {
    id,
    statement: "",
    kind: "stdin",
    starterCode: "",
    exampleTests: [],
    meta: {},
  };
  const candidates = rows.map(([model, sampleIndex, code]) =>
    benchCandidate({ problemId: id, sampleIndex, code, model, warnings: [], extra: {} }, ["model"]),
  );
  return { problem: statement, candidates };
}

const BOTH = { bySampler: true, pooled: true };

describe("viewsOf", () => {
  const pool = [
    problem("p", [
      ["large", 0, "a"],
      ["large", 1, "b"],
      ["small", 1, "c"],
      ["small", 0, "d"],
      ["once", 0, "e"],
    ]),
    problem("q", [["small", 0, "f"]]),
  ];

  it("one sampler: one view, in the order of the samples", () => {
    const [view, ...more] = viewsOf(
      [
        problem("p", [
          ["x", 1, "b"],
          ["x", 0, "a"],
        ]),
      ],
      BOTH,
    );
    expect(more).toEqual([]);
    expect(view).toMatchObject({ folder: "", groups: [{ id: "p" }] });
    expect(view?.groups[0]?.candidates.map(({ code }) => code)).toEqual(["a", "b"]);
  });

  it("several: within samplers, each alone, and pooled; a sampler that leaves no choice is named", () => {
    const views = viewsOf(pool, BOTH);
    expect(views.map(({ folder }) => folder)).toEqual(["", "by-sampler/large", "by-sampler/small", "pooled"]);
    const [main, large, small, pooled] = views;
    expect(main?.groups.map(({ id }) => id)).toEqual(["p [large]", "p [small]", "q [small]"]);
    expect(main?.notes.join()).toContain("once");
    expect(large?.groups.map(({ candidates }) => candidates.length)).toEqual([2]);
    expect(small?.groups.map(({ candidates }) => candidates.map(({ code }) => code))).toEqual([
      ["d", "c"],
      ["f"],
    ]);
    expect(pooled?.groups.map(({ candidates }) => candidates.length)).toEqual([5, 1]);
  });

  it("the order of pooled candidates does not depend on the samplers' order in the file", () => {
    const reversed = pool.map((each) => ({ ...each, candidates: each.candidates.toReversed() }));
    const codes = (problems: readonly BenchProblem[]): (readonly string[])[] =>
      (viewsOf(problems, { bySampler: false, pooled: false })[0]?.groups ?? []).map(({ candidates }) =>
        candidates.map(({ code }) => code),
      );
    expect(codes(reversed)).toEqual(codes(pool));
  });

  it("samplers whose names make the same file name get folders of their own", () => {
    const rows = ["a/b", "a b", "A_b"].flatMap((name) =>
      [0, 1].map((i) => [name, i, `${name}${i}`] as const),
    );
    const folders = viewsOf([problem("p", rows)], { bySampler: true, pooled: false }).map(({ folder }) =>
      folder.toLowerCase(),
    );
    expect(new Set(folders).size).toBe(4);
    expect(folders.every((folder) => /^(by-sampler\/[\w-]+)?$/.test(folder))).toBe(true);
  });

  it("a sampler whose name is a whole text gets a folder that file systems take", () => {
    const rows = ["x".repeat(400), `${"x".repeat(400)}y`].flatMap((name) =>
      [0, 1].map((i) => [name, i, `${name}${i}`] as const),
    );
    const [, ...folders] = viewsOf([problem("p", rows)], { bySampler: true, pooled: false });
    expect(new Set(folders.map(({ folder }) => folder)).size).toBe(2);
    for (const { folder } of folders) expect(folder.length).toBeLessThan(140);
  });

  it("samplers with one candidate each are pooled: there is nothing else to choose among", () => {
    const views = viewsOf(
      [
        problem("p", [
          ["x", 0, "a"],
          ["y", 0, "b"],
        ]),
      ],
      { bySampler: true, pooled: false },
    );
    expect(views.map(({ groups }) => groups[0]?.candidates.length)).toEqual([2]);
  });
});
