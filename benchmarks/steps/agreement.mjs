// Do function boundaries agree with CPython's ast, and does `complete` agree with whether it parses at all?
import { open } from "../door.mjs";

const { functionSteps, countLineEnds, scanFunctions, logicalLines } = await open(
  "functionSteps",
  "countLineEnds",
  "scanFunctions",
  "logicalLines",
);

/** Compares every program that `python` accepts; `onDifference` gets what differs, `onAccepted` every such program. */
export async function compare(python, programs, { onDifference, onAccepted } = {}) {
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
      if (complete) {
        total.missed++;
        onDifference?.("missed", program, [], steps);
      }
      continue;
    }
    onAccepted?.(program.code);
    total.parseable++;
    total.functions += functions.length;
    if (!complete) {
      total.falseAlarms++;
      onDifference?.("false alarm", program, functions, steps);
    }
    const expected = JSON.stringify(functions);
    const named = steps.filter((step) => step.kind !== "module");
    if (boundaries(program.code, named) !== expected) {
      total.disagree++;
      onDifference?.("steps", program, functions, named);
    }
    const scanned = scanFunctions(program.code, logicalLines(program.code));
    if (boundaries(program.code, scanned) !== expected) {
      total.scannerDisagrees++;
      onDifference?.("scanner", program, functions, scanned);
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
