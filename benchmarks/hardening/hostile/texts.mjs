// Bytes that are no text, keys that every object has, numbers that no double holds.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ID, line, POOL, problem, PROBLEM } from "./material.mjs";

const grade = (candidates = "IN/c.jsonl", problems = "IN/p.jsonl") => [
  "grade",
  candidates,
  "--problems",
  problems,
  "--out",
  "OUT/graded.jsonl",
];
const good = problem({});
const one = (fields) => line({ problem_id: "p", ...fields });
const bytes = (name, content) => (dir) => writeFileSync(join(dir, name), content);
const refused = (name, content, says = /c\.jsonl:\d+/) => ({
  name: `candidates: ${name}`,
  files: { "p.jsonl": good },
  make: bytes("c.jsonl", content),
  args: grade(),
  ends: [2],
  says,
});
const taken = (name, content, rows = 1) => ({
  name: `candidates: ${name}`,
  files: { "p.jsonl": good },
  make: bytes("c.jsonl", content),
  args: grade(),
  ends: [0],
  rows,
  verdict: "pass",
});
/** Tests are read when they are run: what is wrong with them leaves the candidates without a verdict. */
const tests = (name, fields) => ({
  ...problems(name, problem({ id: ID, ...fields }), /could not be judged.*p\.jsonl:1: field "tests/s),
  ends: [5],
});
const problems = (name, content, says = /p\.jsonl:\d+/) => ({
  name: `problems: ${name}`,
  make: bytes("p.jsonl", content),
  args: grade(POOL),
  ends: [2],
  says,
});

export const TEXTS = [
  refused("NUL bytes", "\0\0\0\0\n"),
  refused(
    "invalid UTF-8",
    Buffer.concat([Buffer.from(one({})), Buffer.from([0x22, 0xff, 0xfe, 0x0a])]),
    /c\.jsonl:2/,
  ),
  refused("UTF-8 cut in a character", Buffer.from('{"problem_id":"p","code":"\u00e9"}\n').subarray(0, 27)),
  refused("UTF-16", Buffer.from(`\ufeff${one({})}`, "utf16le")),
  refused("UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0])),
  refused("an ELF file", Buffer.from("\x7fELF\x02\x01\x01\0\0\0\0", "latin1")),
  refused("HTML", "<!doctype html><title>404</title>\n"),
  refused("two objects on a line", `${one({}).trim()}${one({})}`),
  refused("a number of 400 digits as an index", one({}).replace("{", `{"sample_index":${"9".repeat(400)},`)),
  refused("an index of 1e308", one({}).replace("{", '{"sample_index":1e308,')),
  refused("an index of 2^53", one({}).replace("{", '{"sample_index":9007199254740992,')),
  refused("an index that is text", one({ sample_index: "0" })),
  refused("a label that is a number", one({ passed: 1 })),
  refused("an id that is an object", one({ problem_id: {} })),
  refused("an id that is a list", one({ problem_id: ["p"] })),
  refused("a code list of numbers", '{"question_id":"p","code_list":[1]}\n'),
  refused(
    "a graded list that is longer",
    '{"question_id":"p","code_list":["x"],"graded_list":[true,true]}\n',
  ),
  refused("an empty file", "", /no candidates|empty/),
  refused("only blanks", " \n\t\n\r\n", /no candidates|empty/),
  taken("a BOM", `\ufeff${one({})}`),
  refused("a BOM before the second line", `\ufeff${one({})}\ufeff${one({ sample_index: 1 })}`, /c\.jsonl:2/),
  taken("CRLF", one({}).replace("\n", "\r\n")),
  taken("U+2028 in a program", one({ code: "print(1)  # a\u2028b\n" })),
  taken("a lone surrogate in a comment", one({ code: "print(1)  # \ud800\n" })),
  taken("a NUL escape in a field that is kept", one({ note: "a\u0000b" })),
  taken(
    "__proto__, constructor and toString as fields",
    one({}).replace("{", '{"__proto__":{"passed":true},"constructor":1,"toString":2,'),
  ),
  taken("code twice: the last counts", '{"problem_id":"p","code":"raise KeyError","code":"print(1)"}\n'),
  taken("-0 as an index", one({}).replace("{", '{"sample_index":-0,')),
  ...["__proto__", "constructor", "hasOwnProperty", "toString"].map((id) => ({
    name: `a problem named ${id}`,
    files: { "p.jsonl": problem({ id }), "c.jsonl": line({ problem_id: id }) },
    args: grade(),
    ends: [0],
    rows: 1,
    verdict: "pass",
  })),
  problems("NUL bytes", "\0\0\n"),
  problems("invalid UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d, 0x0a])),
  problems("an id twice", good + good, /p\.jsonl:2: .*first on line 1/),
  problems("an id that is NUL bytes twice", problem({ id: "\0" }) + problem({ id: "\0" }), /p\.jsonl:2/),
  tests("tests that are a number", { tests: 7 }),
  tests("a check without an entry point", { tests: [{ check: "def check(c): pass" }] }),
  tests("a test of no kind", { tests: [{}] }),
  tests("a call whose arguments are no list", { entry_point: "f", tests: [{ args: { a: 1 }, expected: 1 }] }),
  problems("candidates instead", line({}), /looks like a candidate/),
  {
    name: "a program with NUL bytes",
    files: { "p.jsonl": good, "c.jsonl": one({ code: "print(1)\0\n" }) },
    args: grade(),
    ends: [0],
    rows: 1,
    verdict: ["syntax_error", "runtime_error"],
  },
  {
    name: "a program that is invalid UTF-8",
    make: bytes("a.py", Buffer.from([0x70, 0xff, 0xfe])),
    args: ["split", "IN/a.py"],
    ends: [2],
    says: /a\.py:1: .*UTF-8/,
  },
  {
    name: "a program with a declared encoding",
    files: { "p.jsonl": good, "c.jsonl": one({ code: "# -*- coding: utf-7 -*-\nprint(1)\n" }) },
    args: grade(),
    ends: [0],
    rows: 1,
  },
  {
    name: "a program named on the command line twice",
    files: { "p.jsonl": good, "c.jsonl": one({}) },
    args: ["grade", "IN/c.jsonl", "IN/c.jsonl", "--problems", "IN/p.jsonl"],
    ends: [2],
    says: /twice|given/,
  },
  {
    name: "flags with __proto__",
    args: ["rank", POOL, "--problems", PROBLEM, "--__proto__", "x"],
    ends: [2],
    says: /unknown option/,
  },
  {
    name: "a fault of the replay server with a regular expression",
    args: ["replay", POOL, "--problems", PROBLEM, "--fault", `${"9".repeat(99_999)}@`],
    ends: [2],
    says: /--fault|expected KIND/,
  },
  {
    name: "an argument of 100,000 characters",
    args: ["grade", "x".repeat(100_000), "--problems", PROBLEM],
    ends: [2],
    says: /ENAMETOOLONG|cannot be read/,
  },
  {
    name: "an output whose name is too long",
    args: ["split", "IN/a.py", "--out", `OUT/${"x".repeat(300)}`],
    files: { "a.py": "print(1)\n" },
    ends: [2],
    says: /--out/,
  },
];
