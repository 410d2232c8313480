import type { Reporter } from "../../console/reporter.ts";
import { addUsage, NO_USAGE } from "../../llm/cost/usage.ts";
import type { SamplingProgress } from "../../llm/sampler.ts";

/** One line of progress for several samplings that go on side by side or one after the other. */
export class ProgressSum {
  readonly #report: Reporter;
  readonly #parts = new Map<symbol, SamplingProgress>();

  constructor(report: Reporter) {
    this.#report = report;
  }

  /** A place for one more sampling: it is told how far that one is. */
  part(): (progress: SamplingProgress) => void {
    const place = Symbol("sampling");
    return (progress) => {
      this.#parts.set(place, progress);
      this.#tell();
    };
  }

  #tell(): void {
    const parts = [...this.#parts.values()];
    const sum = (of: (part: SamplingProgress) => number): number =>
      parts.reduce((total, part) => total + of(part), 0);
    const stored = sum((part) => part.stored);
    const usage = parts.reduce((total, part) => addUsage(total, part.usage), NO_USAGE);
    const isPriced = parts.every(({ costUsd }) => costUsd !== null);
    const cost = isPriced ? `  $${sum(({ costUsd }) => costUsd ?? 0).toFixed(4)}` : "";
    const kept = stored === 0 ? "" : `  ${stored} stored before`;
    // What is stored takes no time, and would make the rate of the others look better than it is.
    this.#report.progress(
      "sampled",
      sum((part) => part.done) - stored,
      sum((part) => part.total) - stored,
      `${usage.completionTokens} tokens${cost}${kept}`,
    );
  }
}
