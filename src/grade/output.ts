import type { Candidate } from "../core/candidate.ts";
import { candidateLine } from "../formats/candidate-lines.ts";
import { GRADING_VERSION } from "./grading-version.ts";
import { passedOf } from "../core/verdict.ts";
import { steadyFailure } from "./steady-outcome.ts";
import type { Graded } from "./verdict.ts";

export interface LineOptions {
  /** Leaves out times and memory, and of messages what differs from run to run. Default: false. */
  readonly steady?: boolean;
}

/** The candidate's line with `{passed, verdict, failed_test?, parts?, cpu_ms, wall_ms, memory_kb, grading_version}` added, without line end. */
export function gradedLine(graded: Graded, { steady = false }: LineOptions = {}): string {
  const { candidate, verdict, parts } = graded;
  const failedTest =
    graded.failedTest && steady ? steadyFailure(verdict, graded.failedTest) : graded.failedTest;
  const passed = passedOf(verdict);
  const { passed: _recorded, ...rest } = candidate;
  const plain: Candidate = passed === null ? rest : { ...rest, passed };
  const added = {
    ...(passed === null ? { passed } : {}),
    verdict,
    ...(failedTest === undefined ? {} : { failed_test: failedTest }),
    ...(parts === undefined ? {} : { parts }),
    passed_tests: graded.passedTests,
    total_tests: graded.totalTests,
    ...(!steady && {
      cpu_ms: Math.round(graded.cpuMs),
      wall_ms: Math.round(graded.wallMs),
      memory_kb: graded.memoryKb,
    }),
    grading_version: GRADING_VERSION,
  };
  const line: Record<string, unknown> = { ...JSON.parse(candidateLine(plain)), ...added };
  return JSON.stringify(line);
}
