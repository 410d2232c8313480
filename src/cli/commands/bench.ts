import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type BenchRun, runBench } from "../../bench/run-bench.ts";
import { judgeJobs } from "../../bench/stages/judge-stage.ts";
import { refuseFewer } from "../../bench/results/earlier-results.ts";
import { claimFolder } from "../../bench/run-identity.ts";
import { lockFolder } from "../../files/lock.ts";
import { unwritable } from "../../files/write-refusal.ts";
import { EXIT_CODE, FunprmError } from "../../core/errors.ts";
import { neededBy } from "../../core/selector.ts";
import type { Budget } from "../../llm/cost/budget.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { VERSION } from "../../settings/version.ts";
import { EXECUTION_EVIDENCE } from "../../statement/run/execution-sources.ts";
import { splitSteps } from "../../steps/index.ts";
import { type BenchSource, loadSource } from "../../bench/source/bench-source.ts";
import { benchTables } from "../../report/bench-tables.ts";
import { PAGE } from "../../report/report-files.ts";
import { renderPages } from "../render-pages.ts";
import { removeShardMarker } from "../../bench/shard/shard-marker.ts";
import { referenceMs } from "../../sandbox/machine-speed.ts";
import { shardName } from "../../shard/shard.ts";
import { openStore, tellContradictions } from "../../solve/open-store.ts";
import { storedOutcomes } from "../../solve/open-verdicts.ts";
import type { EntryStore } from "../../store/entry-store.ts";
import type { Invocation } from "../command.ts";
import { checkNames, shownSelector, wantedSelectors } from "../compared-selectors.ts";
import { refuseProblemsFromStdin } from "../stdin-once.ts";
import { type Judging, openJudge } from "../../solve/open-judge.ts";
import { type OpenPrm, openSplitter, withPrm } from "../../solve/open-prm.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { type Forecast, forecastNote, printForecast } from "../../console/forecast.ts";
import { openOutput } from "../../console/output.ts";
import { createReporter, type Reporter } from "../../console/reporter.ts";
import { budgetOf } from "../../solve/sampling/connect.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  checkNames(options);
  refuseProblemsFromStdin("bench", [options.problems]);
  if (options.unsafe)
    report.warn("--unsafe: candidates run with all your rights; they can read and delete your files");
  const budget = budgetOf(options);
  let stages: number | undefined;
  /** Sampling is the first stage of several. */
  const staged: Reporter = {
    ...report,
    progress(label, done, total, detail) {
      const of = label === "sampled" && stages !== undefined ? `stage 1 of ${stages}  ` : "";
      report.progress(label, done, total, `${of}${detail ?? ""}`);
    },
  };
  if (options.shard !== undefined && options.judge !== undefined) {
    throw new FunprmError(
      "usage",
      "--shard takes no --judge: its grades are in the store of samples only. Merge the shards, then run the bench with " +
        "--judge on the merged folder; it goes on there.",
    );
  }
  const source = await loadSource(invocation, options, staged, budget);
  const onStages = (count: number): void => void (stages = count);
  try {
    if (options.dryRun) {
      // --out is the folder of the results.
      await printForecast(await forecast({ invocation, options, report, source, budget, onStages }), {
        json: options.json,
      });
      return 0;
    }
    const part = options.shard === undefined ? "" : `-${options.shard.index}-of-${options.shard.count}`;
    const folder = options.out ?? join(".funprm", "bench", `${source.name}${part}`);
    await makeFolder(folder);
    try {
      const lock = await lockFolder(folder, "bench");
      try {
        return await benchIn(folder, { invocation, options, report, source, budget, onStages });
      } finally {
        await lock.release();
      }
    } catch (error) {
      throw unwritable(folder, error);
    }
  } finally {
    await source.close();
  }
}

interface Bench {
  readonly invocation: Invocation;
  readonly options: Options;
  readonly report: Reporter;
  readonly source: BenchSource;
  /** One for samples and judge together. */
  readonly budget: Budget | undefined;
  /** Told how many stages there are, sampling among them. */
  readonly onStages: (count: number) => void;
}

/** What is still to do and what it costs at most, the judge's part too as far as programs are known. */
async function forecast({ invocation, options, report, source, budget }: Bench): Promise<Forecast> {
  const judge = await openJudge(options, report, budget);
  if (judge === null) return source.forecast();
  try {
    const known = options.pool.length > 0 ? (await source.candidates(invocation.signal)).problems : undefined;
    return {
      ...(await source.forecast()),
      judge: known === undefined ? "not known before sampling" : await judge.forecast(judgeJobs(known)),
    };
  } finally {
    await judge.close();
  }
}

async function benchIn(folder: string, bench: Bench): Promise<number> {
  const { options, report, invocation, budget } = bench;
  const judge = await openJudge(options, report, budget);
  try {
    const sandbox = await trySandbox(options, report);
    const store = options.verdicts === undefined ? undefined : await openStore(options.verdicts);
    try {
      const compareBy = (prm?: OpenPrm) => compare(folder, bench, prm, { sandbox, judge, store });
      const needs = neededBy(wantedSelectors(bench.invocation, options, "mean"));
      if (needs.has("rewards") || needs.has("program-reward"))
        return await withPrm(options, report, invocation.signal, compareBy);
      return await compareBy();
    } finally {
      await sandbox?.close();
      await store?.close();
    }
  } finally {
    await judge?.close();
  }
}

interface Tools {
  readonly sandbox: Sandbox | undefined;
  readonly judge: Judging | null;
  readonly store: EntryStore | undefined;
}

async function compare(
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
    title: source.title,
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

/** A sandbox if anything may run in one. Without it the bench goes on with what there is, and says so. */
async function trySandbox(options: Options, report: Reporter): Promise<Sandbox | undefined> {
  try {
    return await openSandbox({
      python: options.python,
      unsafe: options.unsafe,
      preload: ["numpy"],
      ...(options.jobs !== undefined && { jobs: options.jobs }),
    });
  } catch (error) {
    if (!(error instanceof FunprmError) || error.code !== "grading") throw error;
    const [reason] = error.message.split("\n");
    report.warn(`no program runs, selectors that need it are left out: ${reason}`);
    return undefined;
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FunprmError("usage", `--out ${folder}: expected a folder for the results: ${why}`, { cause });
  }
}

async function print(text: string): Promise<void> {
  const output = await openOutput(undefined);
  await output.write(text);
}
