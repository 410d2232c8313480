// Do function boundaries agree with CPython's ast, and does `complete` agree with whether it parses at all?
import { functionSteps } from "../../dist/steps/function-steps.js";
import { countLineEnds } from "../../dist/steps/physical-lines.js";
import { scanFunctions } from "../../dist/steps/scanner.js";
import { logicalLines } from "../../dist/steps/logical-lines.js";

/** Compares every program that `python` accepts; `onDisagreement` gets those that differ. */
export async function compare(python, programs, onDisagreement) {
  const total = {
    programs: 0,
    parseable: 0,
    functions: 0,
    disagree: 0,
    scannerDisagrees: 0,
    falseAlarms: 0,
    missed: 0,
  };
  for await (const { program, ok, functions } of python.boundaries(programs)) {
    total.programs++;
    const steps = functionSteps(program.code);
    const complete = steps.every((step) => step.complete);
    if (!ok) {
      if (complete) total.missed++;
      if (complete) onDisagreement?.("missed", program, [], steps);
      continue;
    }
    total.parseable++;
    total.functions += functions.length;
    if (!complete) {
      total.falseAlarms++;
      onDisagreement?.("false alarm", program, functions, steps);
    }
    const expected = JSON.stringify(functions);
    if (
      expected !==
      boundaries(
        program.code,
        steps.filter((step) => step.kind !== "module"),
      )
    ) {
      total.disagree++;
      onDisagreement?.("tree", program, functions, steps);
    }
    if (expected !== boundaries(program.code, scanFunctions(program.code, logicalLines(program.code)))) {
      total.scannerDisagrees++;
      onDisagreement?.("scanner", program, functions, scanFunctions(program.code, logicalLines(program.code)));
    }
  }
  return total;
}

/** In the form of ast_boundaries.py; CPython normalises identifiers. */
function boundaries(code, spans) {
  let line = 0;
  let from = 0;
  const rows = spans.map(({ kind, name, end }) => {
    line += countLineEnds(code, from, end);
    from = end;
    return [kind, name.normalize("NFKC"), /[\n\r]$/.test(code.slice(end - 1, end)) ? line : line + 1];
  });
  return JSON.stringify(rows);
}
