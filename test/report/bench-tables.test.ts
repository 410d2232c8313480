import { expect, it } from "vitest";
import { benchTables } from "../../src/report/bench-tables.ts";
import { syntheticRun } from "./synthetic-run.ts";

it("names out of candidates and problems cannot steer a terminal", () => {
  const { data } = syntheticRun({ problems: 4, candidates: 2, sweeps: true });
  const hostile = "\u001b]0;title\u0007 \u001b[2J \u009b31m \r \u202e";
  const text = benchTables(
    {
      ...data,
      title: hostile,
      notes: [`Left out: ${hostile}`],
      groups: data.groups.map(({ name, values }) => ({
        name,
        values: values.map((each) => ({ ...each, value: `${each.value} ${hostile}` })),
      })),
    },
    { groups: true },
  );
  expect(text).toContain("title");
  expect(text).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
});
