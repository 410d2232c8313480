import { expect, it, vi } from "vitest";
import { createReporter } from "../../src/console/reporter.ts";

it("a rate is that of the work at hand, without what was done before it began", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    let written = "";
    const stream = { isTTY: true, columns: 200, write: (text: string) => (written += text) };
    const report = createReporter(false, stream);
    // Half a minute of something else, then a stage of which 100 are done.
    vi.advanceTimersByTime(30_000);
    report.progress("scored", 100, 200, "stage 2 of 3");
    vi.advanceTimersByTime(10_000);
    report.progress("scored", 110, 200, "stage 2 of 3");
    expect(written).toMatch(/scored 110\/200 {2}1\.0\/s {2}1m30s left {2}stage 2 of 3$/);
  } finally {
    vi.useRealTimers();
  }
});
