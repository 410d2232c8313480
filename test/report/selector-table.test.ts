import { describe, expect, it } from "vitest";
import {
  compareByGroup,
  type Comparison,
  compareSelectors,
  type Picks,
} from "../../src/bench/statistics/compare-selectors.ts";
import { comparisonCaption, comparisonTable, groupTable } from "../../src/report/selector-table.ts";
import { alignedText } from "../../src/report/text-table.ts";
import { selectorsCsv } from "../../src/report/csv.ts";
import { selectorRows } from "../../src/report/page/tables.ts";
import type { ReportData } from "../../src/bench/results/report-data.ts";
import { syntheticRun } from "./synthetic-run.ts";

const { data } = syntheticRun({ problems: 60, candidates: 4 });

/** Caption, selectors and groups below each other. */
function selectorTable({ comparison, groups }: Pick<ReportData, "comparison" | "groups">): string {
  return [
    `${comparisonCaption(comparison)}\n\n${alignedText(comparisonTable(comparison))}`,
    ...groups.map((group) => `selected by ${group.name}, %\n\n${alignedText(groupTable(group))}`),
  ].join("\n");
}

describe("selectorTable", () => {
  it("shows every figure of every selector between the bounds, and the groups", () => {
    expect(selectorTable(data)).toMatchInlineSnapshot(`
      "60 problems, 240 candidates; 30 mixed groups (random 53.3 %); differences are against prm

      selector                   selected %  headroom  mixed   AUC           difference   +/−     p
      first               60.0 [48.3, 71.7]       0.0   53.3  .453  −15.0 [−26.7, −5.0]  3/12  .035
      random              60.0 [51.2, 68.4]       0.0   53.3  .500  −15.0 [−23.4, −7.5]  3/12  .035
      longest             56.7 [43.3, 68.4]     −14.3   46.7  .392  −18.3 [−31.7, −6.6]  3/14  .013
      prm                 75.0 [65.0, 85.0]      64.3   83.3  .817             baseline
      examples            76.0 [66.9, 84.4]      68.5   85.3  .928    +1.0 [−6.0, +7.8]   5/5  1.00
      examples+agreement  77.5 [67.5, 85.9]      75.0   88.3  .961    +2.5 [−4.2, +9.2]   5/4  1.00
      auto                78.3 [68.3, 86.7]      78.6   90.0  .967   +3.3 [−3.3, +10.0]   5/4  1.00
      oracle              83.3 [75.0, 91.7]     100.0  100.0  1.00

      selected by difficulty, %

      difficulty                     easy (23)         medium (19)          hard (18)
      first                  78.3 [65.1, 95.7]   63.2 [42.1, 79.1]  33.3 [16.7, 50.1]
      random                 88.0 [82.6, 93.5]   57.9 [43.4, 72.4]  26.4 [15.3, 40.3]
      longest               95.7 [87.0, 100.0]   47.4 [26.3, 68.4]   16.7 [0.0, 33.3]
      prm                   91.3 [78.3, 100.0]   78.9 [57.9, 94.7]  50.0 [27.8, 72.2]
      examples            100.0 [100.0, 100.0]   75.9 [60.5, 92.1]  45.4 [27.8, 64.8]
      examples+agreement  100.0 [100.0, 100.0]   78.9 [63.2, 94.7]  47.2 [27.8, 66.7]
      auto                100.0 [100.0, 100.0]   78.9 [63.2, 94.7]  50.0 [33.3, 69.5]
      oracle              100.0 [100.0, 100.0]  84.2 [68.4, 100.0]  61.1 [38.9, 83.3]

      selected by platform, %

      platform                 leetcode (26)       atcoder (18)    codeforces (16)
      first                69.2 [53.8, 84.6]  55.6 [33.2, 77.8]  50.0 [25.0, 75.0]
      random               68.3 [57.7, 79.8]  55.6 [31.9, 76.4]  51.6 [37.5, 70.4]
      longest              61.5 [46.2, 80.8]  55.6 [33.3, 83.3]  50.0 [31.1, 75.0]
      prm                  84.6 [73.1, 96.2]  66.7 [44.4, 88.9]  68.8 [50.0, 87.5]
      examples             87.8 [76.9, 96.2]  66.7 [47.2, 88.9]  67.2 [51.5, 84.4]
      examples+agreement   90.4 [78.8, 98.1]  66.7 [47.2, 88.9]  68.8 [53.0, 87.5]
      auto                 90.4 [78.8, 98.1]  69.4 [50.0, 89.0]  68.8 [53.0, 87.5]
      oracle              92.3 [80.8, 100.0]  77.8 [61.0, 94.4]  75.0 [56.3, 93.8]
      "
    `);
  });

  it("fits 110 columns with the longest names and widest figures", () => {
    const names = ["first", "prm-log-odds", "examples+agreement+scale", "auto"];
    const graded = Array.from({ length: 1055 }, (_, i) => ({
      problemId: `p${i}`,
      passed: [i < 1054, true],
      groups: { difficulty: ["easy", "medium", "hard"][i % 3] ?? "" },
    }));
    const picks: ReadonlyMap<string, Picks> = new Map(
      names.map((name, at) => [
        name,
        graded.map((_, i) =>
          (i + at) % 7 === 0 ? null : { best: [at % 2], chosen: at % 2, scores: [0, 1] },
        ),
      ]),
    );
    const options = { baseline: "first", resamples: 50 };
    const groups = [
      {
        name: "difficulty",
        values: [...compareByGroup(graded, picks, "difficulty", options)].map(([value, comparison]) => ({
          value,
          comparison,
        })),
      },
    ];
    const text = selectorTable({ comparison: compareSelectors(graded, picks, options), groups });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(110);
    expect(text).toContain("blind");
  });

  it("has dashes where nothing is mixed and nothing could be gained", () => {
    const graded = [
      { problemId: "a", passed: [true, true] },
      { problemId: "b", passed: [false, false] },
    ];
    const pick = { best: [0], chosen: 0, scores: [1, 0] };
    const comparison = compareSelectors(graded, new Map([["first", [pick, pick]]]), {
      baseline: "first",
      resamples: 20,
    });
    const text = selectorTable({ comparison, groups: [] });
    expect(text).toMatch(/^first +50\.0 \[0\.0, 100\.0\] +– +– +– +baseline$/m);
    expect(text).toMatch(/^oracle +50\.0 \[0\.0, 100\.0\] +– +– +–$/m);
    expect(text).not.toMatch(/NaN|null|undefined/);
  });
});

