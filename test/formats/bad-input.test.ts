import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { FunprmError } from "../../src/core/errors.ts";
import { readCandidates } from "../../src/formats/candidates.ts";
import { readProblems } from "../../src/formats/problems.ts";
import { all, testFolder } from "./folder.ts";

const folder = testFolder();
const PROBLEM = '{"id": "p", "statement": "s"}';
const CANDIDATE = '{"problem_id": "p", "code": "x"}';
const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
const whole = gzipSync(
  Array.from(
    { length: 20_000 },
    (_, i) => `{"id": ${i}, "problem_id": "p", "statement": "s", "code": "x"}\n`,
  ).join(""),
);

/** The message must name a line; which one depends on how far the unpacking came. */
const SOME = -1;

/** What is wrong, the file, the line the message must name (0: none), and words it must hold. */
type Bad = [kind: string, content: string | Uint8Array, line: number, says: string];

const ANY: Bad[] = [
  ["an empty file", "", 0, "got an empty text"],
  ["blank lines only", "\n \r\n\t\n", 0, "got an empty text"],
  ["only a byte order mark", "\uFEFF", 0, "got an empty text"],
  ["binary data", Buffer.from([0x7b, 0x22, 0, 1, 2, 0x0a]), 1, "binary data"],
  ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), 1, "UTF-8"],
  ["UTF-16", Buffer.from(`\uFEFF${PROBLEM}\n`, "utf16le"), 1, "UTF-16"],
  ["UTF-16 without a mark", Buffer.from(`${PROBLEM}\n`, "utf16le"), 1, "binary data"],
  ["Latin-1", Buffer.from('{"id": "Zürich"}\n', "latin1"), 1, "UTF-8"],
  ["a truncated gzip file", whole.subarray(0, whole.length >> 1), SOME, "cut off"],
  ["a gzip file of a few bytes", whole.subarray(0, 5), 1, "cut off"],
  [
    "a damaged gzip file",
    Buffer.concat([whole.subarray(0, 30), Buffer.alloc(40, 7), whole.subarray(70)]),
    SOME,
    "damaged",
  ],
  ["text behind a gzip file", Buffer.concat([gzipSync(`${PROBLEM}\n`), Buffer.from("more text")]), 0, "gzip"],
  ["an empty gzip file", gzipSync(""), 0, "got an empty text"],
  ["an empty list", "[]", 0, "got an empty list"],
  ["a list of numbers", "[1, 2]", 1, "expected a JSON object"],
  ["a number", "3\n", 1, "got the number 3"],
  ["null", "null\n", 1, "got null"],
  ["a string", '"text"\n', 1, 'got the string "text"'],
  ["prose", "Hello there\n", 1, 'got "Hello there"'],
  ["CSV", "id,statement\n1,x\n", 1, 'got "id,statement"'],
  ["Python instead of JSON", "{'id': 'p'}\n", 1, "expected a JSON object"],
  [
    "a line cut off",
    `{"id": "p", "problem_id": "p", "statement": "s", "code": "x"}\n{"id": "q", "problem_id"`,
    2,
    "expected a JSON object",
  ],
  ["two objects on a line", `${PROBLEM} ${PROBLEM}\n`, 1, "expected a JSON object"],
  [
    "a list that is cut off",
    `[\n${PROBLEM.replace("}", ', "problem_id": "p", "code": "x"}')},\n`,
    3,
    "cut off",
  ],
  [
    "a list without a comma",
    `[${CANDIDATE.replace("}", ', "id": "p", "statement": "s"}')}\n${PROBLEM}]`,
    2,
    "expected a JSON object",
  ],
  [
    "text behind a list",
    `[${CANDIDATE.replace("}", ', "id": "p", "statement": "s"}')}]\n\nmore`,
    3,
    "the end of the file after the list",
  ],
  ["a pretty object cut off", '{\n  "id": "p",\n  "statement": "s"', 1, "cut off"],
  ["a raw line break in a string", '{\n  "id": "p\nq"\n}', 2, "line breaks as \\n"],
  [
    "deep nesting",
    `{"id": "p", "problem_id": "p", "statement": "s", "code": "x", "tests": ${deep}}`,
    1,
    "nested at most 1000 deep",
  ],
  ["a control character in a string", '{"id": "p\u0001"}\n', 1, "expected a JSON object"],
];

