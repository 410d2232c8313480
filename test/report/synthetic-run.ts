/** Runs as a bench leaves them, of our own invention: any number of problems and candidates, the same for one seed. */
import { roundsSpent } from "../../src/bench/results/rounds-spent.ts";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  compareByGroup,
  compareSelectors,
  type Picks,
} from "../../src/bench/statistics/compare-selectors.ts";
import { passAtK } from "../../src/bench/statistics/pass-at-k.ts";
import { sweepSamples } from "../../src/bench/results/sweep.ts";
import { seededRandom } from "../../src/core/seeded-random.ts";
import type { Verdict } from "../../src/core/verdict.ts";
import type { FailedTest } from "../../src/grade/failed-test.ts";
import type { CandidateReport, ProblemReport, ReportData } from "../../src/bench/results/report-data.ts";
import { selectorByName } from "../../src/select/index.ts";
import type { Pool, CandidateEvidence } from "../../src/core/evidence.ts";
import { gaussian, pick, type Random, syntheticProgram, syntheticStatement } from "./synthetic-programs.ts";

export interface SyntheticRun {
  readonly data: ReportData;
  readonly problems: readonly ProblemReport[];
}

export interface SyntheticOptions {
  readonly problems: number;
  readonly candidates: number;
  readonly seed?: number;
  /** Bootstrap resamples; few make tests quick. Default 200. */
  readonly resamples?: number;
  readonly sweeps?: boolean;
}

const SELECTORS = ["first", "random", "longest", "prm", "examples", "examples+agreement", "auto"];
const LEVELS = [
  { name: "easy", rate: 0.85 },
  { name: "medium", rate: 0.5 },
  { name: "hard", rate: 0.2 },
];
const PLATFORMS = ["atcoder", "leetcode", "codeforces"];
const FAULTS: readonly Verdict[] = [
  "wrong_answer",
  "wrong_answer",
  "wrong_answer",
  "runtime_error",
  "time_limit",
];

export function syntheticRun(options: SyntheticOptions): SyntheticRun {
  const { resamples = 200, seed = 1 } = options;
  const random = seededRandom(seed);
  const made = Array.from({ length: options.problems }, (_, index) =>
    syntheticProblem(random, index, options.candidates),
  );
  const pools = made.map(({ pool }) => pool);
  const graded = made.map(({ problem, pool }) => ({
    problemId: problem.id,
    passed: pool.map(({ passed }) => passed === true),
    groups: problem.facts,
  }));
  const selectors = SELECTORS.map((name) => selectorByName(name, "mean"));
  const selections = new Map(selectors.map((each) => [each.name, pools.map((pool) => each.select(pool))]));
  const picks: ReadonlyMap<string, Picks> = new Map(
    [...selections].map(([name, each]) => [name, each.map((one) => ("unavailable" in one ? null : one))]),
  );
  const comparisonOptions = { baseline: "prm", resamples };
  const sizes = [1, 2, 4, 8, 16, 32].filter((n) => n <= options.candidates);
  const data: ReportData = {
    format: "funprm-bench-1",
    title: `synthetic contest, made-up sampler, N=${options.candidates}`,
    complete: true,
    producedBy: { funprm: "0.1.0", prm: { name: "made-up", sha256: "0".repeat(64) }, seed, temperature: 0.8 },
    notes: ["All of it is made up: problems, programs, verdicts and rewards."],
    comparison: compareSelectors(graded, picks, comparisonOptions),
    groups: ["difficulty", "platform"].map((name) => ({
      name,
      values: [...compareByGroup(graded, picks, name, comparisonOptions)].map(([value, comparison]) => ({
        value,
        comparison,
      })),
    })),
    passAtK: sizes.map((k) => ({
      k,
      value:
        graded.reduce(
          (sum, { passed }) => sum + passAtK(passed.length, passed.filter(Boolean).length, k),
          0,
        ) / graded.length,
    })),
    sweeps:
      options.sweeps === false
        ? []
        : selectors
            .filter(({ name }) => ["first", "prm", "examples", "auto"].includes(name))
            .map((each) => ({
              selector: each.name,
              points: sweepSamples(pools, each, sizes, { draws: 6 }),
            })),
    rounds: roundsSpent(pools, selectorByName("auto", "mean"), { resamples }),
    readability: [],
    shownSelector: "auto",
  };
  const problems = made.map(({ problem }, at) => ({
    ...problem,
    choices: [...selections].map(([selector, each]) => {
      const one = each[at];
      if (one === undefined || "unavailable" in one) {
        return {
          selector,
          chosen: null,
          best: [],
          decidedBy: null,
          unavailable: one?.unavailable ?? "nothing",
        };
      }
      return { selector, chosen: one.chosen, best: one.best, decidedBy: one.decidedBy };
    }),
  }));
  return { data, problems };
}

