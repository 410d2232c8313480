import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forecastGain, nextRound, type RoundsPlan } from "../../../src/solve/rounds/when-to-stop.ts";

const PLAN: RoundsPlan = { least: 4, most: 18, stopAt: 0.9, minGain: 0.01 };
const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe("nextRound", () => {
  it("draws the least first, then as many again, and never more than the most", () => {
    const sure = { confidence: 0.3, nonePasses: 0.7 };
    expect(nextRound({ samples: 0 }, PLAN)).toEqual({ more: 4 });
    expect(nextRound({ samples: 4, sure }, PLAN)).toEqual({ more: 4 });
    expect(nextRound({ samples: 16, sure }, { ...PLAN, minGain: 0 })).toEqual({ more: 2 });
    expect(nextRound({ samples: 18, sure }, PLAN)).toEqual({ stop: "all sampled" });
  });

  it("stops where the choice is sure enough, and at nothing less", () => {
    const at = (confidence: number) =>
      nextRound({ samples: 4, sure: { confidence, nonePasses: 1 - confidence } }, { ...PLAN, minGain: 0 });
    expect(at(0.9)).toEqual({ stop: "sure enough" });
    expect(at(0.899)).toEqual({ more: 4 });
  });

  it("stops where a round is not expected to gain what is asked", () => {
    const sure = { confidence: 0.05, nonePasses: 0.95 };
    const gain = forecastGain(sure, 4, 4);
    expect(nextRound({ samples: 4, sure }, { ...PLAN, minGain: gain * 1.01 })).toEqual({
      stop: "little to gain",
    });
    expect(nextRound({ samples: 4, sure }, { ...PLAN, minGain: gain * 0.99 })).toEqual({ more: 4 });
  });

  it("draws all where nothing says how sure the choice is", () => {
    expect(nextRound({ samples: 12 }, { ...PLAN, minGain: 1 })).toEqual({ more: 4 });
  });
});

describe("forecastGain", () => {
  it("is a chance, and never more than what the choice leaves", () => {
    fc.assert(
      fc.property(unit, unit, fc.nat(100), fc.nat(30), (confidence, part, samples, more) => {
        const gain = forecastGain({ confidence, nonePasses: (1 - confidence) * part }, samples + 1, more + 1);
        expect(gain).toBeGreaterThanOrEqual(0);
        expect(gain).toBeLessThanOrEqual(1 - confidence + 1e-12);
      }),
    );
  });

  it("falls as more samples have failed and rises with the size of the round", () => {
    const sure = { confidence: 0.02, nonePasses: 0.98 };
    const after = [4, 8, 16, 32].map((samples) => forecastGain(sure, samples, 4));
    expect(after).toEqual(after.toSorted((a, b) => b - a));
    expect(forecastGain(sure, 4, 8)).toBeGreaterThan(forecastGain(sure, 4, 4));
  });
});
