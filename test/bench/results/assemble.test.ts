import { describe, expect, it } from "vitest";
import { assemble, type AssembleOptions } from "../../../src/bench/results/assemble.ts";
import type { GatheredGroup } from "../../../src/bench/pool-evidence.ts";
import { comparisonTable } from "../../../src/report/selector-table.ts";
import { alignedText } from "../../../src/report/text-table.ts";
import { selectors } from "../../../src/select/index.ts";
import type { CandidateEvidence } from "../../../src/core/evidence.ts";

const OPTIONS: AssembleOptions = {
  title: "t",
  complete: true,
  producedBy: {},
  notes: [],
  selectors: ["first", "random", "longest", "prm", "judge", "oracle"].flatMap(
    (name) => selectors("mean").get(name) ?? [],
  ),
  asked: new Set(),
  baseline: "random",
  shown: "prm",
  seed: 0,
  resamples: 200,
  aggregate: "mean",
  split: () => [],
};

interface Row {
  readonly code?: string;
  readonly passed: boolean | null;
  readonly reward?: number;
}

function gathered(id: string, rows: readonly Row[], more: Partial<GatheredGroup> = {}): GatheredGroup {
  const candidates = rows.map(({ code = `code ${id} ${rows.length}` }, sampleIndex) => ({
    sampleIndex,
    code,
    codeSha256: code,
    sampler: "x",
    warnings: [],
  }));
  return {
    group: {
      id,
      problem: {
        id,
        statement: "",
        kind: "stdin",
        starterCode: "",
        exampleTests: [],
        meta: { difficulty: id },
      },
      candidates,
    },
    pool: rows.map(({ passed, reward }, i): CandidateEvidence => ({
      sampleIndex: i,
      code: candidates[i]?.code ?? "",
      ...(reward !== undefined && { rewards: [reward] }),
      ...(passed !== null && { passed }),
    })),
    judgements: rows.map(({ passed }) => ({ passed })),
    scores: rows.map(({ reward }) =>
      reward === undefined ? undefined : { rewards: [reward], warnings: [] },
    ),
    settled: false,
    ...more,
  };
}

