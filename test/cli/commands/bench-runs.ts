import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProblemReport, ReportData } from "../../../src/bench/results/report-data.ts";
import { problemReportSchema, reportDataSchema } from "../../../src/bench/results/run-schema.ts";
import { PROBLEMS_NAME, RESULTS_NAME } from "../../../src/bench/results/write-run.ts";
import { jsonLines, TINY_PRM } from "../run-cli.ts";
import type { PoolFiles } from "./bench-pools.ts";

/** Runs programs, but none on large inputs, which is most of the work. */
export const QUICK = [
  "--selectors",
  "prm,agreement",
  "--select",
  "examples+agreement",
  "--test-timeout",
  "2",
];

/** The command that benches a pool into a folder. */
export function benchArgs({ problems, candidates }: PoolFiles, out: string): string[] {
  return ["bench", "--pool", candidates, "--problems", problems, "--prm", TINY_PRM, "--out", out];
}

export function resultsOf(folder: string): ReportData {
  return reportDataSchema.parse(JSON.parse(readFileSync(join(folder, RESULTS_NAME), "utf8")));
}

export function pagesOf(folder: string): ProblemReport[] {
  return jsonLines(readFileSync(join(folder, PROBLEMS_NAME), "utf8")).map((row) =>
    problemReportSchema.parse(row),
  );
}
