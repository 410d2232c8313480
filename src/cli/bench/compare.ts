import { existsSync } from "node:fs";
import { join } from "node:path";
import { type BenchRun, runBench } from "../../bench/run-bench.ts";
import { judgeJobs } from "../../bench/stages/judge-stage.ts";
import { refuseFewer } from "../../bench/results/earlier-results.ts";
import { claimFolder } from "../../bench/run-identity.ts";
import { EXIT_CODE } from "../../core/errors.ts";
import { neededBy } from "../../core/selector.ts";
import type { Budget } from "../../llm/cost/budget.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { VERSION } from "../../settings/version.ts";
import { EXECUTION_EVIDENCE } from "../../statement/run/execution-sources.ts";
import { splitSteps } from "../../steps/index.ts";
import { type BenchSource } from "../../bench/source/bench-source.ts";
import { benchTables } from "../../report/bench-tables.ts";
import { PAGE } from "../../report/report-files.ts";
import { renderPages } from "./render-pages.ts";
import { removeShardMarker } from "../../bench/shard/shard-marker.ts";
import { referenceMs } from "../../sandbox/machine-speed.ts";
import { shardName } from "../../shard/shard.ts";
import { tellContradictions } from "../../solve/open-store.ts";
import { storedOutcomes } from "../../solve/open-verdicts.ts";
import type { EntryStore } from "../../store/entry-store.ts";
import type { Invocation } from "../command.ts";
import { shownSelector, wantedSelectors } from "../compared-selectors.ts";
import { type Judging } from "../../solve/open-judge.ts";
import { type OpenPrm, openSplitter } from "../../solve/open-prm.ts";
import { type Options } from "../../settings/options.ts";
import { forecastNote } from "../../console/forecast.ts";
import { openOutput } from "../../console/output.ts";
import { type Reporter } from "../../console/reporter.ts";

/** What `bench` works with. */
export interface Bench {
  readonly invocation: Invocation;
  readonly options: Options;
  readonly report: Reporter;
  readonly source: BenchSource;
  /** One for samples and judge together. */
  readonly budget: Budget | undefined;
  /** Told how many stages there are, sampling among them. */
  readonly onStages: (count: number) => void;
}

interface Tools {
  readonly sandbox: Sandbox | undefined;
  readonly judge: Judging | null;
  readonly store: EntryStore | undefined;
}

