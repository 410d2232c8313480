// Measures src/steps against CPython's own parser and writes benchmarks/results/steps.md.
//   npm run build && node benchmarks/steps/run.mjs [--mutants 100000] [--repetitions 7]
// `python3` is compared, and `python3.13` where there is one.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fitted } from "../fit-markdown.mjs";
import { compare } from "./agreement.mjs";
import { candidates, POOL_NAMES, poolsAreThere } from "./pools.mjs";
import { PythonAst } from "./python-ast.mjs";
import { dropBrackets, splitMutants } from "./robustness.mjs";
import { speed } from "./speed.mjs";
import { open } from "../door.mjs";

const { loadPythonParser } = await open("loadPythonParser");

const RESULT = new URL("../results/steps.md", import.meta.url);
const MUTATION_SEED = 1;
const BRACKET_SEED = 2;
const { values: options } = parseArgs({
  options: {
    mutants: { type: "string", default: "100000" },
    brackets: { type: "string", default: "20000" },
    repetitions: { type: "string", default: "7" },
  },
});

if (!poolsAreThere()) {
  console.error("../shared/data/pools is missing: there is nothing to measure on.");
  process.exit(2);
}
await loadPythonParser();
const python = new PythonAst("python3");
const report = (line) => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);

const agreements = [];
/** Programs that CPython accepts, by pool: what is mutated and timed. */
const accepted = new Map();
for (const pool of POOL_NAMES) {
  const codes = [];
  agreements.push([
    pool,
    await compare(python, candidates(pool), { onAccepted: (code) => codes.push(code) }),
  ]);
  accepted.set(pool, codes);
  report(JSON.stringify(agreements.at(-1)));
}
const library = [];
for (const command of ["python3", "python3.13"]) {
  const version = versionOf(command);
  if (version === undefined || agreements.some(([name]) => name.endsWith(version))) continue;
  const other = new PythonAst(command);
  const files = [];
  for await (const file of other.libraryFiles()) files.push(file);
  const onAccepted = command === "python3" ? (code) => library.push(code) : undefined;
  agreements.push([`standard library, CPython ${version}`, await compare(other, files, { onAccepted })]);
  other.close();
  report(JSON.stringify(agreements.at(-1)));
}

const programs = [...accepted.values()].flat();
const mutants = splitMutants(programs, Number(options.mutants), MUTATION_SEED);
report(JSON.stringify({ ...mutants, defects: mutants.defects.slice(0, 3) }));
const brackets = await dropBrackets(python, programs, Number(options.brackets), BRACKET_SEED);
report(JSON.stringify(brackets));
const speeds = [
  await speed("livecodebench-v5", python, accepted.get("livecodebench-v5"), Number(options.repetitions)),
  await speed("standard library", python, library, Number(options.repetitions)),
];
python.close();
report(JSON.stringify(speeds));
writeFileSync(RESULT, fitted(page()));

function versionOf(command) {
  const { stdout, status } = spawnSync(command, ["-c", "import platform; print(platform.python_version())"]);
  return status === 0 ? String(stdout).trim() : undefined;
}

function n(value) {
  return value.toLocaleString("en-US");
}

function share(part, whole) {
  return `${((100 * part) / whole).toFixed(2)} %`;
}

function page() {
  const mutantsWrong = mutants.defects.length;
  return `# Steps

Command: \`npm run build && node benchmarks/steps/run.mjs\` (the second standard library where \`python3.13\` is
on the PATH). Date 2026-11-20, machine: 2 cores, 24 GB, Node 20.20.

## Function boundaries against CPython's \`ast\`

Kind, name and last line of every top-level function and method, compared for every program that CPython accepts.
*Scanner alone* is the same with the tree never asked. *False alarms*: accepted programs with an incomplete step.
*Missed*: programs that CPython does not accept and whose steps are all complete.

| programs | all | accepted | functions | disagree | scanner alone disagrees | false alarms | not accepted | missed |
|---|---|---|---|---|---|---|---|---|
${agreements
  .map(
    ([name, row]) =>
      `| ${name} | ${n(row.programs)} | ${n(row.parseable)} | ${n(row.functions)} | ${row.disagree} | ${row.scannerDisagrees} | ${row.falseAlarms} | ${n(row.programs - row.parseable)} | ${row.missed} |`,
  )
  .join("\n")}

## Damaged programs

${n(mutants.mutants)} mutants (seed ${MUTATION_SEED}) of the accepted pool programs, each with one to four of: truncation, spans and
lines deleted, repeated or swapped, brackets, quotes, colons and line ends dropped, splinters inserted (NUL, BOM, lone
surrogates, quotes, headers), tabs mixed, indentation changed, old Mac line ends.

| | |
|---|---|
| crashes, or steps that do not join to the program without gaps | ${mutantsWrong} |
| mutants with an incomplete step | ${share(mutants.incomplete, mutants.mutants)} |
| slowest mutant | ${mutants.slowestMs.toFixed(0)} ms |

One bracket dropped from programs of several steps, where CPython accepts the result no longer (${n(brackets.mutants)} programs, seed
${BRACKET_SEED}): of the ${n(brackets.untouched)} steps without that bracket,

| | |
|---|---|
| text unchanged to the character | ${share(brackets.exact, brackets.untouched)} |
| name and end unchanged | ${share(brackets.endExact, brackets.untouched)} |
| wrongly marked incomplete | ${share(brackets.untouchedFlagged, brackets.untouched)} |
| programs with some step marked incomplete | ${share(brackets.flagged, brackets.mutants)} |

## Speed

\`splitSteps\` against \`ast.parse\` on the same accepted programs, whole passes in turn, ${options.repetitions} each; median (least to most).
The ratio is of the two passes of one turn, so that the machine's other load falls out of it.

| programs | MB | splitSteps, MB/s | ms a program | ast.parse, MB/s | splitSteps / ast.parse |
|---|---|---|---|---|---|
${speeds.map((row) => `| ${row.name} | ${row.megabytes.toFixed(1)} | ${row.split} | ${row.milliseconds} | ${row.ast} | ${row.ratio} |`).join("\n")}
`;
}
