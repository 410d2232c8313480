import type { Candidate } from "../core/candidate.ts";
import { candidateLine } from "../formats/candidate-lines.ts";
import { GRADING_VERSION } from "./grading-version.ts";
import { passedOf } from "../core/verdict.ts";
import type { Graded } from "./verdict.ts";

/** The candidate's line with `{passed, verdict, failed_test?, parts?, cpu_ms, wall_ms, memory_kb, grading_version}` added, without line end. */
export function gradedLine(graded: Graded): string {
  const { candidate, verdict, failedTest, parts } = graded;
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
    cpu_ms: Math.round(graded.cpuMs),
    wall_ms: Math.round(graded.wallMs),
    memory_kb: graded.memoryKb,
    grading_version: GRADING_VERSION,
  };
  const line: Record<string, unknown> = { ...JSON.parse(candidateLine(plain)), ...added };
  return JSON.stringify(line);
}
