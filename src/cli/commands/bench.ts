import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { judgeJobs } from "../../bench/stages/judge-stage.ts";
import { lockFolder } from "../../files/lock.ts";
import { unwritable } from "../../files/write-refusal.ts";
import { FunprmError } from "../../core/errors.ts";
import { neededBy } from "../../core/selector.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { loadSource } from "../../bench/source/bench-source.ts";
import { type Bench, compare } from "../bench/compare.ts";
import { openStore } from "../../solve/open-store.ts";
import type { Invocation } from "../command.ts";
import { checkNames, wantedSelectors } from "../compared-selectors.ts";
import { refuseProblemsFromStdin } from "../stdin-once.ts";
import { openJudge } from "../../solve/open-judge.ts";
import { type OpenPrm, withPrm } from "../../solve/open-prm.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { type Forecast, printForecast } from "../../console/forecast.ts";
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