const PROBLEMS: Bad[] = [
  ["a problem twice", `${PROBLEM}\n\n${PROBLEM}\n`, 3, 'got id "p" again (first on line 1)'],
  ["a problem twice in a list", `[${PROBLEM},\n${PROBLEM}]`, 2, "(first on line 1)"],
  ["an unknown form", '{"name": "p", "text": "s"}\n', 1, 'got an object with "name", "text"'],
  ["a candidate as a problem", `${CANDIDATE}\n`, 1, "It looks like a candidate"],
  ["an object without fields", "{}\n", 1, "no fields"],
  ["an empty id", '{"id": " ", "statement": "s"}\n', 1, 'field "id": expected an id'],
  ["an id that is a list", '{"id": [], "statement": "s"}\n', 1, "got a list of 0"],
  ["an empty statement", '{"id": "p", "statement": " "}\n', 1, "expected the problem's statement"],
  ["a statement that is no text", '{"id": "p", "statement": 7}\n', 1, 'field "statement": expected a string, got the number 7'],
  ["NaN as an id", '{"id": NaN, "statement": "s"}\n', 1, "got null"],
  ["tests that are no list", '{"id": "p", "statement": "s", "tests": {"input": "1"}}', 1, 'field "tests": expected a list'],
  ["a test of no form", '{"id": "p", "statement": "s", "tests": [{"input": "1", "output": 1}]}', 1, 'field "tests[0]": expected a test'],
  ["a call without a result", '{"id": "p", "statement": "s", "tests": [{"args": [1]}]}', 1, 'expected "expected" with "args"'],
  ["a check without an entry point", '{"id": "p", "statement": "s", "tests": [{"check": "def check(f): pass"}]}', 1, '"entry_point"'],
  ["test code of no kind", '{"id": "p", "statement": "s", "entry_point": "f", "tests": "assert f(1)"}', 1, "check(candidate) or unittest"],
  ["LiveCodeBench tests that are no JSON", '{"question_id": "p", "question_content": "s", "public_test_cases": "oops"}', 1, 'field "public_test_cases"'],
  ["LiveCodeBench metadata that is no JSON", '{"question_id": "p", "question_content": "s", "metadata": "{oops"}', 1, 'field "metadata"'],
  ["an EvalPlus task without a name", '{"task_id": "p", "prompt": "s", "entry_point": "", "base_input": []}', 1, 'field "entry_point"'],
  ["a BigCodeBench task without tests", '{"task_id": "p", "complete_prompt": "s", "entry_point": "f", "test": ""}', 1, 'field "test"'],
  ["a ClassEval class without test classes", '{"task_id": "p", "skeleton": "s", "class_name": "A", "test": "t", "test_classes": []}', 1, 'field "test_classes"'],
]; // prettier-ignore

const CANDIDATES: Bad[] = [
  ["an unknown form", '{"problem_id": "p", "program": "x"}\n', 1, 'got an object with "problem_id", "program"'],
  ["a problem as a candidate", `${PROBLEM}\n`, 1, "It looks like a problem"],
  ["code that is no text", '{"problem_id": "p", "code": ["x"]}\n', 1, 'field "code": expected the program as text, got a list of 1'],
  ["code that is null", '{"problem_id": "p", "code": null}\n', 1, "got null"],
  ["no problem id", '{"code": "x"}\n', 1, 'expected "problem_id", "task_id" or "question_id"'],
  ["an empty problem id", '{"problem_id": "", "code": "x"}\n', 1, "expected an id"],
  ["a negative sample index", '{"problem_id": "p", "code": "x", "sample_index": -1}\n', 1, 'field "sample_index"'],
  ["half a sample index", '{"problem_id": "p", "code": "x", "sample_index": 0.5}\n', 1, 'field "sample_index"'],
  ["a huge sample index", '{"problem_id": "p", "code": "x", "sample_index": 1e300}\n', 1, 'field "sample_index"'],
  ["a number no double holds", `${CANDIDATE}\n{"problem_id": "p", "code": "x", "score": 1e999}\n`, 2, "numbers a double can hold"],
  ["NaN", '{"problem_id": "p", "code": "x", "score": NaN}\n', 1, "NaN and Infinity are no JSON: write null"],
  ["a verdict that is no verdict", '{"problem_id": "p", "code": "x", "passed": "yes"}\n', 1, 'field "passed": expected true or false, got the string "yes"'],
  ["a completion without its problem", '{"task_id": "p", "completion": "    return 1"}\n', 1, "--problems"],
  ["samples without their problem", '{"prompt": "def f():", "samples": ["x"]}\n', 1, "--problems"],
  ["samples that are no list", '{"task_id": "p", "prompt": "", "samples": "x"}\n', 1, 'field "samples"'],
  ["code_list that is no list", '{"question_id": "p", "code_list": "x"}\n', 1, 'field "code_list"'],
  ["a number in code_list", '{"question_id": "p", "code_list": ["x", 1]}\n', 1, 'field "code_list.1"'],
  ["verdicts for another count of programs", '{"question_id": "p", "code_list": ["x"], "graded_list": [true, false]}\n', 1, "each of the 1 programs, got 2"],
  ["a candidate of many fields", `${JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`field${i}`, i])))}\n`, 1, "and 4992 more"],
]; // prettier-ignore

