// Pipes, links, devices, and names that lead elsewhere. Nothing may be written outside of OUT and CWD/.funprm.
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fifo, line, POOL, problem, PROBLEM, TINY } from "./material.mjs";

const grade = (candidates, problems = PROBLEM) => [
  "grade",
  candidates,
  "--problems",
  problems,
  "--out",
  "OUT/graded.jsonl",
];
const pipe = (name) => (dir) => fifo(join(dir, name));
const LEADING = [
  "../../../canary",
  "/canary",
  "..",
  ".",
  "a/../../../../canary",
  "C:\\canary",
  "-rf",
  "con",
  "x".repeat(300),
  "a\u0000b",
  "__proto__",
  "constructor",
];

/** Two programs, one right, of a problem or a model with this name. */
const pairOf = (name) => {
  const rows = ["print(1)", "print(2)"].map((code, at) =>
    JSON.stringify({ problem_id: name.id ?? "p", sample_index: at, code, model: name.model }),
  );
  return `${rows.join("\n")}\n`;
};
const bench =
  "bench --by model --selectors first,random,oracle --skip-execution --pool IN/c.jsonl --problems IN/p.jsonl --out OUT/bench".split(
    " ",
  );

/** A folder of a bench as somebody else may send it, with results that "were being put in place". */
const sent = (view, link) => (dir) => {
  const run = join(dir, "run");
  mkdirSync(join(run, "results.ready"), { recursive: true });
  mkdirSync(join(run, "results.ready", "by-sampler", "x"), { recursive: true });
  writeFileSync(
    join(run, "results.ready", "files.json"),
    JSON.stringify([{ view, names: ["results.json"] }]),
  );
  for (const place of ["results.ready", "results.ready/by-sampler/x"])
    writeFileSync(join(run, place, "results.json"), "{}");
  if (link !== undefined) {
    mkdirSync(join(run, "by-sampler"), { recursive: true });
    symlinkSync(link(dir), join(run, "by-sampler", "x"));
  }
};