it("a selector that had its evidence nowhere has no figures, in no table", () => {
  const blindOn = (comparison: Comparison): Comparison => ({
    ...comparison,
    selectors: comparison.selectors.map((summary) =>
      summary.name === "prm" ? { ...summary, blind: comparison.problems } : summary,
    ),
  });
  const group = data.groups[0];
  const blind: ReportData = {
    ...data,
    comparison: blindOn(data.comparison),
    groups: [
      {
        name: group?.name ?? "",
        values: (group?.values ?? []).map((each) => ({ ...each, comparison: blindOn(each.comparison) })),
      },
    ],
  };
  const rows = selectorTable(blind)
    .split("\n")
    .filter((line) => line.startsWith("prm "));
  expect(rows[0]).toMatch(/^prm +no evidence( +–)+ +60$/);
  expect(rows[1]).toMatch(/^prm( +no evidence)+$/);
  const csv = selectorsCsv(blind).split("\r\n");
  expect(csv[4]).toBe(
    `,,prm,60${",".repeat(7)}30${",".repeat(7)}prm${",".repeat(7)}60,${csv[1]?.split(",").slice(-2).join(",")}`,
  );
  expect(
    csv.filter((line) => line !== "").every((line) => line.split(",").length === csv[0]?.split(",").length),
  ).toBe(true);
  const page = selectorRows(blind.comparison, "prm", (id) => id).text;
  expect(page).toMatch(/prm<\/th>\s*<td colspan="8"[^>]*>no evidence<\/td>/);
});
