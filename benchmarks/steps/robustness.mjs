// Damaged programs: is every split lossless, and what do a dropped bracket's neighbours lose?
import { dropBracket, mutate, randomNumbers } from "./mutations.mjs";
import { open } from "../door.mjs";

const { splitSteps } = await open("splitSteps");

/** What is wrong with a split, or undefined. */
export function defect(code, steps) {
  if (steps.map((step) => code.slice(step.start, step.end)).join("") !== code) return "not lossless";
  let [end, line] = [0, 0];
  for (const [index, step] of steps.entries()) {
    if (step.index !== index || step.start !== end || step.end <= step.start) return "gap or empty step";
    if (step.startLine < Math.max(line, 1) || step.endLine < step.startLine) return "lines out of order";
    [end, line] = [step.end, step.endLine];
  }
  if ((code === "") !== (steps.length === 0)) return "wrong emptiness";
  return undefined;
}

/** Splits `count` mutants of `programs`; a crash is a defect too. */
export function splitMutants(programs, count, seed) {
  const random = randomNumbers(seed);
  const result = {
    mutants: 0,
    characters: 0,
    incomplete: 0,
    steps: 0,
    defects: [],
    slowestMs: 0,
    seconds: 0,
  };
  const started = performance.now();
  for (; result.mutants < count; result.mutants++) {
    const code = mutate(programs[Math.floor(random() * programs.length)], random);
    const before = performance.now();
    try {
      const steps = splitSteps(code, "function");
      result.slowestMs = Math.max(result.slowestMs, performance.now() - before);
      result.steps += steps.length;
      result.characters += code.length;
      if (steps.some((step) => !step.complete)) result.incomplete++;
      const found =
        defect(code, steps) ??
        (result.mutants % 10 === 0 ? defect(code, splitSteps(code, "line")) : undefined);
      if (found !== undefined) result.defects.push({ found, code });
    } catch (error) {
      result.defects.push({ found: String(error), code });
    }
  }
  result.seconds = (performance.now() - started) / 1000;
  return result;
}

/**
 * Drops one bracket from each of `count` programs that have several functions and, where `python` accepts the
 * program no longer, counts the untouched functions whose step is what it was: to the character (`exact`), or
 * at least in its name and its end (`endExact`).
 */
export async function dropBrackets(python, programs, count, seed, onLoss) {
  const random = randomNumbers(seed);
  const result = { mutants: 0, untouched: 0, exact: 0, endExact: 0, flagged: 0, untouchedFlagged: 0 };
  for await (const { program, ok } of python.boundaries(bracketMutants(programs, count, random))) {
    if (ok) continue;
    result.mutants++;
    const found = splitSteps(program.code, "function");
    if (found.some((step) => !step.complete)) result.flagged++;
    const starts = new Map(found.map((step) => [`${step.kind} ${step.name} ${step.end}`, step]));
    for (const step of program.steps) {
      if (step.start <= program.offset && program.offset < step.end) continue;
      const same = starts.get(`${step.kind} ${step.name} ${step.end - (program.offset < step.end ? 1 : 0)}`);
      result.untouched++;
      if (same !== undefined) result.endExact++;
      if (same !== undefined && same.start === step.start - (program.offset < step.start ? 1 : 0))
        result.exact++;
      else onLoss?.(program, step, found);
      if (same !== undefined && !same.complete) result.untouchedFlagged++;
    }
  }
  return result;
}

/** Mutants of programs with several steps, with the steps and the place of the bracket before it was dropped. */
function* bracketMutants(programs, count, random) {
  for (let made = 0; made < count;) {
    const original = programs[Math.floor(random() * programs.length)];
    const steps = splitSteps(original, "function");
    const code = dropBracket(original, random);
    if (steps.length < 2 || code === original) continue;
    let offset = 0;
    while (original[offset] === code[offset]) offset++;
    made++;
    yield { code, steps, offset };
  }
}
