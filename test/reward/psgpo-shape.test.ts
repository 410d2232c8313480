import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { psgpoReward } from "../../src/reward/psgpo-shape.ts";

const fails = { passed: false, terminal: 0 };
const passes = { passed: true, terminal: 1 };

describe("the reward of lines", () => {
  it("is lambda R / T where there is code, and what tests are worth comes once", () => {
    const isCode = [true, false, true, true, true];
    const R = [1, 1, -0.5, 0, -1];
    expect(psgpoReward(fails, isCode, R)).toEqual({
      lambda: 0.25,
      lines: 4,
      terminal: 0,
      ofLines: [0.0625, 0, -0.03125, 0, -0.0625],
      total: -0.03125,
    });
    expect(psgpoReward(passes, isCode, R).ofLines[0]).toBe(0.025 / 4);
    expect(psgpoReward(passes, isCode, R).total).toBeCloseTo(1 - 0.5 * (0.025 / 4), 12);
  });

  it("is not known without R, except where it is 0 for certain", () => {
    const unknown = psgpoReward({ passed: false, terminal: 0.5 }, [false, true], undefined);
    expect(unknown).toMatchObject({ terminal: 0.5, ofLines: [0, null], total: null });
    expect(psgpoReward(fails, [false], undefined).total).toBe(0);
    expect(psgpoReward(fails, [], undefined)).toMatchObject({ lines: 0, total: 0 });
  });

  it("cannot be moved by lines without code", () => {
    const lines = fc.array(fc.tuple(fc.boolean(), fc.double({ min: -1, max: 1, noNaN: true })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(lines, fc.boolean(), fc.nat(), (rows, passed, at) => {
        const outcome = { passed, terminal: Number(passed) };
        const padded = rows.toSpliced(at % (rows.length + 1), 0, [false, 1]);
        const total = (of: typeof rows): number | null =>
          psgpoReward(
            outcome,
            of.map(([isCode]) => isCode),
            of.map(([, R]) => R),
          ).total;
        expect(total(padded)).toBeCloseTo(total(rows) ?? NaN, 12);
      }),
    );
  });

  it("never outweighs the tests", () => {
    const rewards = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(rewards, rewards, (good, bad) => {
        const total = (outcome: typeof passes, R: number[]): number =>
          psgpoReward(
            outcome,
            R.map(() => true),
            R,
          ).total ?? NaN;
        expect(total(passes, bad)).toBeGreaterThan(total(fails, good));
      }),
    );
  });
});
