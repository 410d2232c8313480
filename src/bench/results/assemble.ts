import type { Step } from "../../core/step.ts";
import { aggregateRewards, type Aggregate } from "../../core/aggregate.ts";
import type { CandidateReport, ProblemReport, ReportData } from "./report-data.ts";
import { type CandidateEvidence, outputSignature } from "../../core/evidence.ts";
import type { Selector } from "../../core/selector.ts";
import { passProbability } from "../../select/choice/pass-probability.ts";
import { type Choice, groupChoice, judgedGroup, type JudgedGroup } from "./group-choices.ts";
import { groupNames, groupsOfProblem, shownFacts, valueOrder } from "./problem-facts.ts";
import type { GatheredGroup } from "../pool-evidence.ts";
import {
  clusterNumbers,
  compareByGroup,
  compareSelectors,
  type Picks,
} from "../statistics/compare-selectors.ts";
import { meanPassAtK } from "../statistics/pass-at-k.ts";
import { roundsSpent } from "./rounds-spent.ts";
import { sweepSamples } from "./sweep.ts";

export interface AssembleOptions {
  readonly title: string;
  readonly complete: boolean;
  readonly producedBy: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  /** In the order of the table. */
  readonly selectors: readonly Selector[];
  /** Those that stay in the table even when they lack their evidence everywhere. */
  readonly asked: ReadonlySet<string>;
  readonly baseline: string;
  readonly shown: string;
  readonly seed: number;
  readonly resamples?: number;
  readonly aggregate: Aggregate;
  readonly split: (code: string) => readonly Step[];
}

/** Tables and pages of one view. */
export interface Assembled {
  readonly data: ReportData;
  /** One at a time: together they are as large as the pool. */
  readonly problems: () => Generator<ProblemReport>;
}

/** From evidence to figures. Depends on nothing but its arguments. */
export function assemble(gathered: readonly GatheredGroup[], options: AssembleOptions): Assembled {
  const judged = gathered.flatMap((each) => judgedGroup(each, groupsOfProblem(each.group.problem)) ?? []);
  const graded = judged.map((each) => each.graded);
  const chosen = options.selectors.map((selector) => ({
    selector,
    results: judged.map((each) => groupChoice(each, selector)),
  }));
  const lacking = chosen.filter(({ results }) =>
    results.every(({ choice }) => choice.unavailable !== undefined),
  );
  const blind = lacking.filter(({ selector }) => !options.asked.has(selector.name));
  const kept = lacking.filter((each) => !blind.includes(each));
  const used = chosen.filter((each) => !blind.includes(each));
  const picks = new Map<string, Picks>(
    used.map(({ selector, results }) => [selector.name, results.map(({ pick }) => pick)]),
  );
  const statistics = {
    baseline: options.baseline,
    seed: options.seed,
    ...(options.resamples !== undefined && { resamples: options.resamples }),
  };
  const sizes = sizesUpTo(Math.min(...graded.map(({ passed }) => passed.length)));
  const pools = judged.map((each) => each.judged.flatMap((index) => each.gathered.pool[index] ?? []));
  const auto = options.selectors.find(({ name }) => name === "auto");
  const data: ReportData = {
    format: "funprm-bench-1",
    title: options.title,
    complete: options.complete,
    producedBy: options.producedBy,
    notes: [...options.notes, ...notesOn(gathered, judged), ...blindNotes(blind, kept)],
    comparison: compareSelectors(graded, picks, statistics),
    groups: groupNames(graded).map((name) => ({
      name,
      values: [...compareByGroup(graded, picks, name, statistics)]
        .map(([value, comparison]) => ({ value, comparison }))
        .toSorted((a, b) => valueOrder(name, a.value) - valueOrder(name, b.value)),
    })),
    passAtK: sizes.map((k) => ({
      k,
      value: meanPassAtK(
        graded.map(({ passed }) => passed),
        k,
      ),
    })),
    sweeps:
      sizes.length < 2
        ? []
        : used
            .filter((each) => !kept.includes(each))
            .map(({ selector }) => ({
              selector: selector.name,
              points: sweepSamples(pools, selector, sizes, { seed: options.seed }),
            })),
    rounds:
      auto === undefined ? [] : roundsSpent(pools, auto, { ...statistics, clusters: clusterNumbers(graded) }),
    readability: [],
    shownSelector: options.shown,
  };
  return { data, problems: () => problemReports(judged, used, options) };
}

/** 1, 2, 4, ... and the number itself; empty for no number. */
function sizesUpTo(largest: number): number[] {
  if (!Number.isFinite(largest)) return [];
  const sizes: number[] = [];
  for (let n = 1; n < largest; n *= 2) sizes.push(n);
  return [...sizes, largest];
}

type Used = readonly { readonly results: readonly { readonly choice: Choice }[] }[];

