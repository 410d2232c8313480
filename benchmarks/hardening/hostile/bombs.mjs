// Inputs that are small, or slow, or without an end.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bigFile, deep, EXAMPLE, ID, line, packedBig, POOL, problem, PROBLEM } from "./material.mjs";
import { PRIVATE_TESTS } from "./private-tests.mjs";

const grade = (candidates, problems = PROBLEM) => [
  "grade",
  candidates,
  "--problems",
  problems,
  "--out",
  "OUT/graded.jsonl",
];
const bin = (path, bytes) => (dir) => writeFileSync(join(dir, path), bytes);

export const BOMBS = [
  {
    name: "gzip: one candidate of 300 MiB",
    make: (dir) => packedBig(join(dir, "a.gz"), '{"problem_id":"p","code":"', 300),
    args: grade("IN/a.gz"),
    ends: [2],
    says: /a\.gz:1: expected a record of at most/,
  },
  {
    name: "gzip: one problem of 300 MiB",
    make: (dir) => packedBig(join(dir, "p.gz"), '{"id":"p","statement":"', 300),
    args: grade(POOL, "IN/p.gz"),
    ends: [2],
    says: /p\.gz:1: expected a record of at most/,
  },
  {
    name: "gzip: 2 GiB of empty lines",
    make: (dir) => packedBig(join(dir, "a.gz"), "", 2048, "\n"),
    args: ["rank", "IN/a.gz", "--problems", PROBLEM, "--out", "OUT/r"],
    ends: [2],
    says: /a\.gz:1: expected a record of at most/,
  },
  {
    name: "gzip: a program of 100 MiB",
    make: (dir) => packedBig(join(dir, "a.py"), "", 100, "#"),
    args: ["split", "IN/a.py"],
    ends: [2],
    says: /a\.py: expected a text of at most/,
  },
  {
    name: "gzip: a statement of 100 MiB",
    make: (dir) => packedBig(join(dir, "a.md"), "", 100, "#"),
    args: ["solve", "IN/a.md", "--candidates", POOL],
    ends: [2],
    says: /a\.md: expected a text of at most/,
  },
  {
    name: "gzip: ten members deep in each other",
    make: (dir) => {
      let bytes = Buffer.from(line({}));
      for (let at = 0; at < 10; at += 1) bytes = gzipSync(bytes);
      writeFileSync(join(dir, "a.gz"), bytes);
    },
    args: grade("IN/a.gz"),
    ends: [2],
    says: /a\.gz:1: expected/,
  },
  {
    name: "gzip: cut off",
    make: bin("a.gz", gzipSync(line({}).repeat(99)).subarray(0, 60)),
    args: grade("IN/a.gz"),
    ends: [2],
    says: /a\.gz:1: expected a whole gzip file/,
  },
  {
    name: "gzip: something else behind it",
    make: bin("a.gz", Buffer.concat([gzipSync(line({})), Buffer.from("PK")])),
    args: grade("IN/a.gz"),
    ends: [2],
    says: /a\.gz:1: expected (?:a whole gzip file|the end of the gzip)/,
  },
  {
    name: "zip, not gzip",
    make: bin("a.zip", Buffer.from("PK\u0003\u0004\u0014\u0000\u0000\u0000\u0008\u0000")),
    args: grade("IN/a.zip"),
    ends: [2],
    says: /a\.zip:1/,
  },
  {
    name: "zstd, not gzip",
    make: bin("a.zst", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 4, 0, 1])),
    args: grade("IN/a.zst"),
    ends: [2],
    says: /a\.zst:1/,
  },
  ...PRIVATE_TESTS,
  {
    name: "JSON 100,000 deep: candidate",
    files: { "a.jsonl": line({}) + `{"problem_id":"${ID}","code":"x","extra":${deep(100_000)}}\n` },
    args: grade("IN/a.jsonl"),
    ends: [2],
    says: /a\.jsonl:2: .*deep/,
  },
  {
    name: "JSON 100,000 deep: problem",
    files: { "p.jsonl": `{"id":"p","statement":"s","tests":${deep(100_000)}}\n` },
    args: grade(POOL, "IN/p.jsonl"),
    ends: [2],
    says: /p\.jsonl:1: .*deep/,
  },
  {
    name: "JSON 100,000 deep: arguments of a call",
    files: {
      "p.jsonl": `{"id":"${ID}","statement":"s","entry_point":"f","tests":[{"args":[${deep(99_000)}],"expected":1}]}\n`,
    },
    args: grade(POOL, "IN/p.jsonl"),
    ends: [2],
    says: /p\.jsonl:1: .*deep/,
  },
  {
    name: "JSON 900 deep: arguments of a call",
    files: {
      "p.jsonl": `{"id":"${ID}","statement":"s","entry_point":"f","tests":[{"args":[${deep(900)}],"expected":1}]}\n`,
      "c.jsonl": line({ code: "def f(x):\n    return 1\n" }),
    },
    args: grade("IN/c.jsonl", "IN/p.jsonl"),
    ends: [0],
  },
  {
    name: "one line of 210 MB",
    make: (dir) => bigFile(join(dir, "a.jsonl"), '{"problem_id":"p","code":"', 200),
    args: grade("IN/a.jsonl"),
    ends: [2],
    says: /a\.jsonl:1: expected a record of at most/,
  },
  {
    name: "one line of 210 MB behind a good one, through stdin",
    make: (dir) => bigFile(join(dir, "a.jsonl"), `${line({})}{"problem_id":"p","code":"`, 200),
    args: grade("-"),
    stdin: "IN/a.jsonl",
    ends: [2],
    says: /stdin:2: expected a record of at most/,
  },
  {
    name: "blanks without a line end, 300 MiB",
    make: (dir) => bigFile(join(dir, "a.jsonl"), " ", 300, " "),
    args: grade("IN/a.jsonl"),
    ends: [2],
    says: /a\.jsonl:1: expected a record of at most/,
  },
  {
    name: "a list of 300 MiB that never ends",
    make: (dir) => bigFile(join(dir, "a.json"), "[", 300, " "),
    args: grade("IN/a.json"),
    ends: [2],
    says: /a\.json:1: expected/,
  },
  {
    name: "a record of 200,000 fields",
    files: {
      "a.jsonl": `{"problem_id":"${ID}","code":"print(1)"${Array.from({ length: 200_000 }, (_, at) => `,"f${at}":1`).join("")}}\n`,
    },
    args: grade("IN/a.jsonl"),
    ends: [0],
  },
  {
    name: "a list of 300,000 empty programs in one record",
    files: {
      "a.jsonl": `{"question_id":"${ID}","code_list":[${Array.from({ length: 300_000 }, () => '""').join(",")}]}\n`,
    },
    args: ["rank", "IN/a.jsonl", "--problems", PROBLEM, "--out", "OUT/r"],
    ends: [3],
    says: /no usable candidate/,
  },
  {
    name: "a program of 3 MiB of brackets",
    make: (dir) => bigFile(join(dir, "a.py"), "", 3, "("),
    args: ["split", "IN/a.py", "--out", "OUT/s"],
    ends: [0],
  },
  {
    name: "a program of 1,500 nested functions",
    files: { "a.py": Array.from({ length: 1500 }, (_, at) => `${" ".repeat(at)}def f${at}():`).join("\n") },
    args: ["split", "IN/a.py", "--out", "OUT/s"],
    ends: [0],
  },
  {
    name: "a program of 60,000 functions",
    files: {
      "a.py": Array.from({ length: 60_000 }, (_, at) => `def f${at}():\n    return ${at}\n`).join("\n"),
    },
    args: ["split", "IN/a.py", "--out", "OUT/s"],
    ends: [0],
  },
  {
    name: "a program of half-open f-strings",
    files: { "a.py": 'x = f"{'.repeat(50_000) },
    args: ["split", "IN/a.py", "--out", "OUT/s"],
    ends: [0],
  },
  {
    name: "a reply of a million backticks",
    files: { "a.jsonl": line({ code: undefined, reply: "```".repeat(333_333) }) },
    args: ["rank", "IN/a.jsonl", "--problems", PROBLEM, "--out", "OUT/r"],
    ends: [0, 3],
  },
  {
    name: "a reply of 200,000 reasoning marks",
    files: { "a.jsonl": line({ code: undefined, reply: `${"<think>".repeat(200_000)}print(1)` }) },
    args: ["rank", "IN/a.jsonl", "--problems", PROBLEM, "--out", "OUT/r"],
    ends: [0, 3],
  },
  {
    name: "a statement of 40,000 examples",
    files: {
      "p.json": problem({
        statement: "Example\n\nInput:\n```\n1\n```\nOutput:\n```\n1\n```\n".repeat(40_000),
        tests: undefined,
      }),
      "c.jsonl": line({ problem_id: "p" }),
    },
    args: ["inputs", "IN/p.json", "--out", "OUT/i"],
    ends: [0],
  },
  {
    name: "a statement of 3 MiB of brackets and inequalities",
    files: { "p.json": problem({ statement: "1 <= a[i] <= (10^5 ".repeat(160_000), tests: undefined }) },
    args: ["inputs", "IN/p.json", "--out", "OUT/i"],
    ends: [0],
  },
  {
    name: "problems that never end: /dev/zero",
    args: grade(POOL, "/dev/zero"),
    ends: [2],
    says: /\/dev\/zero: expected a regular file/,
  },
  {
    name: "candidates that never end: /dev/urandom",
    args: grade("/dev/urandom"),
    ends: [2],
    says: /\/dev\/urandom: expected a regular file/,
  },
  {
    name: "stdin that never ends: /dev/zero",
    args: grade("-"),
    stdin: "/dev/zero",
    ends: [2],
    says: /stdin:1: expected a record of at most/,
  },
  {
    name: "a whole example folder as a program",
    args: ["split", EXAMPLE],
    ends: [2],
    says: /expected a file, got a folder/,
  },
];
