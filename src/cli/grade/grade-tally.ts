import type { Reporter } from "../../console/reporter.ts";
import { EXIT_CODE } from "../../core/errors.ts";
import type { Graded } from "../../grade/verdict.ts";

/** Counts verdicts and says at the end what came of them. */
export class GradeTally {
  readonly #verdicts = new Map<string, number>();
  readonly #report: Reporter;
  readonly #started = performance.now();
  #done = 0;
  #unjudged = 0;
  #firstFault: string | undefined;

  constructor(report: Reporter) {
    this.#report = report;
  }

  add({ verdict, failedTest, candidate }: Graded): void {
    this.#done += 1;
    this.#verdicts.set(verdict, (this.#verdicts.get(verdict) ?? 0) + 1);
    if (verdict === "infra_error") {
      this.#unjudged += 1;
      this.#firstFault ??= `${candidate.problemId}, sample ${candidate.sampleIndex}: ${failedTest?.message ?? "no reason"}`;
    }
    this.#report.progress("graded", this.#done);
  }

  /** Candidates of an earlier run that could not be judged; they are not graded again. */
  addEarlier(unjudged: number): void {
    this.#unjudged += unjudged;
    if (unjudged > 0) this.#firstFault = "in the earlier run; without --resume it is graded again";
  }

  /** The exit code: 5 when some candidate could not be judged. */
  finish(): number {
    const seconds = (performance.now() - this.#started) / 1000;
    const counts = [...this.#verdicts]
      .toSorted((a, b) => b[1] - a[1])
      .map(([verdict, n]) => `${verdict} ${n}`);
    this.#report.clear();
    this.#report.note(
      `graded ${this.#done} candidates in ${seconds.toFixed(1)} s (${(this.#done / seconds).toFixed(1)}/s): ${counts.join(", ") || "none"}`,
    );
    if (this.#firstFault === undefined) return 0;
    this.#report.error(`${this.#unjudged} candidates could not be judged; the first: ${this.#firstFault}`);
    return EXIT_CODE.grading;
  }
}
