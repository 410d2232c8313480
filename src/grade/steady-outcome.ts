import type { Verdict } from "../core/verdict.ts";
import type { FailedTest } from "./failed-test.ts";

/** Without what differs from run to run: how long exactly it ran, where an object lay in memory. */
export function steadyFailure(verdict: Verdict, failed: FailedTest): FailedTest {
  const steady = (text: string): string => text.replace(/\b0x[0-9a-f]{6,}\b/gi, "0x…");
  const { message, actual, ...rest } = failed;
  return {
    ...rest,
    ...(message !== undefined && {
      message: verdict === "time_limit" ? "stopped at the time limit" : steady(message),
    }),
    ...(actual !== undefined && { actual: steady(actual) }),
  };
}