export const PLACES = [
  {
    name: "a named pipe as candidates",
    make: pipe("a.jsonl"),
    args: grade("IN/a.jsonl"),
    ends: [2],
    says: /a\.jsonl: expected a regular file/,
  },
  {
    name: "a named pipe as problems",
    make: pipe("p.jsonl"),
    args: grade(POOL, "IN/p.jsonl"),
    ends: [2],
    says: /p\.jsonl: expected a regular file/,
  },
  {
    name: "a named pipe in a folder of programs",
    make: (dir) => {
      mkdirSync(join(dir, "f"));
      fifo(join(dir, "f", "0.py"));
    },
    args: grade("IN/f"),
    ends: [2],
    says: /0\.py: expected a regular file/,
  },
  {
    name: "a named pipe as funprm.toml",
    make: (_, cwd) => fifo(join(cwd, "funprm.toml")),
    args: ["split", join(TINY, "prm.json")],
    ends: [2],
    says: /funprm\.toml: .*no regular file/,
  },
  {
    name: "a named pipe as prm.json",
    make: (dir) => {
      mkdirSync(join(dir, "m"));
      fifo(join(dir, "m", "prm.json"));
    },
    args: ["rank", POOL, "--problems", PROBLEM, "--prm", "IN/m"],
    ends: [2],
    says: /prm\.json/,
  },
  {
    name: "a named pipe as a PRM's weights",
    make: (dir) => {
      cpSync(TINY, join(dir, "m"), { recursive: true });
      cpSync("/dev/null", join(dir, "none"));
    },
    after: (dir) => replaceByPipe(join(dir, "m", "onnx", "model_int8.onnx")),
    args: ["rank", POOL, "--problems", PROBLEM, "--prm", "IN/m"],
    ends: [2],
    says: /model_int8\.onnx.*expected a file, got something else/,
  },
  {
    name: "a named pipe as prices",
    make: pipe("prices.json"),
    args: [
      "sample",
      PROBLEM,
      "--model",
      "m",
      "--base-url",
      "http://127.0.0.1:9/v1",
      "--prices",
      "IN/prices.json",
      "--max-cost",
      "1",
    ],
    ends: [2],
    says: /regular file/,
  },
  {
    name: "a named pipe as results.json of a run",
    make: (dir) => {
      mkdirSync(join(dir, "run"));
      fifo(join(dir, "run", "results.json"));
    },
    args: ["report", "IN/run", "--out", "OUT/r"],
    ends: [2],
    says: /results\.json: .*no regular file/,
  },
  {
    name: "a named pipe as problems.jsonl of a run",
    make: (dir) => {
      mkdirSync(join(dir, "run"));
      fifo(join(dir, "run", "problems.jsonl"));
    },
    args: ["report", "IN/run", "--out", "OUT/r"],
    ends: [2],
    says: /problems\.jsonl: .*no regular file/,
  },
  {
    name: "a named pipe as the outline of a killed run",
    make: (dir) => {
      mkdirSync(join(dir, "run"));
      fifo(join(dir, "run", "outline.jsonl"));
    },
    args: ["report", "IN/run", "--out", "OUT/r"],
    ends: [2],
    says: /run: expected a folder/,
  },
  {
    name: "a named pipe as the lock of a results file",
    make: (_, __, out) => fifo(join(out, "graded.jsonl.lock")),
    args: grade(POOL),
    ends: [0],
  },
  {
    name: "a link to itself as candidates",
    make: (dir) => symlinkSync("a.jsonl", join(dir, "a.jsonl")),
    args: grade("IN/a.jsonl"),
    ends: [2],
    says: /a\.jsonl/,
  },
  {
    name: "a folder of programs that links to itself",
    make: (dir) => {
      mkdirSync(join(dir, "f"));
      symlinkSync(".", join(dir, "f", "again"));
      writeFileSync(join(dir, "f", "0.py"), "print(1)\n");
    },
    args: grade("IN/f"),
    ends: [0, 2],
  },
  {
    name: "a link to a folder, named like a program",
    make: (dir) => {
      mkdirSync(join(dir, "f"));
      symlinkSync("/usr", join(dir, "f", "0.py"));
    },
    args: grade("IN/f"),
    ends: [2],
    says: /0\.py: expected a file, got a folder/,
  },
  {
    name: "a PRM whose weights link out of it",
    make: (dir) => {
      cpSync(TINY, join(dir, "m"), { recursive: true });
    },
    after: (dir) =>
      replaceByLink(join(dir, "m", "onnx", "model_int8.onnx"), join(TINY, "onnx", "model_int8.onnx")),
    args: ["rank", POOL, "--problems", PROBLEM, "--prm", "IN/m"],
    ends: [2],
    says: /a link out of it/,
  },
  {
    name: "results to /dev/full",
    args: ["grade", POOL, "--problems", PROBLEM, "--out", "/dev/full"],
    ends: [2],
    says: /\/dev\/full: .*ENOSPC/,
  },
  {
    name: "results onto the candidates themselves",
    files: { "a.jsonl": line({}) },
    args: ["grade", "IN/a.jsonl", "--problems", PROBLEM, "--out", "IN/a.jsonl"],
    ends: [2],
    says: /expected another file than/,
  },
  {
    name: "results into a folder's name",
    make: (_, __, out) => mkdirSync(join(out, "graded.jsonl")),
    args: grade(POOL),
    ends: [2],
    says: /graded\.jsonl/,
  },
  ...LEADING.map((name) => ({
    name: `problem id ${shown(name)}: grade`,
    files: { "p.jsonl": problem({ id: name }), "c.jsonl": pairOf({ id: name }) },
    args: grade("IN/c.jsonl", "IN/p.jsonl"),
    ends: [0],
    rows: 2,
  })),
  ...LEADING.map((name) => ({
    name: `model name ${shown(name)}: bench`,
    files: { "p.jsonl": problem({}), "c.jsonl": pairOf({ model: name }) + pairOf({ model: "other" }) },
    args: bench,
    ends: [0],
  })),
  {
    name: "an EvalPlus task id that leads out of the cache",
    files: {
      "p.jsonl": `${JSON.stringify({ task_id: "../../../canary", prompt: "def f(x):\n", entry_point: "f", canonical_solution: "    return x\n", base_input: [[1]], plus_input: [[2]], atol: 0, contract: "", test: "" })}\n`,
      "c.jsonl": `${JSON.stringify({ task_id: "../../../canary", solution: "def f(x):\n    return x\n" })}\n`,
    },
    args: grade("IN/c.jsonl", "IN/p.jsonl"),
    ends: [0],
  },
  {
    name: "a hub id that leads out of the cache",
    args: ["rank", POOL, "--problems", PROBLEM, "--prm", "../canary/x@../../y"],
    ends: [2],
    says: /canary/,
  },
  {
    name: "a run whose results would be moved out of it",
    make: sent("../../canary-folder"),
    args: ["report", "IN/run", "--out", "OUT/r"],
    ends: [2],
    says: /files\.json: expected the list/,
  },
  {
    name: "a run whose results would be moved through a link",
    make: sent("by-sampler/x", (dir) => join(dir, "..", "canary-folder")),
    args: ["report", "IN/run", "--out", "OUT/r"],
    ends: [2],
    says: /a link to/,
  },
];

function shown(name) {
  return JSON.stringify(name.length > 30 ? `${name.slice(0, 10)}... (${name.length})` : name);
}

function replaceByPipe(path) {
  rmSync(path);
  fifo(path);
}
function replaceByLink(path, target) {
  rmSync(path);
  symlinkSync(target, path);
}
