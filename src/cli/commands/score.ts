import { bestOfN, stepRewards } from "../../core/best-of-n.ts";
import { EXIT_CODE, FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { RankedCandidate } from "../../core/ranking.ts";
import { readProblems } from "../../formats/problems.ts";
import { readProgram } from "../../formats/program.ts";
import type { Invocation } from "../command.ts";
import { refuseStdinTwice } from "../stdin-once.ts";
import { prm } from "../../select/models/prm.ts";
import { ProgramReader } from "../../solve/program-reader.ts";
import { withPrm } from "../../solve/open-prm.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { withOutput } from "../../console/output.ts";
import { scoredStepRecord } from "../../solve/result-records.ts";
import { createReporter, type Reporter } from "../../console/reporter.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const file = invocation.args[0] ?? "-";
  refuseStdinTwice([options.problems, file]);
  const problem = await readOneProblem(options.problems, report);
  const code = await readProgram(file);
  const warnings = await readingWarnings(problem, code, { options, report, signal: invocation.signal });
  return withPrm(options, report, invocation.signal, async ({ scoring, by }) => {
    const candidate = { problemId: problem.id, sampleIndex: 0, code, warnings, extra: {} };
    const method = { selector: prm(scoring.aggregate), sources: [stepRewards(async () => scoring)] };
    const [scored] = (await bestOfN(problem, [candidate], method)).ranking;
    report.clear();
    if (scored === undefined || scored.reward === null) {
      report.warn(`${file} holds no code`);
      return EXIT_CODE["no-candidate"];
    }
    for (const warning of scored.warnings) report.warn(warning);
    report.note(
      `${by.aggregate} of ${scored.steps.length} step rewards: ${scored.reward.toFixed(4)} (${by.prm})`,
    );
    await withOutput(options.out, async (output) => {
      const lines = options.explain
        ? explainedLines(code, scored)
        : scored.steps.map((step) => JSON.stringify(scoredStepRecord(step)));
      await output.write(`${lines.join("\n")}\n`);
    });
    return 0;
  });
}

/** What reading the program shows, without running it. */
async function readingWarnings(
  problem: Problem,
  code: string,
  run: { readonly options: Options; readonly report: Reporter; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const reader = new ProgramReader(run.options, run.report, run.signal);
  try {
    const [reading] = await reader.read([{ problem, code }]);
    return reading?.warnings ?? [];
  } finally {
    await reader.close();
  }
}

async function readOneProblem(path: string | undefined, report: Reporter): Promise<Problem> {
  if (path === undefined) {
    report.warn("no --problem: scored without the statement the program is to solve");
    return { id: "", statement: "", kind: "stdin", starterCode: "", exampleTests: [], meta: {} };
  }
  const problems: Problem[] = [];
  for await (const problem of readProblems(path, { tests: "drop" })) problems.push(problem);
  const [problem] = problems;
  if (problem === undefined || problems.length > 1) {
    throw new FunprmError("input", `${path}: expected one problem for score, got ${problems.length}`);
  }
  return problem;
}

const BAR_CELLS = 10;

/** The program with a margin: a step's reward and its bar at the step's first line that is not blank. */
function explainedLines(code: string, scored: RankedCandidate): string[] {
  const lines = code.replace(/(\r\n|\r|\n)$/, "").split(/\r\n|\r|\n/);
  const opens = new Map(
    scored.steps.map((step) => {
      const span = lines.slice(step.startLine - 1, step.endLine);
      return [
        step.startLine +
          Math.max(
            0,
            span.findIndex((line) => line.trim() !== ""),
          ),
        step,
      ];
    }),
  );
  return lines.map((line, i) => {
    const step = opens.get(i + 1);
    if (step === undefined) return `${" ".repeat(7)}${" ".repeat(BAR_CELLS)} | ${line}`;
    const cells = Math.round(step.reward * BAR_CELLS);
    return `${step.reward.toFixed(4)} ${"#".repeat(cells)}${".".repeat(BAR_CELLS - cells)} | ${line}`;
  });
}
