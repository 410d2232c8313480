/** What the summary says about a run's problems, gathered while they stream by. */
import type { ProblemReport } from "../bench/results/report-data.ts";
import type { JudgedReward } from "./reward-statistics.ts";

/** How often an evidence decided the shown selector's choice. */
export interface DecidedBy {
  readonly evidence: string;
  readonly problems: number;
  /** Those whose chosen candidate passes. */
  readonly passing: number;
  /** Mean share of the candidates of these problems that pass: what chance would give. */
  readonly chance: number;
}

/**
 * The candidate that a selector's user would get: its choice, or the first where it had no evidence and all tie, as the
 * statistics count it. undefined when there are no candidates or no such selector.
 */
export function usedCandidate(problem: ProblemReport, selector: string): number | undefined {
  const choice = problem.choices.find((each) => each.selector === selector);
  if (choice === undefined || problem.candidates.length === 0) return undefined;
  return choice.chosen ?? 0;
}

function passShare({ candidates }: ProblemReport): number {
  return candidates.filter(({ passed }) => passed === true).length / Math.max(1, candidates.length);
}

const NO_EVIDENCE = "order only";
const LACKING_EVIDENCE = "blind";

export class RunStatistics {
  readonly rewards: JudgedReward[] = [];
  /** P(passes) of the shown selector's choices, with what came of them. */
  readonly chances: JudgedReward[] = [];
  problems = 0;
  candidates = 0;
  readonly #decided = new Map<string, { problems: number; passing: number; chances: number }>();
  readonly #selector: string;

  constructor(selector: string) {
    this.#selector = selector;
  }

  add(problem: ProblemReport): void {
    this.problems++;
    this.candidates += problem.candidates.length;
    for (const { reward, passed } of problem.candidates) {
      if (typeof reward === "number" && passed !== null) this.rewards.push({ reward, passed });
    }
    const choice = problem.choices.find(({ selector }) => selector === this.#selector);
    if (choice === undefined) return;
    const evidence = choice.unavailable === undefined ? (choice.decidedBy ?? NO_EVIDENCE) : LACKING_EVIDENCE;
    const count = this.#decided.get(evidence) ?? { problems: 0, passing: 0, chances: 0 };
    count.problems++;
    count.chances += passShare(problem);
    const used = problem.candidates[usedCandidate(problem, this.#selector) ?? 0];
    if (used?.passed === true) count.passing++;
    if (used?.passProbability !== undefined && used.passed !== null)
      this.chances.push({ reward: used.passProbability, passed: used.passed });
    this.#decided.set(evidence, count);
  }

  /** The most frequent first. */
  decidedBy(): DecidedBy[] {
    return [...this.#decided]
      .map(([evidence, { problems, passing, chances }]) => ({
        evidence,
        problems,
        passing,
        chance: chances / problems,
      }))
      .toSorted((a, b) => b.problems - a.problems);
  }
}
