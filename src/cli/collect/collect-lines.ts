import { printForecast } from "../../console/forecast.ts";
import { withOutput } from "../../console/output.ts";
import type { Reporter } from "../../console/reporter.ts";
import type { Candidate } from "../../core/candidate.ts";
import { EXIT_CODE } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { ProblemLookup } from "../../grade/tests/test-plan-cache.ts";
import { keptLines } from "../../rollout/kept-prefix.ts";
import { labelLines, type LabelledProgram } from "../../rollout/lines/collect-lines.ts";
import { labelRecord } from "../../rollout/lines/label-records.ts";
import {
  type LinePrefix,
  linePrefix,
  lineProgram,
  type LineProgram,
} from "../../rollout/lines/line-program.ts";
import { belongs, mediumProblems } from "../../rollout/lines/mix.ts";
import { splicePolicy } from "../../rollout/lines/splice-policy.ts";
import { openContinuing } from "../../rollout/open-api-policy.ts";
import type { RolloutPolicy } from "../../rollout/policy.ts";
import type { Options } from "../../settings/options.ts";
import { withGrading } from "./with-grading.ts";

/** What `collect --steps line` works with. */
interface LinesRun {
  readonly options: Options;
  readonly report: Reporter;
  readonly problems: readonly Problem[];
  /** The programs whose lines are labelled. */
  readonly chosen: readonly Candidate[];
  /** All programs, whose lines continue prefixes where no LLM does. */
  readonly all: readonly Candidate[];
  readonly lookup: ProblemLookup;
  readonly signal: AbortSignal;
}

/** K of PSGPO. */
const DEFAULT_ROLLOUTS = 20;

/** Labels lines, writes them, and gives the exit code. Needs `loadPythonParser()` to be done. */
export async function collectLines(run: LinesRun): Promise<number> {
  const { options, report, lookup, signal } = run;
  const { rollouts = DEFAULT_ROLLOUTS, label } = options;
  const programs = run.chosen.map(lineProgram).filter(({ ofCode }) => ofCode.length > 0);
  const { policy, forecast, close } = await openPolicy(run);
  try {
    if (options.dryRun) {
      const prefixes = programs.flatMap((program) => probed(program, label));
      const cost = {
        programs: programs.length,
        prefixes: prefixes.length,
        rollouts: prefixes.length * rollouts,
      };
      await printForecast({ ...cost, ...(await forecast(prefixes, rollouts)) }, options);
      return 0;
    }
    return await withGrading(run, async ({ sandbox, grade }) => {
      const labelled: LabelledProgram[] = [];
      for await (const program of labelLines(programs, {
        lookup,
        policy,
        rollouts,
        label,
        sandbox,
        grade,
        signal,
        onProgress: (done) => report.progress("labelled", done, programs.length),
      })) {
        labelled.push(program);
      }
      await write(labelled, policy, run);
      return summarise(labelled, report);
    });
  } finally {
    await close();
  }
}

async function openPolicy({ options, report, problems, all }: LinesRun): Promise<{
  readonly policy: RolloutPolicy<LinePrefix>;
  readonly forecast: (prefixes: readonly LinePrefix[], count: number) => Promise<object>;
  readonly close: () => Promise<void>;
}> {
  if (options.policy === "api") {
    const open = await openContinuing<LinePrefix>(options, report, keptLines);
    return { ...open, forecast: (prefixes, count) => open.forecast(prefixes, problems, count) };
  }
  const pool = new Map<string, LineProgram[]>();
  for (const candidate of all) {
    const { problemId } = candidate;
    pool.set(problemId, [...(pool.get(problemId) ?? []), lineProgram(candidate)]);
  }
  return { policy: splicePolicy(pool, options.seed), forecast: async () => ({}), close: async () => {} };
}

/** The prefixes that would be completed at most; for a search, as many as it takes and the longest there are. */
function probed(program: LineProgram, label: Options["label"]): LinePrefix[] {
  const lines = program.ofCode.length;
  const count = label === "search" ? Math.ceil(Math.log2(lines)) : lines - 1;
  return Array.from({ length: count }, (_, at) => linePrefix(program, lines - 2 - at));
}

async function write(
  labelled: readonly LabelledProgram[],
  policy: RolloutPolicy<LinePrefix>,
  { options }: LinesRun,
): Promise<void> {
  const { label, mix, rollouts = DEFAULT_ROLLOUTS } = options;
  const medium = mediumProblems(labelled);
  const by = { ...policy.by, label, mix, K: rollouts };
  await withOutput(options.out, async (output) => {
    for (const program of labelled) {
      if (!belongs(program, mix, medium.has(program.program.candidate.problemId))) continue;
      await output.write(`${labelRecord(program, by)}\n`);
    }
  });
}

function summarise(labelled: readonly LabelledProgram[], report: Reporter): number {
  const sum = (of: (program: LabelledProgram) => number): number =>
    labelled.reduce((total, program) => total + of(program), 0);
  const failing = labelled.filter(({ passed }) => passed === false);
  const probes = sum(({ probes: all }) => all.filter((probe) => probe !== undefined).length);
  const completions = sum(({ probes: all }) => all.reduce((total, probe) => total + (probe?.K ?? 0), 0));
  report.clear();
  report.note(
    `${labelled.length} programs, ${failing.length} of them fail: ${probes} prefixes were completed, by ${completions} ` +
      `programs that were judged; ${sum(({ rejected }) => rejected)} did not keep their prefix`,
  );
  const unjudged = sum((each) => each.unjudged + (each.passed === null ? 1 : 0));
  if (unjudged === 0) return 0;
  report.error(`${unjudged} programs could not be judged; they count neither as passing nor as failing`);
  return EXIT_CODE.grading;
}
