/** What the page's list of problems shows of each, small enough for thousands to be read at once. */
import type { ProblemReport } from "../bench/results/report-data.ts";
import { usedCandidate } from "./run-statistics.ts";

/** One row of the list. Short keys, because there is one a problem in the page. */
export interface IndexEntry {
  /** The problem's id. */
  readonly i: string;
  /** Its title, if it has one. */
  readonly t?: string;
  /** Values of the facts, in the order of the list of facts; "" for one that it lacks. */
  readonly f: readonly string[];
  /** One letter a candidate: `p` passes, `f` fails, `?` not judged. */
  readonly v: string;
  /** Position of the shown selector's choice; -1 when there is none. */
  readonly c: number;
  /** 1 where only the shown selector solves it, -1 where only the baseline does, else 0. */
  readonly g: number;
}

/** Collects the rows; facts are numbered by their first appearance. */
export class ProblemIndex {
  readonly facts: string[] = [];
  readonly entries: IndexEntry[] = [];
  readonly #shown: string;
  readonly #baseline: string;

  constructor(shown: string, baseline: string) {
    this.#shown = shown;
    this.#baseline = baseline;
  }

  add(problem: ProblemReport): void {
    for (const name of Object.keys(problem.facts)) if (!this.facts.includes(name)) this.facts.push(name);
    const used = usedCandidate(problem, this.#shown);
    this.entries.push({
      i: problem.id,
      ...(problem.title === undefined ? {} : { t: problem.title }),
      f: this.facts.map((name) => (Object.hasOwn(problem.facts, name) ? (problem.facts[name] ?? "") : "")),
      v: problem.candidates.map(({ passed }) => (passed === null ? "?" : passed ? "p" : "f")).join(""),
      c: used ?? -1,
      g: Number(passes(problem, this.#shown)) - Number(passes(problem, this.#baseline)),
    });
  }
}

/** Whether a selector's choice passes. */
function passes(problem: ProblemReport, selector: string): boolean {
  const used = usedCandidate(problem, selector);
  return used !== undefined && problem.candidates[used]?.passed === true;
}
