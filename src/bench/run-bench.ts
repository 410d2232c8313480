import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Aggregate } from "../core/aggregate.ts";
import { FunprmError } from "../core/errors.ts";
import type { ReportData } from "./results/report-data.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Selector } from "../core/selector.ts";
import { assembleView } from "./results/assemble-view.ts";
import { earlierResults, lostWith } from "./results/earlier-results.ts";
import { NewResults } from "./results/new-results.ts";
import { removeOutline, writeOutline } from "./results/outline.ts";
import { type BenchProblem, programsOf } from "./bench-pool.ts";
import { gather, isSettled, type Stages } from "./pool-evidence.ts";
import { RunLog } from "./run-log.ts";
import { StageProgress } from "./stage-progress.ts";
import { type ExecutionMethod, ExecutionStage } from "./stages/execution-stage.ts";
import { type GradingMethod, GradeStage } from "./stages/grade-stage.ts";
import { type AskJudge, JudgeStage } from "./stages/judge-stage.ts";
import { type ScoringMethod, ScoreStage } from "./stages/score-stage.ts";
import { type Group, type View, type ViewOptions, viewsOf } from "./results/pool-views.ts";
import { writeRun } from "./results/write-run.ts";
import { belongsTo } from "../shard/shard.ts";
import { type BenchShard, writeShard } from "./shard/shard-marker.ts";

/** A bench from candidates to results. The folder is locked and is about this run (claimFolder). */
export interface BenchRun {
  readonly folder: string;
  readonly title: string;
  readonly problems: readonly BenchProblem[];
  /** false when sampling was cut short. */
  readonly sampled: boolean;
  readonly notes: readonly string[];
  readonly producedBy: Readonly<Record<string, unknown>>;
  readonly scoring: ScoringMethod;
  /** An LLM that grades programs; absent: nobody does. */
  readonly judge?: AskJudge;
  readonly grading: GradingMethod;
  /** Runs programs for grading; absent where nothing can run. */
  readonly sandbox?: Sandbox;
  readonly execution: ExecutionMethod;
  /** Gather evidence only for groups with both outcomes; the figures are the same, the other pages lack evidence. */
  readonly mixedOnly: boolean;
  readonly selectors: readonly Selector[];
  readonly asked: ReadonlySet<string>;
  readonly baseline: string;
  readonly shown: string;
  readonly seed: number;
  readonly resamples?: number;
  readonly aggregate: Aggregate;
  readonly views: ViewOptions;
  /** Take the place of earlier results whatever these hold. */
  readonly replace: boolean;
  /** Only this part of the problems is worked on, and no figures are written; `mergeShards` does. */
  readonly shard?: BenchShard;
  readonly signal: AbortSignal;
  /** `detail`: where that is among all stages, and how long all take. */
  readonly onProgress: (stage: string, done: number, total: number, detail: string) => void;
  /** Stages that came before, such as sampling. */
  readonly stagesBefore: number;
  /** Makes the pages of results in a folder. What it cannot make is told there and missing; the results stay. */
  readonly render: (folder: string) => Promise<void>;
  /** Told why the folder keeps its earlier results. */
  readonly onKept: (reasons: readonly string[]) => void;
}

/** A view with its tables. */
interface BenchView {
  readonly folder: string;
  readonly data: ReportData;
}

export interface BenchResult {
  readonly views: readonly BenchView[];
  /** false: the folder keeps the results of an earlier bench, which hold more. */
  readonly installed: boolean;
  /** Candidates that the grader failed on. */
  readonly unjudged: number;
}

/**
 * Scores, grades and runs what is not yet, stage by stage, then writes results. What a stage has finished is on disk,
 * so that a run that was killed goes on from there. When the signal aborts, results of the problems that
 * are complete are written, and then the reason is thrown. Earlier results stay until these are whole, and
 * for good where they hold more.
 */
export async function runBench(run: BenchRun): Promise<BenchResult> {
  await mkdir(run.folder, { recursive: true });
  const log = await RunLog.open(run.folder);
  try {
    await log.write("start", { problems: run.problems.length });
    return await benchLogged(run, log);
  } finally {
    await log.close();
  }
}

async function benchLogged(run: BenchRun, log: RunLog): Promise<BenchResult> {
  const results = await NewResults.open(run.folder);
  const stages: Stages = {
    scores: await ScoreStage.open(join(run.folder, "scores.jsonl"), run.scoring),
    grades: await GradeStage.open(join(run.folder, "verdicts.jsonl"), run.grading),
    execution: await ExecutionStage.open(join(run.folder, "evidence.jsonl"), run.execution),
    judge: new JudgeStage(run.judge),
    mixedOnly: run.mixedOnly,
  };
  try {
    // Of all problems, also in a shard: what is chosen among depends on who sampled at all.
    const views = ownViews(run);
    const own = { ...run, problems: run.problems.filter(({ problem }) => belongsTo(run.shard, problem.id)) };
    await writeOutline(own);
    let failure: { readonly error: unknown } | undefined;
    try {
      await runStages(own, stages, views, log);
    } catch (error) {
      failure = { error };
    }
    const faults = own.problems.flatMap(({ problem, candidates }) =>
      candidates.filter((each) => stages.grades.judgement(problem, each)?.verdict === "infra_error"),
    );
    if (run.shard !== undefined) {
      if (failure !== undefined) throw failure.error;
      if (run.sampled) await writeShard(run.folder, run.shard, own.problems, stages);
      await log.write("shard", { index: run.shard.index, of: run.shard.count });
      return { views: [], installed: false, unjudged: faults.length };
    }
    const written = await writeViews(run, stages, views, { results, finished: failure === undefined });
    const installed = await takePlace(run, results, written);
    await log.write("results", { complete: failure === undefined, installed });
    if (failure !== undefined) throw failure.error;
    return { views: written, installed, unjudged: faults.length };
  } finally {
    await results.discard();
    await Promise.all([stages.scores.close(), stages.grades.close(), stages.execution.close()]);
  }
}

