/** Readability of a run's programs, all of them and those that are chosen or pass. */
import type { ProblemReport, ReadabilityRow } from "../../bench/results/report-data.ts";
import { usedCandidate } from "../run-statistics.ts";
import { type ProgramReadability, programReadability } from "./program-readability.ts";
import { readabilityRow } from "./readability-row.ts";

/** Gathers while problems stream by; await `loadPythonParser()` first. */
export class RunReadability {
  readonly #selector: string;
  readonly #all: ProgramReadability[] = [];
  readonly #chosen: ProgramReadability[] = [];
  readonly #passing: ProgramReadability[] = [];
  readonly #failing: ProgramReadability[] = [];

  constructor(selector: string) {
    this.#selector = selector;
  }

  add(problem: ProblemReport): void {
    const used = usedCandidate(problem, this.#selector);
    const measures: (ProgramReadability | null)[] = [];
    for (const [at, { code, passed, duplicateOf }] of problem.candidates.entries()) {
      const same = duplicateOf === null ? undefined : measures[duplicateOf];
      const measured = same === undefined ? programReadability(code) : same;
      measures.push(measured);
      if (measured === null) continue;
      this.#all.push(measured);
      if (at === used) this.#chosen.push(measured);
      if (passed === true) this.#passing.push(measured);
      if (passed === false) this.#failing.push(measured);
    }
  }

  /** Programs that do not parse are in none of the rows. */
  rows(): ReadabilityRow[] {
    return [
      readabilityRow("all candidates", this.#all),
      readabilityRow(`chosen by ${this.#selector}`, this.#chosen),
      readabilityRow("passing", this.#passing),
      readabilityRow("failing", this.#failing),
    ];
  }
}
