import { beforeEach, describe, expect, it } from "vitest";
import { StageProgress } from "../../src/bench/stage-progress.ts";

let now = 0;
let shown: string[] = [];
beforeEach(() => {
  now = 0;
  shown = [];
});

function progressOf(earlier: Readonly<Record<string, number>> = {}, before = 0): StageProgress {
  return new StageProgress({
    earlier: new Map(Object.entries(earlier)),
    before,
    show: (stage, done, total, detail) => shown.push(`${stage} ${done}/${total}: ${detail}`),
    clock: () => now * 1000,
  });
}

const WORK = [
  { name: "graded", left: 100 },
  { name: "scored", left: 40 },
  { name: "evidence", left: 10 },
];

/** Runs the stage at one unit in so many seconds. */
function work(progress: StageProgress, name: string, total: number, secondsEach: number): void {
  progress.begin(name);
  for (let done = 1; done <= total; done += 1) {
    now += secondsEach;
    progress.step(name, done, total);
  }
}

/** The seconds that a detail tells, in all. */
const secondsIn = (line: string): number | undefined => {
  const found = /, (?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)? left in all$/.exec(line);
  if (found === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + seconds;
};

describe("the progress of a bench over all its stages", () => {
  it("numbers the stages that have something to do, and tells the work of those that were never timed", () => {
    const progress = progressOf();
    progress.plan([WORK[0], { name: "scored", left: 0 }, WORK[2]].flatMap((each) => each ?? []));
    work(progress, "graded", 100, 1);
    expect(shown[0]).toBe("graded 1/100: stage 1 of 2, then evidence 10");
    expect(shown[98]).toBe("graded 99/100: stage 1 of 2, then evidence 10");
    work(progress, "evidence", 10, 1);
    expect(shown.at(-1)).toBe("evidence 10/10: stage 2 of 2");
  });

  it("with rates of an earlier run: the time left in all is right when they hold, and never jumps", () => {
    const progress = progressOf({ graded: 1, scored: 0.5, evidence: 0.1 });
    progress.plan(WORK);
    const whole = 100 + 40 / 0.5 + 10 / 0.1;
    work(progress, "graded", 100, 1);
    work(progress, "scored", 40, 2);
    const told = shown.map(secondsIn);
    expect(told).not.toContain(undefined);
    for (const [at, seconds] of told.entries()) {
      const elapsed = at < 100 ? at + 1 : 100 + (at - 99) * 2;
      expect(Math.abs((seconds ?? 0) - (whole - elapsed))).toBeLessThanOrEqual(1);
    }
  });

  it("comes over from the earlier run's rate to its own without a jump", () => {
    // Twice as slow as the earlier run was.
    const progress = progressOf({ graded: 1, scored: 1, evidence: 1 });
    progress.plan(WORK);
    work(progress, "graded", 100, 2);
    const told = shown.map((line) => secondsIn(line) ?? -1);
    const jumps = told.slice(1).map((seconds, at) => Math.abs(seconds - (told[at] ?? 0)));
    expect(Math.max(...jumps)).toBeLessThanOrEqual(10);
    expect(told[80]).toBeGreaterThan(50 + 19 * 1.5);
  });

  it("tells a rate of its own only after some units and some time", () => {
    const progress = progressOf({ scored: 1, evidence: 1 });
    progress.plan(WORK);
    work(progress, "graded", 5, 0.5);
    expect(shown.map((line) => secondsIn(line) !== undefined)).toEqual([false, false, true, true, true]);
  });

  it("counts stages that came before, and keeps numbers when less turns out to be left", () => {
    const progress = progressOf({}, 1);
    progress.plan(WORK);
    progress.begin("graded");
    progress.step("graded", 1, 100);
    progress.plan(
      [WORK[0], { name: "scored", left: 3 }, { name: "evidence", left: 0 }].flatMap((each) => each ?? []),
    );
    progress.begin("scored");
    progress.step("scored", 1, 3);
    expect(shown).toEqual([
      "graded 1/100: stage 2 of 4, then scored 40, evidence 10",
      "scored 1/3: stage 3 of 4",
    ]);
  });
});
