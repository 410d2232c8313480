import type { RoundsSpent } from "./rounds-spent.ts";
import type { SweepPoint } from "./sweep.ts";
import type { Comparison } from "../statistics/compare-selectors.ts";
import type { ScoredStep } from "../../core/step-rewards.ts";
import type { Verdict } from "../../core/verdict.ts";
import type { FailedTest } from "../../grade/failed-test.ts";

/**
 * What a bench leaves behind for tables and pages. Nothing in it depends on when or how fast it ran, so that a run that
 * was interrupted and resumed has the bytes of one that was not. Times and rates go to the run's log.
 */
export interface ReportData {
  readonly format: "funprm-bench-1";
  /** What was compared: `livecodebench v6 2025-02-01..2025-05-31, qwen, N=8`. */
  readonly title: string;
  /** false when the bench was cut short: figures are of the problems done so far. */
  readonly complete: boolean;
  /** Everything that produced it: versions, model, prompt and data with their sha256, sampling, seed, limits. */
  readonly producedBy: Readonly<Record<string, unknown>>;
  /** What a reader should know before trusting the figures: problems left out and why, missing evidence, weak tests. */
  readonly notes: readonly string[];
  readonly comparison: Comparison;
  /** The same by a fact of the problems: `difficulty`, `platform`, `errata`; values in display order. */
  readonly groups: readonly {
    readonly name: string;
    readonly values: readonly { readonly value: string; readonly comparison: Comparison }[];
  }[];
  /** pass@k of the pool for some k, exact. */
  readonly passAtK: readonly { readonly k: number; readonly value: number }[];
  /** Selected against N; every list has the same sizes. Empty where problems differ too much in size. */
  readonly sweeps: readonly { readonly selector: string; readonly points: readonly SweepPoint[] }[];
  /** What `auto` would have spent and chosen in rounds, as `solve -n 4..N` samples; empty where that cannot be said. */
  readonly rounds: readonly RoundsSpent[];
  /** Readability of programs by group (`selected`, `all`, a prompt's name); empty when it was not asked for. */
  readonly readability: readonly ReadabilityRow[];
  /** Whose choice the problem pages show first. */
  readonly shownSelector: string;
}

/** Means over programs; shares are in [0, 1]. */
export interface ReadabilityRow {
  readonly group: string;
  readonly programs: number;
  readonly functionsPerProgram: number;
  /** Share of functions that open with a docstring. */
  readonly docstringShare: number;
  /** Lines of the longest function. */
  readonly longestFunctionLines: number;
  /** McCabe's number, mean over functions. */
  readonly cyclomaticComplexity: number;
  /** Share of lines that repeat others of the same program. */
  readonly duplicatedLineShare: number;
}

/** One problem with all its candidates; a line of `problems.jsonl`. */
export interface ProblemReport {
  readonly id: string;
  readonly title?: string;
  readonly statement: string;
  readonly starterCode: string;
  /** difficulty, platform, date, ... as shown. */
  readonly facts: Readonly<Record<string, string>>;
  readonly candidates: readonly CandidateReport[];
  /** A choice a selector: indices into `candidates`. */
  readonly choices: readonly {
    readonly selector: string;
    readonly chosen: number | null;
    /** All that tie for best, `chosen` among them. */
    readonly best: readonly number[];
    /** The evidence that told the best from the rest; null when none did. */
    readonly decidedBy: string | null;
    /** The evidence that it needs and this problem lacks; the choice is then blind. */
    readonly unavailable?: string;
  }[];
}

export interface CandidateReport {
  readonly sampleIndex: number;
  /** The sampler's name: shown, never scored. */
  readonly model?: string;
  readonly code: string;
  /** null where the tests could not judge it. */
  readonly passed: boolean | null;
  /** Absent where only a recorded verdict is known. */
  readonly verdict?: Verdict;
  readonly failedTest?: FailedTest;
  /** Aggregated reward; null without code; absent when nothing was scored. */
  readonly reward?: number | null;
  /** Steps with rewards; offsets are UTF-16 units of `code`. */
  readonly steps?: readonly ScoredStep[];
  /** Examples of the statement that it passed, of those that say; absent when none ran. */
  readonly examples?: { readonly passed: number; readonly judged: number };
  /** Candidates of this problem, itself included, with the same outputs on the probes; absent when none ran. */
  readonly agreeing?: number;
  readonly largeInputsAnswered?: number;
  /** P(passes), by what running it showed; absent when nothing ran. */
  readonly passProbability?: number;
  /** Position of the first candidate with the same code; null when it is the first. */
  readonly duplicateOf: number | null;
  readonly warnings: readonly string[];
}
