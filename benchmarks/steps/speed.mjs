// MB/s of splitSteps against CPython's ast.parse, in turns.
import { open } from "../door.mjs";

const { splitSteps } = await open("splitSteps");

export async function speed(name, python, programs, repetitions) {
  const megabytes = programs.reduce((sum, program) => sum + Buffer.byteLength(program), 0) / 1e6;
  await python.load(programs);
  const [split, ast] = [[], []];
  // The first turn only warms up.
  for (let turn = 0; turn <= repetitions; turn++) {
    const seconds = [secondsToSplit(programs), await python.secondsToParse()];
    if (turn === 0) continue;
    split.push(seconds[0]);
    ast.push(seconds[1]);
  }
  return {
    name,
    megabytes,
    split: spread(
      split.map((seconds) => megabytes / seconds),
      1,
    ),
    milliseconds: spread(
      split.map((seconds) => (1000 * seconds) / programs.length),
      2,
    ),
    ast: spread(
      ast.map((seconds) => megabytes / seconds),
      1,
    ),
    ratio: spread(
      split.map((seconds, turn) => ast[turn] / seconds),
      2,
    ),
  };
}

function secondsToSplit(programs) {
  const start = performance.now();
  for (const program of programs) splitSteps(program, "function");
  return (performance.now() - start) / 1000;
}

function spread(values, digits) {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}