function syntheticProblem(
  random: Random,
  index: number,
  count: number,
): { problem: Omit<ProblemReport, "choices">; pool: Pool } {
  const level = pick(random, LEVELS);
  const rate = Math.min(1, Math.max(0, gaussian(random, level.rate, 0.25)));
  const made = Array.from({ length: count }, (_, sampleIndex) =>
    syntheticCandidate(random, sampleIndex, random.below(1000) < rate * 1000),
  );
  const sizes = new Map<string, number>();
  for (const { pooled } of made) {
    const signature = pooled.probeAnswers?.join() ?? "";
    sizes.set(signature, (sizes.get(signature) ?? 0) + 1);
  }
  const { title, statement } = syntheticStatement(random);
  const platform = pick(random, PLATFORMS);
  return {
    pool: made.map(({ pooled }) => pooled),
    problem: {
      id: `${platform}/${100 + index}`,
      title,
      statement,
      starterCode: "",
      facts: { difficulty: level.name, platform, date: `2025-0${1 + (index % 6)}-15` },
      candidates: made.map(({ report, pooled }) => ({
        ...report,
        agreeing: sizes.get(pooled.probeAnswers?.join() ?? "") ?? 1,
      })),
    },
  };
}

function syntheticCandidate(
  random: Random,
  sampleIndex: number,
  passed: boolean,
): { report: CandidateReport; pooled: CandidateEvidence } {
  const { code, steps } = syntheticProgram(random, passed ? 0.58 : 0.48);
  const rewards = steps.map(({ reward }) => reward);
  const judged = 3;
  const right = passed || random.below(10) < 2 ? judged : random.below(judged);
  const verdict = passed ? "pass" : pick(random, FAULTS);
  const large = 4 - (verdict === "time_limit" ? 2 : 0);
  return {
    report: {
      sampleIndex,
      model: "made-up-7b",
      code,
      passed,
      verdict,
      ...(passed ? {} : { failedTest: failedTest(random, verdict) }),
      reward: rewards.reduce((sum, each) => sum + each, 0) / rewards.length,
      steps,
      examples: { passed: right, judged },
      largeInputsAnswered: large,
      duplicateOf: null,
      warnings: [],
    },
    pooled: {
      sampleIndex,
      code,
      rewards,
      exampleResults: Array.from({ length: judged }, (_, i) => i < right),
      probeAnswers: [passed ? "right" : `wrong ${random.below(4)}`],
      largeInputsAnswered: large,
      passed,
    },
  };
}

function failedTest(random: Random, verdict: Verdict): FailedTest {
  const index = random.below(20);
  const input = `5\n${Array.from({ length: 5 }, () => random.below(1000)).join(" ")}\n`;
  if (verdict === "time_limit") return { index, input, message: "stopped after 10012 ms of CPU time" };
  if (verdict === "runtime_error") return { index, input, message: "IndexError: list index out of range" };
  return { index, input, expected: `${random.below(900)}\n`, actual: `${random.below(900)}\n` };
}

/** Writes the run's folder as a bench does. */
export async function writeRun(folder: string, { data, problems }: SyntheticRun): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "results.json"), `${JSON.stringify(data)}\n`);
  const lines = problems.map((problem) => `${JSON.stringify(problem)}\n`);
  await writeFile(join(folder, "problems.jsonl"), lines.join(""));
  await writeFile(join(folder, "log.jsonl"), "");
}