/** The views, of a shard's problems only. */
function ownViews({ problems, views, shard }: BenchRun): View[] {
  return viewsOf(problems, views).map((view) => ({
    ...view,
    groups: view.groups.filter(({ problem }) => belongsTo(shard, problem.id)),
  }));
}

async function runStages(run: BenchRun, stages: Stages, views: readonly View[], log: RunLog): Promise<void> {
  const { scores, grades, judge, execution } = stages;
  const { problems, signal } = run;
  const progress = new StageProgress({ earlier: log.rates, before: run.stagesBefore, show: run.onProgress });
  /** What is to do by what is graded so far. */
  const work = (): Work => {
    const groups = openGroups(views, stages);
    const open = problems.flatMap(({ problem }) => {
      const own = groups.get(problem.id) ?? [];
      const candidates = [...new Set(own.flatMap((group) => group.candidates))];
      return candidates.length === 0 ? [] : [{ problem, candidates }];
    });
    const together = ({ problem }: BenchProblem): string[][] =>
      (groups.get(problem.id) ?? []).map(({ candidates }) => programsOf(candidates));
    progress.plan([
      { name: "graded", left: grades.missing(problems) },
      ...(scores.wanted ? [{ name: "scored", left: scores.missing(open) }] : []),
      ...(judge.wanted ? [{ name: "judged", left: judge.questions(open) }] : []),
      ...(execution.wanted ? [{ name: "evidence", left: execution.missing(open, together).length }] : []),
    ]);
    return { open, together };
  };
  const stage = async (
    name: string,
    body: (onProgress: (done: number, total: number) => void) => Promise<void>,
  ): Promise<void> => {
    const started = performance.now();
    let count = 0;
    progress.begin(name);
    await body((done, total) => {
      count = done;
      progress.step(name, done, total);
    });
    const seconds = (performance.now() - started) / 1000;
    await log.write(name, { count, took_s: seconds, per_second: count / Math.max(seconds, 0.001) });
  };
  work();
  await stage("graded", (onProgress) => grades.run(problems, run.sandbox, { onProgress, signal }));
  const { open, together } = work();
  await stage("scored", (onProgress) => scores.run(open, { onProgress, signal }));
  await stage("judged", (onProgress) => judge.run(open, { onProgress, signal }));
  await stage("evidence", (onProgress) => execution.run(open, together, { onProgress, signal }));
}

interface Work {
  /** Candidates of the groups in which a choice matters. */
  readonly open: readonly BenchProblem[];
  /** The programs of these groups. */
  readonly together: (problem: BenchProblem) => string[][];
}

/** For each problem the groups, of every view, in which a choice matters. */
function openGroups(views: readonly View[], stages: Stages): ReadonlyMap<string, readonly Group[]> {
  const groups = new Map<string, Group[]>();
  for (const group of views.flatMap((view) => view.groups)) {
    if (isSettled(group, stages)) continue;
    const known = groups.get(group.problem.id);
    if (known === undefined) groups.set(group.problem.id, [group]);
    else known.push(group);
  }
  return groups;
}

/** Lets new results take the place of earlier ones unless these hold more; says whether they did. */
async function takePlace(run: BenchRun, results: NewResults, views: readonly BenchView[]): Promise<boolean> {
  const main = views.find(({ folder }) => folder === "");
  const earlier = await earlierResults(run.folder);
  const compared = new Set(run.selectors.map(({ name }) => name));
  const lost = earlier === undefined || run.replace ? [] : lostWith(earlier, main?.data, compared);
  if (lost.length > 0) run.onKept(lost);
  if (main === undefined || lost.length > 0) return false;
  await results.install(views.map(({ folder }) => folder));
  await removeOutline(run.folder);
  return true;
}

async function writeViews(
  run: BenchRun,
  stages: Stages,
  views: readonly View[],
  { results, finished }: { readonly results: NewResults; readonly finished: boolean },
): Promise<BenchView[]> {
  const written: BenchView[] = [];
  for (const view of views) {
    const gathered = view.groups.flatMap((group) => gather(group, stages) ?? []);
    const assembled = assembleView(view, gathered, {
      ...run,
      split: run.scoring.split,
      stepSize: run.scoring.stepSize,
    });
    if (assembled === null) {
      if (!finished) continue;
      throw new FunprmError(
        "grading",
        `${view.name || run.title}: no candidate could be judged, so there is nothing to compare`,
      );
    }
    const place = results.placeOf(view.folder);
    await writeRun(place, assembled);
    // Who interrupts does not wait for pages.
    if (finished) await run.render(place);
    written.push({ folder: view.folder, data: assembled.data });
  }
  return written;
}