describe("assemble", () => {
  it("a candidate without a verdict is neither chosen nor counted, and choices still point at the right ones", () => {
    const group = gathered("p", [
      { passed: null, reward: 0.9 },
      { passed: false, reward: 0.2 },
      { passed: true, reward: 0.7 },
    ]);
    const { data, problems } = assemble([group], OPTIONS);
    expect(data.comparison).toMatchObject({ problems: 1, candidates: 2 });
    expect(data.comparison.random.value).toBe(0.5);
    const [page] = [...problems()];
    expect(page?.candidates.map(({ passed }) => passed)).toEqual([null, false, true]);
    expect(page?.choices.find(({ selector }) => selector === "prm")).toMatchObject({ chosen: 2, best: [2] });
    expect(data.notes.join()).toMatch(/1 further candidates could not be judged/);
  });

  it("a blind choice is the first candidate that counts, on the page as in the figures", () => {
    const group = gathered("p", [{ passed: null }, { passed: true }, { passed: false }]);
    const { data, problems } = assemble([group], { ...OPTIONS, asked: new Set(["prm"]) });
    const choices = [...problems()][0]?.choices;
    expect(choices?.find(({ selector }) => selector === "prm")).toMatchObject({
      chosen: 1,
      unavailable: "prm",
    });
    const prm = data.comparison.selectors.find(({ name }) => name === "prm");
    expect(prm).toMatchObject({ blind: 1, difference: { gained: [], lost: [] } });
  });

  it("a group without any verdict is left out by name", () => {
    const lost = gathered("lost", [{ passed: null }, { passed: null }]);
    const { data, problems } = assemble(
      [gathered("p", [{ passed: true }, { passed: false }]), lost],
      OPTIONS,
    );
    expect([...problems()].length).toBe(1);
    expect(data.notes.join()).toMatch(/no candidate could be judged: lost/);
  });

  it("selectors that lack their evidence everywhere leave the table, unless they were asked for", () => {
    const groups = [gathered("p", [{ passed: true }, { passed: false }])];
    const names = (options: AssembleOptions): string[] =>
      assemble(groups, options).data.comparison.selectors.map(({ name }) => name);
    expect(names(OPTIONS)).toEqual(["first", "random", "longest", "oracle"]);
    const asked = { ...OPTIONS, asked: new Set(["prm"]) };
    expect(names(asked)).toContain("prm");
    const { data } = assemble(groups, asked);
    expect(data.notes.join()).toMatch(
      /Asked for, but nothing here gives .* choose blindly: prm \(needs prm\)/,
    );
    expect(data.sweeps.map(({ selector }) => selector)).not.toContain("prm");
    expect(assemble(groups, OPTIONS).data.notes.join()).toMatch(/judge \(needs judge\)/);
  });

  it("a selector that was asked for shows no figure where only settled rows hide that it is blind", () => {
    const rows = [{ passed: true }, { passed: false }];
    const settled = gathered("q", [{ passed: true }, { passed: true }], { settled: true });
    const { data } = assemble([gathered("p", rows), settled], { ...OPTIONS, asked: new Set(["prm"]) });
    const prm = data.comparison.selectors.find(({ name }) => name === "prm");
    expect(prm?.blind).toBe(data.comparison.problems);
    expect(alignedText(comparisonTable(data.comparison))).toMatch(/^prm +no evidence/m);
  });

  it("says how many rows have no example, all of them too, unless nothing was run at all", () => {
    const pair = gathered("p", [{ passed: true }, { passed: false }]);
    const showing = (shown: object): GatheredGroup => ({
      ...pair,
      pool: pair.pool.map((candidate) => ({ ...candidate, ...shown })),
    });
    const [withOne, without] = [showing({ exampleResults: [true] }), showing({ soundness: 0 })];
    const notes = (...groups: readonly GatheredGroup[]): string =>
      assemble(groups, OPTIONS).data.notes.join();
    expect(notes(withOne, without)).toMatch(/1 of 2 rows have no example/);
    expect(notes(without)).toMatch(/No row has an example in the statement/);
    expect(notes(withOne)).not.toMatch(/example/);
    expect(notes(pair)).not.toMatch(/example/);
  });

  it("a settled group changes no figure, and no choice on it counts as blind", () => {
    const open = gathered("p", [
      { passed: true, reward: 0.1 },
      { passed: false, reward: 0.9 },
    ]);
    const all = [
      { passed: true, reward: 0.1 },
      { passed: true, reward: 0.9 },
    ];
    const plain = assemble([open, gathered("q", all)], OPTIONS).data;
    const bare = all.map(({ passed }) => ({ passed }));
    const settled = assemble([open, gathered("q", bare, { settled: true })], OPTIONS).data;
    expect(settled.comparison).toEqual(plain.comparison);
    expect(settled.sweeps).toEqual(plain.sweeps);
    expect(settled.comparison.selectors.every(({ blind }) => blind === 0)).toBe(true);
  });

  it("is the same for the same evidence, and sizes go up to the smallest pool", () => {
    const groups = [
      gathered("p", [{ passed: true }, { passed: false }, { passed: false }]),
      gathered("q", [
        { passed: true },
        { passed: false },
        { passed: false },
        { passed: true },
        { passed: false },
      ]),
    ];
    const first = assemble(groups, OPTIONS).data;
    expect(JSON.stringify(assemble(groups, OPTIONS).data)).toBe(JSON.stringify(first));
    expect(first.passAtK.map(({ k }) => k)).toEqual([1, 2, 3]);
    expect(first.sweeps[0]?.points.map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(first.groups.map(({ name, values }) => [name, values.length])).toEqual([["difficulty", 2]]);
  });
});