async function refused(items: AsyncIterable<unknown>): Promise<FunprmError> {
  const error = await all(items).then(
    (found) => new Error(`read ${found.length} items`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FunprmError);
  if (!(error instanceof FunprmError)) throw new Error("unreachable");
  expect(error.code).toBe("input");
  expect(error.message.length).toBeLessThan(1500);
  return error;
}

/** The line the message names after the file; 0: none. */
function lineNamed(error: FunprmError, file: string): number {
  return Number(/^:(\d+): /.exec(error.message.slice(file.length))?.[1] ?? 0);
}

function expectRefusal(error: FunprmError, file: string, [, , line, says]: Bad): void {
  expect(error.message).toContain(says);
  expect(error.message.startsWith(file)).toBe(true);
  const named = lineNamed(error, file);
  expect(line === SOME ? named > 0 : line === 0 || named === line).toBe(true);
}

let files = 0;
function write(content: string | Uint8Array): string {
  files += 1;
  return folder.write(`bad-${files}.jsonl`, content);
}

describe("a problem file", () => {
  it.each([...ANY, ...PROBLEMS])("with %s is refused with file, line and reason", async (...bad) => {
    const file = write(bad[1]);
    expectRefusal(await refused(readProblems(file)), file, bad);
    expect.hasAssertions();
  });

  it("of private tests in a bomb is not inflated to read the problem", async () => {
    const data = deflateSync(Buffer.alloc(50_000_000)).toString("base64");
    const file = write(JSON.stringify({ question_id: "p", question_content: "s", private_test_cases: data }));
    expect(await all(readProblems(file))).toHaveLength(1);
  });

  it("in Markdown without a statement is refused", async () => {
    const file = folder.write("empty.md", "\n\n");
    expect((await refused(readProblems(file))).message).toContain("expected the problem's statement");
  });
});

describe("a candidate file", () => {
  it.each([...ANY, ...CANDIDATES])("with %s is refused with file, line and reason", async (...bad) => {
    const file = write(bad[1]);
    expectRefusal(await refused(readCandidates([file])), file, bad);
    expect.hasAssertions();
  });

  it("gives what comes before the bad line first", async () => {
    const found: string[] = [];
    const file = write(`${CANDIDATE}\n${CANDIDATE}\n{"oops`);
    await expect(
      (async () => {
        for await (const candidate of readCandidates([file])) found.push(candidate.code);
      })(),
    ).rejects.toThrow(`${file}:3: `);
    expect(found).toEqual(["x", "x"]);
  });
});

describe("a path", () => {
  it("to nothing, to a folder, through a file, without permission, to a folder without programs", async () => {
    const file = write(PROBLEM);
    mkdirSync(join(folder.path, "empty"));
    expect((await refused(readProblems(join(folder.path, "none.jsonl")))).message).toContain(
      "found nothing there",
    );
    expect((await refused(readProblems(folder.path))).message).toContain("got a folder");
    expect((await refused(readProblems(join(file, "x")))).message).toContain("no folder");
    expect((await refused(readCandidates([join(folder.path, "none")]))).message).toContain(
      "found nothing there",
    );
    expect((await refused(readCandidates([join(folder.path, "empty")]))).message).toContain(
      "expected .py files",
    );
    const latin1 = folder.write("latin/0.py", Buffer.from("# Zürich", "latin1"));
    expect((await refused(readCandidates([join(folder.path, "latin")]))).message).toContain(
      `${latin1}:1: expected UTF-8`,
    );
    chmodSync(file, 0);
    // root may read everything, so there is nothing to refuse then.
    const told = process.getuid?.() === 0 ? "not permitted" : (await refused(readProblems(file))).message;
    expect(told).toContain("not permitted");
  });

  it("with a repeated field takes the last, and __proto__ harms nothing", async () => {
    const file = write('{"problem_id": "a", "problem_id": "b", "code": "x", "__proto__": {"passed": true}}');
    const [candidate] = await all(readCandidates([file]));
    expect(candidate?.problemId).toBe("b");
    expect(candidate?.passed).toBeUndefined();
  });
});
