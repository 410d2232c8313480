import { FunprmError } from "../../core/errors.ts";
import {
  bootstrapMeans,
  mean,
  percentileInterval,
  type BootstrapOptions,
  type Estimate,
} from "./bootstrap.ts";
import {
  isMixed,
  oracleRate,
  outcomeOf,
  randomRate,
  type GradedProblem,
  type Outcome,
  type Pick,
} from "./outcome.ts";
import { pairedDifference, type PairedDifference } from "./paired.ts";

/** A selector's picks, one a problem in the problems' order; null where it lacked its evidence. */
export type Picks = readonly (Pick | null)[];

export interface SelectorSummary {
  readonly name: string;
  /** Share of problems whose chosen candidate passes, ties averaged. */
  readonly selected: Estimate;
  /** (selected - random) / (oracle - random); null when nothing could be gained. */
  readonly headroomRecovered: Estimate | null;
  /** The same share on mixed problems only, and the mean within-problem AUC there; null without mixed problems. */
  readonly mixed: { readonly selected: Estimate; readonly auc: Estimate } | null;
  /** Problems on which it lacked its evidence and chose blindly; all, where the rest needed no choice. */
  readonly blind: number;
  /** selected - the baseline's, with a paired bootstrap interval, and the problems behind it. */
  readonly difference: PairedDifference & { readonly selected: Estimate };
}

export interface Comparison {
  /** Rows: problems, or problems within a sampler. */
  readonly problems: number;
  /** Different problems among the rows, where they are fewer. */
  readonly distinctProblems?: number;
  readonly candidates: number;
  readonly random: Estimate;
  readonly oracle: Estimate;
  readonly mixed: { readonly problems: number; readonly random: number };
  readonly baseline: string;
  readonly selectors: readonly SelectorSummary[];
}

/** Whether a selector had its evidence nowhere: its figures are those of blind choice and say nothing of it. */
export function isBlind({ blind }: SelectorSummary, { problems }: { readonly problems: number }): boolean {
  return blind > 0 && blind === problems;
}

export interface ComparisonOptions extends BootstrapOptions {
  /** Selector that the others are compared with. */
  readonly baseline: string;
}

/**
 * All selectors on the same problems: bounds, shares, intervals over problems, and each against the baseline. The
 * intervals of one call share their resamples, those on mixed problems resample the mixed problems.
 */
export function compareSelectors(
  problems: readonly GradedProblem[],
  picks: ReadonlyMap<string, Picks>,
  options: ComparisonOptions,
): Comparison {
  const outcomes = [...picks].map(([name, each]) => ({ name, outcomes: outcomesOf(name, problems, each) }));
  const baselineAt = outcomes.findIndex(({ name }) => name === options.baseline);
  const baseline = outcomes[baselineAt]?.outcomes;
  if (!baseline) {
    const names = [...picks.keys()].join(", ");
    throw new FunprmError(
      "usage",
      `expected a baseline among the selectors ${names}; got "${options.baseline}"`,
    );
  }
  const random = problems.map(randomRate);
  const oracle = problems.map(oracleRate);
  const selected = outcomes.map(({ outcomes: each }) => each.map((outcome) => outcome.selected));
  const clusters = clusterNumbers(problems);
  const [randomMeans = none(), oracleMeans = none(), ...selectedMeans] = bootstrapMeans(
    [random, oracle, ...selected],
    { ...options, clusters },
  );
  const baselineMeans = selectedMeans[baselineAt] ?? none();
  const headroom = mean(oracle) - mean(random);
  const mixed = mixedEstimates(problems, outcomes, options);
  const distinctProblems = new Set(clusters).size;
  return {
    problems: problems.length,
    ...(distinctProblems < problems.length && { distinctProblems }),
    candidates: problems.reduce((sum, { passed }) => sum + passed.length, 0),
    random: estimate(mean(random), randomMeans),
    oracle: estimate(mean(oracle), oracleMeans),
    mixed: {
      problems: problems.filter(isMixed).length,
      random: mean(problems.filter(isMixed).map(randomRate)),
    },
    baseline: options.baseline,
    selectors: outcomes.map(({ name, outcomes: each }, s) => {
      const means = selectedMeans[s] ?? none();
      const value = mean(selected[s] ?? []);
      const recovered = means.map((share, b) => {
        const floor = randomMeans[b] ?? 0;
        return (share - floor) / ((oracleMeans[b] ?? 0) - floor);
      });
      const differences = means.map((share, b) => share - (baselineMeans[b] ?? 0));
      return {
        name,
        selected: estimate(value, means),
        headroomRecovered: headroom > 0 ? estimate((value - mean(random)) / headroom, recovered) : null,
        mixed: mixed[s] ?? null,
        blind: blindRows(picks.get(name) ?? []),
        difference: {
          ...pairedDifference(problems, each, baseline),
          selected: estimate(value - mean(selected[baselineAt] ?? []), differences),
        },
      };
    }),
  };
}

