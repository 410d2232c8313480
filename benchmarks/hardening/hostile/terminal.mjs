// Escape sequences in everything that comes from others, shown at a real terminal. `terminal: true` runs the command
// with a terminal as stdin, stdout and stderr and refuses any control character but line ends and tabs.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ESCAPES, line, POOL, problem, PROBLEM, TINY } from "./material.mjs";

const EVIL = `a${ESCAPES}b`;
const program = `print(1)  # ${EVIL}\n`;
const rank = (...more) => ["rank", "IN/c.jsonl", "--problems", "IN/p.jsonl", "--prm", TINY, ...more];
const pair = (fields) =>
  line({ problem_id: "p", code: program, ...fields }) +
  line({ problem_id: "p", code: `print(2)  # ${EVIL}\n`, sample_index: 1, ...fields });
const here = { problem_id: "p" };

/** A copy of the tiny PRM with a changed manifest. */
const prmWith = (change) => (dir) => {
  cpSync(TINY, join(dir, "m"), { recursive: true });
  const path = join(dir, "m", "prm.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
};

export const TERMINAL = [
  {
    name: "in a program: solve prints it",
    files: { "p.jsonl": problem({}), "c.jsonl": pair({}) },
    args: ["solve", "IN/p.jsonl", "--candidates", "IN/c.jsonl"],
    ends: [0],
    says: /\\x1b\[2J/,
  },
  {
    name: "in a program: score --explain",
    files: { "a.py": program },
    args: ["score", "IN/a.py", "--prm", TINY, "--explain"],
    ends: [0],
    says: /\\x1b\[2J/,
  },
  {
    name: "in a program: rank --best",
    files: { "p.jsonl": problem({}), "c.jsonl": pair({}) },
    args: rank("--best"),
    ends: [0],
    says: /\\x1b\[2J/,
  },
  {
    name: "in a program's names: split",
    files: { "a.py": `def f():\n    pass\n\nclass ${EVIL}:\n    def g(self): pass\n` },
    args: ["split", "IN/a.py"],
    ends: [0],
  },
  {
    name: "in a problem's id: rank",
    files: { "p.jsonl": problem({ id: EVIL }), "c.jsonl": pair({ problem_id: EVIL, code: "" }) },
    args: rank(),
    ends: [3],
    says: /problem a\\x1b\[2J/,
  },
  {
    name: "in a problem's id: grade that warns",
    files: { "p.jsonl": problem({ id: EVIL }), "c.jsonl": pair({ problem_id: EVIL, sample_index: 0 }) },
    args: ["grade", "IN/c.jsonl", "--problems", "IN/p.jsonl"],
    ends: [0],
  },
  {
    name: "in a statement: inputs",
    files: { "p.jsonl": problem({ statement: `1 <= n <= ${EVIL}\n\nInput\n\nn\n` }) },
    args: ["inputs", "IN/p.jsonl"],
    ends: [0],
  },
  {
    name: "in a title and groups: bench",
    files: { "p.jsonl": problem({ title: EVIL, difficulty: EVIL, platform: EVIL }), "c.jsonl": pair({}) },
    args: [
      "bench",
      "--skip-execution",
      "--selectors",
      "first,random",
      "--pool",
      "IN/c.jsonl",
      "--problems",
      "IN/p.jsonl",
      "--out",
      "OUT/b",
    ],
    ends: [0],
  },
  {
    name: "in model names: bench",
    files: { "p.jsonl": problem({}), "c.jsonl": pair({ model: EVIL }) + pair({ model: "other" }) },
    args: [
      "bench",
      "--skip-execution",
      "--selectors",
      "first,random",
      "--pool",
      "IN/c.jsonl",
      "--problems",
      "IN/p.jsonl",
      "--out",
      "OUT/b",
    ],
    ends: [0],
  },
  {
    name: "in what is no JSON",
    files: { "c.jsonl": `${EVIL}\n` },
    args: ["grade", "IN/c.jsonl", "--problems", PROBLEM],
    ends: [2],
    says: /c\.jsonl:1/,
  },
  {
    name: "in a field's name",
    files: { "c.jsonl": '{"\\u001b[2J": 1}\n' },
    args: ["grade", "IN/c.jsonl", "--problems", PROBLEM],
    ends: [2],
    says: /c\.jsonl:1/,
  },
  {
    name: "in an unknown problem's id",
    files: { "c.jsonl": line({ problem_id: EVIL }) },
    args: ["rank", "IN/c.jsonl", "--problems", PROBLEM, "--prm", TINY],
    ends: [2],
    says: /c\.jsonl:1/,
  },
  {
    name: "in a file's name",
    files: { [`x${ESCAPES.replaceAll("/", "")}.jsonl`]: "no\n" },
    args: ["grade", `IN/x${ESCAPES}.jsonl`, "--problems", PROBLEM],
    ends: [2],
    says: /\\x1b\[2J/,
  },
  { name: "in a command", args: [`x${ESCAPES}`], ends: [2], says: /unknown command/ },
  { name: "in a flag", args: ["rank", `--x${ESCAPES}`], ends: [2], says: /unknown option/ },
  {
    name: "in a flag's value",
    args: ["rank", POOL, "--problems", PROBLEM, "--aggregate", EVIL],
    ends: [2],
    says: /--aggregate/,
  },
  {
    name: "in keys of funprm.toml",
    make: (_, cwd) => writeFileSync(join(cwd, "funprm.toml"), '"\\u001b[2Jkey" = 1\n'),
    args: ["split", POOL],
    ends: [2],
    says: /unknown key/,
  },
  {
    name: "in funprm.toml that is no TOML",
    make: (_, cwd) => writeFileSync(join(cwd, "funprm.toml"), `= ${EVIL}\n`),
    args: ["split", POOL],
    ends: [2],
    says: /not readable as TOML/,
  },
  {
    name: "in a PRM's name",
    make: prmWith({ name: EVIL }),
    files: { "p.jsonl": problem({}), "c.jsonl": pair({}) },
    args: ["rank", "IN/c.jsonl", "--problems", "IN/p.jsonl", "--prm", "IN/m"],
    ends: [0],
    says: /by a\\x1b\[2J/,
  },
  {
    name: "in a PRM's fields",
    make: prmWith({ aggregate: EVIL }),
    files: { "p.jsonl": problem({}), "c.jsonl": pair({}) },
    args: ["rank", "IN/c.jsonl", "--problems", "IN/p.jsonl", "--prm", "IN/m"],
    ends: [2],
    says: /"aggregate"/,
  },
  {
    name: "in an error that a program raises",
    files: {
      "p.jsonl": problem({ id: "p" }),
      "c.jsonl": line({ ...here, code: "raise KeyError('\\x1b[2J\\x9b31m')\n" }),
    },
    args: ["grade", "IN/c.jsonl", "--problems", "IN/p.jsonl"],
    ends: [0],
  },
  {
    name: "in a run's figures: report",
    make: (dir) => {
      mkdirSync(join(dir, "run"));
      writeFileSync(join(dir, "run", "results.json"), JSON.stringify({ format: EVIL }));
    },
    args: ["report", "IN/run"],
    ends: [2],
    says: /results\.json/,
  },
  {
    name: "in an error of the LLM server",
    server: { status: 400, body: JSON.stringify({ error: { message: EVIL } }) },
    args: ["sample", PROBLEM, "--model", "m", "--base-url", "URL", "-n", "1"],
    ends: [4],
    says: /\\x1b\[2J|owned/,
  },
  {
    name: "in replies of the LLM server",
    server: { body: completion(`\`\`\`python\n${program}\`\`\``) },
    args: ["sample", PROBLEM, "--model", "m", "--base-url", "URL", "-n", "1"],
    ends: [0],
  },
  {
    name: "in the model list of the LLM server: doctor",
    server: { body: JSON.stringify({ object: "list", data: [{ id: EVIL, object: "model" }] }) },
    args: ["doctor", "--model", "m", "--base-url", "URL", "--prm", TINY],
    ends: [2],
    says: /it has a\\x1b/,
  },
].map((each) => ({ ...each, name: `terminal: escapes ${each.name}`, terminal: true }));

export function completion(content) {
  return JSON.stringify({
    id: "x",
    object: "chat.completion",
    created: 1,
    model: EVIL,
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  });
}
