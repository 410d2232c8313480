import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
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
import { PAGE, REPORT_FILES } from "../../report/report-files.ts";
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
    const folder = options.out ?? join(".funprm", "bench", source.name);
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
    try {
      const compareBy = (prm?: OpenPrm) => compare(folder, bench, prm, { sandbox, judge });
      const needs = neededBy(wantedSelectors(bench.invocation, options, "mean"));
      if (needs.has("rewards") || needs.has("program-reward"))
        return await withPrm(options, report, invocation.signal, compareBy);
      return await compareBy();
    } finally {
      await sandbox?.close();
    }
  } finally {
    await judge?.close();
  }
}

interface Tools {
  readonly sandbox: Sandbox | undefined;
  readonly judge: Judging | null;
}

async function compare(
  folder: string,
  bench: Bench,
  prm: OpenPrm | undefined,
  { sandbox, judge }: Tools,
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
  });
  if (!options.replace) await refuseFewer(folder, source.size);
  report.note(`forecast: ${forecastNote(await source.forecast())}`);
  const isSampled = options.pool.length === 0;
  const work = [isSampled, true, prm !== undefined, judge !== null, execution];
  bench.onStages(work.filter(Boolean).length);
  const { problems, failure } = await source.candidates(signal);
  if (judge !== null)
    report.note(`forecast of the judge: ${forecastNote(await judge.forecast(judgeJobs(problems)))}`);
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
      options: {
        timeoutMs: limits.cpu_s * 1000,
        memoryBytes: limits.memory_mib * 2 ** 20,
        // A verdict is all that is wanted.
        stopAtFirstFailure: true,
        cacheFolder: join(".funprm", "references"),
      },
    },
    ...(sandbox !== undefined && { sandbox }),
    execution: {
      sandbox: execution ? sandbox : undefined,
      large: needs.has("large-inputs"),
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

/** The pages of results in a folder. A page that cannot be made is no reason to lose the results. */
async function renderPages(place: string, report: Reporter): Promise<void> {
  const { renderRun } = await import("../../report/render-run.ts");
  try {
    await renderRun(place, { onProgress: (problems) => report.progress("rendering", problems) });
  } catch (error) {
    if (!(error instanceof FunprmError)) throw error;
    for (const name of REPORT_FILES) await rm(join(place, name), { force: true });
    report.warn(`the results have no page, because it could not be made: ${error.message}`);
  }
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
