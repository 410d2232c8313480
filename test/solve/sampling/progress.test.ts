import { expect, it } from "vitest";
import { NO_USAGE } from "../../../src/llm/cost/usage.ts";
import type { SamplingProgress } from "../../../src/llm/sampler.ts";
import type { Reporter } from "../../../src/console/reporter.ts";
import { ProgressSum } from "../../../src/solve/sampling/progress.ts";

it("adds up samplings that begin before any of them has told anything", () => {
  const told: (readonly [number, number])[] = [];
  const ignore = (): void => undefined;
  const reporter: Reporter = {
    note: ignore,
    warn: ignore,
    error: ignore,
    clear: ignore,
    progress: (_, done, total) => void told.push([done, total ?? 0]),
  };
  const sum = new ProgressSum(reporter);
  const [first, second] = [sum.part(), sum.part()];
  const at = (done: number): SamplingProgress => ({
    done,
    total: 4,
    stored: 0,
    failed: 0,
    rate: 1,
    secondsLeft: null,
    usage: NO_USAGE,
    costUsd: null,
  });
  first(at(1));
  second(at(2));
  first(at(3));
  expect(told).toEqual([
    [1, 4],
    [3, 8],
    [5, 8],
  ]);
});
