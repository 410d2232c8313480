import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decidedChart } from "../../../src/report/charts/decided-chart.ts";
import { groupChart } from "../../../src/report/charts/group-chart.ts";
import { barDomain, intervalBar } from "../../../src/report/charts/interval-bar.ts";
import { calibrationChart, rewardHistogram } from "../../../src/report/charts/reward-charts.ts";
import { chosenSeries, sweepChart } from "../../../src/report/charts/sweep-chart.ts";
import type { Markup } from "../../../src/report/html.ts";
import { syntheticRun } from "../synthetic-run.ts";

/** Every coordinate of every mark, and the box that it must be in. */
function marksOf(drawing: Markup | null): { x: number[]; y: number[]; width: number; height: number } {
  const text = (drawing?.text ?? "").replace(/<text[^>]*rotate[^>]*>/g, "");
  const [, width, height] = /viewBox="0 0 (\S+) (\S+)"/.exec(text) ?? [];
  const attributes = (names: string): number[] =>
    [...text.matchAll(new RegExp(`\\s(?:${names})="(-?[\\d.]+|NaN)"`, "g"))].map((found) => Number(found[1]));
  const points = [...text.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)];
  return {
    x: [...attributes("x|x1|x2|cx"), ...points.map((point) => Number(point[1]))],
    y: [...attributes("y|y1|y2|cy"), ...points.map((point) => Number(point[2]))],
    width: Number(width),
    height: Number(height),
  };
}

function expectInside(drawing: Markup | null): void {
  expect(drawing).not.toBeNull();
  const { x, y, width, height } = marksOf(drawing);
  expect(x.length).toBeGreaterThan(3);
  for (const each of x) expect(each >= 0 && each <= width).toBe(true);
  for (const each of y) expect(each >= 0 && each <= height).toBe(true);
  expect(drawing?.text).not.toMatch(/NaN|undefined|null|="-?\d+(\.\d+)?e/);
  for (const found of drawing?.text.matchAll(/\s(?:width|height)="(-?[\d.]+)"/g) ?? []) {
    expect(Number(found[1])).toBeGreaterThanOrEqual(0);
  }
}

const run = syntheticRun({ problems: 50, candidates: 8 });
const { comparison, groups, sweeps } = run.data;

describe("charts", () => {
  it("keep every mark inside and say in words what they show", () => {
    expectInside(sweepChart(sweeps, "auto", "prm"));
    for (const group of groups) expectInside(groupChart(group, comparison, "auto"));
    expect(sweepChart(sweeps, "auto", "prm")?.text).toMatch(/aria-label="[^"]*At 8: auto \d/);
  });

  it("draw a higher share higher and a larger N further right", () => {
    const drawing = sweepChart(sweeps, "auto", "prm")?.text ?? "";
    const line = /class="s0"[^]*?d="([^"]+)"/.exec(drawing)?.[1] ?? "";
    const points = [...line.matchAll(/[ML](\S+?) ([\d.]+)/g)].map((found) => [
      Number(found[1]),
      Number(found[2]),
    ]);
    const shares = sweeps.find(({ selector }) => selector === "auto")?.points ?? [];
    expect(points).toHaveLength(shares.length);
    for (const [at, [x, y]] of points.entries()) {
      const before = points[at - 1];
      if (before === undefined) continue;
      expect(x).toBeGreaterThan(before[0] ?? 0);
      const rise = (shares[at]?.selected ?? 0) - (shares[at - 1]?.selected ?? 0);
      expect(Math.sign((before[1] ?? 0) - (y ?? 0))).toBe(Math.sign(rise));
    }
  });

  it("take any rewards, also those that are no shares", () => {
    expect.hasAssertions();
    const reward = fc.record({ reward: fc.double({ min: -20, max: 20, noNaN: true }), passed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(reward, { minLength: 2, maxLength: 40 }), (rewards) => {
        const both = [...rewards, { reward: 0.2, passed: true }, { reward: 0.7, passed: false }];
        expectInside(rewardHistogram(both));
        const shares = both.map((each) => ({ ...each, reward: Math.abs(each.reward) / 20 }));
        expectInside(calibrationChart(shares));
      }),
    );
  });

  it("are left out where there is nothing to draw", () => {
    expect(sweepChart([], "auto", "prm")).toBeNull();
    expect(
      sweepChart(
        sweeps.map((each) => ({ ...each, points: each.points.slice(0, 1) })),
        "auto",
        "prm",
      ),
    ).toBeNull();
    expect(
      groupChart({ name: "difficulty", values: groups[0]?.values.slice(0, 1) ?? [] }, comparison, "auto"),
    ).toBeNull();
    expect(rewardHistogram([{ reward: 0.5, passed: true }])).toBeNull();
    expect(calibrationChart([{ reward: -3, passed: true }])).toBeNull();
    expect(decidedChart([])).toBeNull();
  });

  it("show evidence with its counts", () => {
    const drawing = decidedChart([
      { evidence: "examples", problems: 40, passing: 30, chance: 0.5 },
      { evidence: "prm", problems: 3, passing: 0, chance: 0.25 },
    ]);
    expectInside(drawing);
    expect(drawing?.text).toContain("75.0 % (50.0)");
    expect(drawing?.text).toContain("examples decided 40 problems, 30 of them rightly");
  });

  it("draw the intervals of one table on one scale", () => {
    const domain = barDomain(comparison);
    const centre = (at: number): number => {
      const summary = comparison.selectors[at];
      const bar = summary === undefined ? undefined : intervalBar(summary.selected, comparison, domain, "");
      expect(bar?.text).not.toContain("NaN");
      return Number(/cx="([\d.]+)"/.exec(bar?.text ?? "")?.[1]);
    };
    const order = comparison.selectors.map((_, at) => at).toSorted((a, b) => centre(a) - centre(b));
    const shares = order.map((at) => comparison.selectors[at]?.selected.value ?? 0);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(Math.max(...order.map(centre))).toBeLessThanOrEqual(170);
  });
});

describe("chosenSeries", () => {
  it("takes the leading ones, then the best, and no bound", () => {
    const all = Object.entries({ random: 0.9, a: 0.1, b: 0.5, oracle: 1, c: 0.3, d: 0.4, e: 0.2 }).map(
      ([name, value]) => ({ name, value }),
    );
    const names = chosenSeries(
      all,
      ({ name }) => name,
      ({ value }) => value,
      ["e", "a", "missing"],
    ).map(({ name }) => name);
    expect(names).toEqual(["e", "a", "b", "d"]);
  });
});
