/** Readability of a group of programs as a row of the report's table. */
import type { ReadabilityRow } from "../../bench/results/report-data.ts";
import type { ProgramReadability } from "./program-readability.ts";

/** Means over programs; the docstring share is over those that have functions. NaN where there is nothing to average. */
export function readabilityRow(group: string, programs: readonly ProgramReadability[]): ReadabilityRow {
  const mean = (of: (program: ProgramReadability) => number, among = programs): number =>
    among.reduce((sum, program) => sum + of(program), 0) / among.length;
  return {
    group,
    programs: programs.length,
    functionsPerProgram: mean(({ functions }) => functions),
    docstringShare: mean(
      ({ documented, functions }) => documented / functions,
      programs.filter(({ functions }) => functions > 0),
    ),
    longestFunctionLines: mean(({ longestFunctionLines }) => longestFunctionLines),
    cyclomaticComplexity: mean(({ complexity }) => complexity),
    duplicatedLineShare: mean(({ duplicatedLines, codeLines }) => duplicatedLines / codeLines),
  };
}