/** The same comparison for every value of a group such as `difficulty`, largest group first. */
export function compareByGroup(
  problems: readonly GradedProblem[],
  picks: ReadonlyMap<string, Picks>,
  group: string,
  options: ComparisonOptions,
): ReadonlyMap<string, Comparison> {
  const members = new Map<string, number[]>();
  problems.forEach(({ groups }, index) => {
    const value = groups?.[group] ?? "unknown";
    members.set(value, [...(members.get(value) ?? []), index]);
  });
  const bySize = [...members].toSorted(([, a], [, b]) => b.length - a.length);
  return new Map(
    bySize.map(([value, indices]) => {
      const part = new Map(
        [...picks].map(([name, each]) => [name, indices.map((index) => each[index] ?? null)]),
      );
      return [
        value,
        compareSelectors(
          indices.flatMap((index) => problems[index] ?? []),
          part,
          options,
        ),
      ];
    }),
  );
}

/** A row that needed no choice is none that was chosen with evidence: where nothing else is left, all are blind. */
function blindRows(picks: Picks): number {
  const blind = picks.filter((pick) => pick === null).length;
  const idle = picks.filter((pick) => pick?.idle === true).length;
  return blind > 0 && blind + idle === picks.length ? picks.length : blind;
}

function outcomesOf(name: string, problems: readonly GradedProblem[], picks: Picks): Outcome[] {
  if (picks.length !== problems.length) {
    throw new Error(`${name}: ${picks.length} picks for ${problems.length} problems`);
  }
  return problems.map((problem, index) => {
    if (problem.passed.length === 0) {
      throw new FunprmError(
        "input",
        `expected graded candidates for ${problem.problemId}; got none. Leave it out`,
      );
    }
    return outcomeOf(problem, picks[index] ?? null);
  });
}

function mixedEstimates(
  problems: readonly GradedProblem[],
  outcomes: readonly { readonly outcomes: readonly Outcome[] }[],
  options: BootstrapOptions,
): { selected: Estimate; auc: Estimate }[] {
  if (!problems.some(isMixed)) return [];
  const onMixed = outcomes.map(({ outcomes: each }) => each.filter((outcome) => outcome.auc !== null));
  const selected = onMixed.map((each) => each.map((outcome) => outcome.selected));
  const aucs = onMixed.map((each) => each.map((outcome) => outcome.auc ?? 0.5));
  const clusters = clusterNumbers(problems.filter(isMixed));
  const means = bootstrapMeans([...selected, ...aucs], { ...options, clusters });
  return outcomes.map((_, s) => ({
    selected: estimate(mean(selected[s] ?? []), means[s] ?? none()),
    auc: estimate(mean(aucs[s] ?? []), means[s + outcomes.length] ?? none()),
  }));
}

/** For each row the number of its cluster, as `bootstrapMeans` wants it. */
export function clusterNumbers(problems: readonly GradedProblem[]): number[] {
  const numbers = new Map<string, number>();
  return problems.map(({ cluster }, row) => {
    const name = cluster ?? `row ${row}`;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}

function estimate(value: number, resampled: Float64Array): Estimate {
  return { value, ...percentileInterval(resampled) };
}

function none(): Float64Array {
  return new Float64Array(0);
}
