import { describe, expect, it } from "vitest";
import { foldedSelectors } from "../../src/report/folded-selectors.ts";
import { syntheticRun } from "./synthetic-run.ts";

const { comparison } = syntheticRun({ problems: 20, candidates: 4, sweeps: false }).data;
const auto = comparison.selectors.find(({ name }) => name === "auto");
const twins =
  auto === undefined
    ? []
    : [
        { ...auto, name: "twin a" },
        { ...auto, name: "twin b" },
      ];
const doubled = { ...comparison, selectors: [...twins, ...comparison.selectors] };

describe("selectors on a page", () => {
  it("come best first, and those of one result share a row that the shown one leads", () => {
    const rows = foldedSelectors(doubled, "auto");
    const shares = rows.map(({ summary }) => summary.selected.value);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect(rows.find(({ names }) => names.includes("auto"))?.names.slice(0, 3)).toEqual([
      "auto",
      "twin a",
      "twin b",
    ]);
    expect(rows.flatMap(({ names }) => names).toSorted()).toEqual(
      doubled.selectors.map(({ name }) => name).toSorted(),
    );
  });

  it("leave the baseline a row of its own", () => {
    const equal = { ...doubled, baseline: "twin a" };
    expect(foldedSelectors(equal, "auto").find(({ names }) => names[0] === "twin a")?.names).toEqual([
      "twin a",
    ]);
  });
});