function* problemReports(
  judged: readonly JudgedGroup[],
  used: Used,
  options: AssembleOptions,
): Generator<ProblemReport> {
  for (const [at, each] of judged.entries()) {
    const { id, problem } = each.gathered.group;
    yield {
      id,
      ...(problem.title !== undefined && { title: problem.title }),
      statement: problem.statement,
      starterCode: problem.starterCode,
      facts: shownFacts(problem),
      candidates: candidateReports(each.gathered, options),
      choices: used.flatMap(({ results }) => results[at]?.choice ?? []),
    };
  }
}

function candidateReports(
  { group, pool, judgements, scores }: GatheredGroup,
  { aggregate, split }: AssembleOptions,
): CandidateReport[] {
  const firstWithCode = new Map<string, number>();
  const chances = passProbability(pool)?.candidates;
  const signatures = pool.map(({ probeAnswers }) => probeAnswers && outputSignature(probeAnswers));
  return group.candidates.map((candidate, index): CandidateReport => {
    const first = firstWithCode.get(candidate.code);
    if (first === undefined) firstWithCode.set(candidate.code, index);
    const { exampleResults, largeInputsAnswered } = pool[index] ?? {};
    const signature = signatures[index];
    const judgement = judgements[index] ?? { passed: null };
    const score = scores[index];
    const chance = chances?.[index];
    const steps = score === undefined ? [] : split(candidate.code);
    return {
      sampleIndex: candidate.sampleIndex,
      ...(candidate.model !== undefined && { model: candidate.model }),
      code: candidate.code,
      ...judgement,
      ...(score === undefined
        ? candidate.code.trim() === "" && { reward: null }
        : {
            reward: aggregateRewards(score.rewards, aggregate),
            steps: steps.map((step, t) => ({ ...step, reward: score.rewards[t] ?? 0 })),
          }),
      ...(exampleResults !== undefined && {
        examples: {
          passed: exampleResults.filter((result) => result === true).length,
          judged: exampleResults.filter((result) => result !== null).length,
        },
      }),
      ...(typeof signature === "string" && {
        agreeing: signatures.filter((other) => other === signature).length,
      }),
      ...(largeInputsAnswered !== undefined && { largeInputsAnswered }),
      ...(chance !== undefined && { passProbability: chance }),
      duplicateOf: first ?? null,
      warnings: [...new Set([...candidate.warnings, ...(score?.warnings ?? [])])],
    };
  });
}

function notesOn(gathered: readonly GatheredGroup[], judged: readonly JudgedGroup[]): string[] {
  const notes: string[] = [];
  const kept = new Set(judged.map((each) => each.gathered));
  const lost = gathered.filter((each) => !kept.has(each)).map(({ group }) => group.id);
  if (lost.length > 0) {
    notes.push(
      `Left out, because no candidate could be judged: ${lost.slice(0, 20).join(", ")}${lost.length > 20 ? `, and ${lost.length - 20} more` : ""}.`,
    );
  }
  const unjudged = judged.reduce((sum, each) => sum + each.gathered.pool.length - each.judged.length, 0);
  if (unjudged > 0) notes.push(`${unjudged} further candidates could not be judged and count neither way.`);
  const ran = judged.filter((each) => !each.gathered.settled && each.gathered.pool.some(wasLookedAt));
  const withoutExamples = ran.filter((each) =>
    each.gathered.pool.every(({ exampleResults }) => exampleResults === undefined),
  ).length;
  if (withoutExamples > 0) {
    const rows =
      withoutExamples === ran.length ? "No row has an" : `${withoutExamples} of ${ran.length} rows have no`;
    notes.push(`${rows} example in the statement that could be run.`);
  }
  const sizes = judged.map((each) => each.judged.length);
  if (new Set(sizes).size > 1)
    notes.push(`Rows have ${Math.min(...sizes)} to ${Math.max(...sizes)} candidates.`);
  return notes;
}

/** Whether a program was read or run for evidence. */
function wasLookedAt({ soundness, exampleResults, probeAnswers }: CandidateEvidence): boolean {
  return [soundness, exampleResults, probeAnswers].some((shown) => shown !== undefined);
}

type Lacking = readonly {
  readonly selector: Selector;
  readonly results: readonly { readonly choice: Choice }[];
}[];

function blindNotes(leftOut: Lacking, kept: Lacking): string[] {
  const named = (lacking: Lacking): string =>
    lacking
      .map(
        ({ selector, results }) => `${selector.name} (needs ${results[0]?.choice.unavailable ?? "evidence"})`,
      )
      .join(", ");
  return [
    ...(leftOut.length === 0
      ? []
      : [`Not in the table, because nothing here gives their evidence: ${named(leftOut)}.`]),
    ...(kept.length === 0
      ? []
      : [`Asked for, but nothing here gives their evidence, so that they choose blindly: ${named(kept)}.`]),
  ];
}