/** Runs the stages that are wanted and prints the tables; gives the exit code. */
export async function compare(
  folder: string,
  bench: Bench,
  prm: OpenPrm | undefined,
  { sandbox, judge, store }: Tools,
): Promise<number> {
  const { invocation, options, report, source } = bench;
  const { signal } = invocation;
  const shown = shownSelector(invocation, options);
  const aggregate = prm?.by.aggregate ?? options.aggregate ?? "mean";
  const wanted = wantedSelectors(bench.invocation, options, aggregate);
  const needs = neededBy(wanted);
  const runs = EXECUTION_EVIDENCE.some((kind) => needs.has(kind));
  const execution = sandbox !== undefined && !options.skipExecution && runs;
  await openSplitter(options.steps);
  const limits = { cpu_s: options.testTimeout ?? 10, memory_mib: options.memory };
  const maxMemory = options.maxMemory ?? null;
  await claimFolder(folder, {
    ...source.identity,
    // Where memory is short statements are cut, and then rewards are others.
    ...(prm && {
      prm: prm.by.prm,
      prm_sha256: prm.by.prm_sha256,
      steps: prm.by.steps,
      prm_max_memory_mib: maxMemory,
    }),
    regrade: options.regrade,
    test_cpu_s: limits.cpu_s,
    test_memory_mib: limits.memory_mib,
    shard: options.shard === undefined ? null : shardName(options.shard),
  });
  await removeShardMarker(folder);
  if (!options.replace) await refuseFewer(folder, source.size);
  report.note(`forecast: ${forecastNote(await source.forecast())}`);
  const isSampled = options.pool.length === 0;
  const work = [isSampled, true, prm !== undefined, judge !== null, execution];
  bench.onStages(work.filter(Boolean).length);
  const { problems, failure } = await source.candidates(signal);
  if (judge !== null)
    report.note(`forecast of the judge: ${forecastNote(await judge.forecast(judgeJobs(problems)))}`);
  const gradeOptions = {
    timeoutMs: limits.cpu_s * 1000,
    memoryBytes: limits.memory_mib * 2 ** 20,
    // A verdict is all that is wanted.
    stopAtFirstFailure: true,
    cacheFolder: join(".funprm", "references"),
  };
  const known =
    store &&
    sandbox &&
    (await storedOutcomes(store, { lookup: source.tests, sandbox, grade: gradeOptions, signal }));
  const run: BenchRun = {
    folder,
    title: options.title ?? source.title,
    problems,
    sampled: failure === undefined,
    notes: [
      ...source.notes,
      ...(execution
        ? []
        : [
            "No program was run for evidence: what reading, examples, further and large inputs would show is missing.",
          ]),
    ],
    producedBy: {
      ...(prm ? { ...prm.by, prm_max_memory_mib: maxMemory } : { funprm: VERSION }),
      ...source.producedBy,
      ...(judge !== null && { judge: judge.by }),
      sandbox: execution ? sandbox.identity : null,
      test_limits: limits,
      ...(options.mixedOnly && { mixed_only: true }),
      verdicts: options.regrade ? "graded" : "recorded where there is one, graded otherwise",
      bootstrap: { resamples: 10_000, seed: options.seed },
    },
    scoring: {
      ...(prm && { scorer: prm.scoring.scorer }),
      stepSize: options.steps,
      split: splitSteps,
      outcomeRewards: needs.has("program-reward"),
    },
    ...(judge !== null && { judge: judge.ask }),
    grading: {
      lookup: source.tests,
      scope: [source.testsSha256, limits, sandbox?.identity],
      regrade: options.regrade,
      options: { ...gradeOptions, ...(known !== undefined && { known }) },
    },
    ...(sandbox !== undefined && { sandbox }),
    execution: {
      sandbox: execution ? sandbox : undefined,
      large: needs.has("large-inputs"),
      store,
    },
    mixedOnly: options.mixedOnly,
    selectors: wanted,
    asked: new Set([...(options.selectors ?? []), options.baseline, shown]),
    baseline: options.baseline,
    shown,
    seed: options.seed,
    aggregate,
    views: {
      bySampler: options.by.join() !== "none",
      pooled: options.pooled,
    },
    replace: options.replace,
    ...(options.shard !== undefined && {
      shard: {
        ...options.shard,
        places: source.places,
        referenceMs: sandbox && (await referenceMs(sandbox, signal)),
      },
    }),
    signal,
    onProgress: (stage, done, total, detail) => report.progress(stage, done, total, detail),
    stagesBefore: isSampled ? 1 : 0,
    render: (place) => renderPages(place, report),
    onKept: (reasons) =>
      report.warn(
        `${folder} keeps its earlier results: ${reasons.join("; ")}. What was scored, graded and run now is kept too; ` +
          "--replace puts the new results there all the same.",
      ),
  };
  const result = await runBench(run);
  report.clear();
  if (store !== undefined) tellContradictions(store, report);
  if (options.shard !== undefined) report.note(`shard ${shardName(options.shard)}: ${folder}`);
  else
    await print(
      options.json
        ? result.views.map(({ data }) => `${JSON.stringify(data)}\n`).join("")
        : result.views.map(({ data }, i) => benchTables(data, { groups: i === 0 })).join("\n"),
    );
  for (const view of result.installed ? result.views : []) {
    const page = join(folder, view.folder, PAGE);
    if (existsSync(page)) report.note(`report: ${page}`);
  }
  if (failure !== undefined) {
    report.error(failure.message);
    return EXIT_CODE[failure.code];
  }
  if (result.unjudged === 0) return 0;
  report.error(
    `${result.unjudged} candidates could not be judged; run the command again to try them once more`,
  );
  return EXIT_CODE.grading;
}

async function print(text: string): Promise<void> {
  const output = await openOutput(undefined);
  await output.write(text);
}
