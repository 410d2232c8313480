// What static checks and docstring sessions show of every different program of a graded pool of classes, kept in a file by
// class, so that a run that was ended goes on.
import { createHash } from "node:crypto";
import { appendFileSync, createReadStream, existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { dataFile } from "../grading/setup.mjs";
import { open } from "../door.mjs";

const {
  readProblems,
  openSandbox,
  furtherSessions,
  readSessions,
  runSessions,
  staticEvidence,
  loadPythonParser,
} = await open(
  "readProblems",
  "openSandbox",
  "furtherSessions",
  "readSessions",
  "runSessions",
  "staticEvidence",
  "loadPythonParser",
);

/** Modules that some classes need: loaded once instead of in every run. */
export const PRELOAD =
  "numpy pandas nltk gensim docx openpyxl PIL.Image PyPDF2 reportlab sqlite3 logging".split(" ");

export const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** The classes by the pool's ids. */
export async function readClasses() {
  const classes = new Map();
  for await (const problem of readProblems(dataFile("tests/classeval-70.jsonl.gz"), { tests: "keep" }))
    classes.set(`classeval/${problem.id}`, problem);
  return classes;
}

/** Rows of `funprm grade`, by class. */
export async function readGraded(files) {
  const byClass = new Map();
  for (const file of files)
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const row = JSON.parse(line);
      byClass.set(row.problem_id, [...(byClass.get(row.problem_id) ?? []), row]);
    }
  return byClass;
}

/** Evidence by class and program: `{static, examples, further, cpuMs}`; `sessions` and `further` are the class's own. */
export async function collect(classes, graded, { cache, python, jobs }) {
  await loadPythonParser();
  const known = new Map();
  if (existsSync(cache))
    for (const line of readFileSync(cache, "utf8").split("\n").filter(Boolean)) {
      add(known, JSON.parse(line));
    }
  const sandbox = await openSandbox({ python, jobs, preload: PRELOAD });
  let cpuMs = 0;
  const counted = { ...sandbox, identity: sandbox.identity, jobs: sandbox.jobs };
  counted.run = async (job, options) => {
    const result = await sandbox.run(job, options);
    cpuMs += result.cpuMs;
    return result;
  };
  const options = { sandbox: counted };
  for (const [id, rows] of graded) {
    const problem = classes.get(id);
    const codes = [...new Set(rows.map((row) => row.code).filter(Boolean))];
    const missing = codes.filter((code) => known.get(id)?.programs[digest(code)] === undefined);
    if (missing.length === 0) continue;
    const before = cpuMs;
    const sessions = readSessions(problem);
    const further = await furtherSessions(problem, sessions, options);
    const statics = await staticEvidence(problem, missing, options);
    const programs = {};
    await Promise.all(
      missing.map(async (code, i) => {
        const outcomes = await runSessions(code, problem, [...sessions, ...further], options);
        programs[digest(code)] = {
          static: statics[i],
          examples: outcomes.slice(0, sessions.length),
          further: outcomes.slice(sessions.length),
        };
      }),
    );
    const row = { id, sessions, further, cpuMs: cpuMs - before, programs };
    add(known, row);
    appendFileSync(cache, `${JSON.stringify(row)}\n`);
    console.error(
      `${id}: ${missing.length} programs, ${((cpuMs - before) / missing.length).toFixed(0)} CPU ms each`,
    );
  }
  await sandbox.close();
  return known;
}

/** Rows of one class become one; CPU time adds up. */
function add(known, row) {
  const before = known.get(row.id) ?? { cpuMs: 0, programs: {} };
  const programs = { ...before.programs, ...row.programs };
  known.set(row.id, {
    ...row,
    programs,
    cpuMs: before.cpuMs + row.cpuMs,
    counted: Object.keys(programs).length,
  });
}
