import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { completion, json, localServer } from "../../llm/local-server.ts";
import { type CliResult, FunprmHost, jsonLines } from "../run-cli.ts";

const RIGHT = "def slug(title):\n    return '-'.join(title.lower().split())\n";
const WRONG = "def slug(title):\n    return title.lower().replace(' ', '-')\n";
const ENDS = "import sys\nsys.exit(0)\n";
const KILLS = "import os\nos._exit(0)\n";
const STATEMENT = "Write a Python function slug(title) that makes a title a slug.";
const TESTS = `from slug import slug


def test_words():
    assert slug("Two Words") == "two-words"


def test_blanks():
    assert slug(" a  b ") == "a-b"
`;

const host = new FunprmHost();
afterAll(() => host[Symbol.asyncDispose]());

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-own-"));
  writeFileSync(join(directory, "test_slug.py"), TESTS);
});
afterEach(() => rmSync(directory, { recursive: true }));

function solve(programs: readonly string[], ...more: readonly string[]): Promise<CliResult> {
  const lines = programs.map((code, i) => JSON.stringify({ problem_id: "argument", sample_index: i, code }));
  writeFileSync(join(directory, "candidates.jsonl"), lines.join("\n"));
  const args = ["solve", STATEMENT, "--candidates", "candidates.jsonl", "--test-path", "slug.py", ...more];
  return host.run(args, { cwd: directory });
}

describe("solve with the user's own tests", () => {
  it.each([
    ["a file of tests", ["--test-file", "test_slug.py"]],
    ["a command", ["--test", "python3 -c 'import test_slug as t; t.test_words(); t.test_blanks()'"]],
  ])("%s decides before all else", async (_, named) => {
    const result = await solve([WRONG, WRONG, RIGHT], ...named);
    expect(result).toMatchObject({ code: 0, stdout: RIGHT });
    expect(result.stderr).toMatch(/sample 2 of 3, decided by own tests/);
    expect(result.stderr).toMatch(/passes your tests, as 1 of 3 candidates do/);
  });

  it("runs a single program too", async () => {
    const result = await solve([RIGHT], "--test-file", "test_slug.py", "--json");
    expect(jsonLines(result.stdout)[0]).toMatchObject({ code: RIGHT, passes_own_tests: true });
  });

  it("runs unittest where the file is of unittest, with a test of its own that fails", async () => {
    const lines = [
      "import unittest",
      "from slug import slug",
      "class TestSlug(unittest.TestCase):",
      "    def test_blanks(self):",
      '        self.assertEqual(slug(" a  b "), "a-b")',
    ];
    writeFileSync(join(directory, "test_slug.py"), `${lines.join("\n")}\n`);
    const result = await solve([WRONG, RIGHT], "--test-file", "test_slug.py");
    expect(result).toMatchObject({ code: 0, stdout: RIGHT });
  });

  it("prints nothing where no program passes, and shows what the tests say of the best one", async () => {
    const result = await solve([WRONG, "def slug(title):\n    return 3\n"], "--test-file", "test_slug.py");
    expect(result).toMatchObject({ code: 3, stdout: "" });
    expect(result.stderr).toMatch(/none of 2 candidates passes your tests/);
    expect(result.stderr).toMatch(/assert|AssertionError/);
  });

  it.each([
    ["sys.exit(0)", ENDS],
    ["os._exit(0)", KILLS],
  ])("a program that ends the tests by %s passes none", async (_, program) => {
    const result = await solve([program, RIGHT], "--test-file", "test_slug.py");
    expect(result).toMatchObject({ code: 0, stdout: RIGHT });
  });

  it("sees the other files of the folder, and the tests never see the file that was there before", async () => {
    writeFileSync(join(directory, "words.py"), 'BLANKS = " a  b "\n');
    writeFileSync(join(directory, "slug.py"), RIGHT);
    const test =
      "from words import BLANKS\nfrom slug import slug\n\n\ndef test_blanks():\n    assert slug(BLANKS) == 'a-b'\n";
    writeFileSync(join(directory, "test_slug.py"), test);
    const result = await solve([WRONG], "--test-file", "test_slug.py");
    expect(result.code).toBe(3);
    expect(result.stderr).not.toMatch(/No module named/);
  });

  it.each([
    [["--test", "x", "--test-file", "test_slug.py"], /not both/, 2],
    [["--test-file", "none.py"], /expected a file of tests, there is none/, 2],
    [["--test-file", "../none.py"], /below the working directory/, 2],
    [
      ["--test", "no-such-runner-here"],
      /can be run in the sandbox, got "no-such-runner-here": No such file/,
      2,
    ],
    [["--test", "pytest 'x"], /got "pytest 'x": No closing quotation/, 2],
    [["--test", " "], /expected a command such as 'pytest -q', got an empty one/, 2],
    [["--test-file", "test_slug.py", "--recombine"], /--recombine may print a class that is none/, 2],
    [["--min-confidence", "0.5", "--recombine"], /--recombine may print a class that is none/, 2],
  ])("says what is wrong with %j", async (named, message, code) => {
    const result = await solve([RIGHT, WRONG], ...named);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toMatch(message);
  });
});

it("prints nothing where the tests cannot run at all", async () => {
  const lines = JSON.stringify({ problem_id: "argument", sample_index: 0, code: RIGHT });
  writeFileSync(join(directory, "candidates.jsonl"), lines);
  const args = ["solve", STATEMENT, "--candidates", "candidates.jsonl", "--test-file", "test_slug.py"];
  const result = await host.run(args, { cwd: directory, env: { PATH: join(directory, "nowhere") } });
  expect(result.stdout).toBe("");
  expect(result.code).not.toBe(0);
  expect(result.stderr).toMatch(/python3|isolated/);
});

it.each(["python3 -X dev -m pytest -q", "py.test -q", "pytest"])(
  "a program that ends the process of %s passes none",
  async (command) => {
    const result = await solve([KILLS, RIGHT], "--test", command);
    expect(result).toMatchObject({ code: 0, stdout: RIGHT });
  },
);

describe("own tests in rounds", () => {
  it("end with the first program that passes, and a repair is shown what they say", async () => {
    await using server = await localServer(({ body }, response) => {
      const asked = JSON.stringify(body["messages"]);
      const code = asked.includes("A program that is wrong") ? RIGHT : WRONG;
      const n = z.number().parse(body["n"] ?? 1);
      json(response, 200, completion(Array.from({ length: n }, () => `\`\`\`python\n${code}\`\`\`\n`)));
    });
    const fixed = ["solve", STATEMENT, "--model", "m", "--base-url", server.url, "--test-path", "slug.py"];
    const args = [
      ...fixed,
      "--test-file",
      "test_slug.py",
      "-n",
      "2..8",
      "--repair",
      "--min-gain",
      "0",
      "--json",
    ];
    const result = await host.run(args, { cwd: directory });
    expect(jsonLines(result.stdout)[0]).toMatchObject({
      candidates: 4,
      passes_own_tests: true,
      rounds: { count: 2, stopped: "sure enough", repairs: { 2: 0, 3: 0 } },
    });
    const asked = JSON.stringify(server.seen.at(-1)?.body["messages"]);
    expect(asked).toContain("It fails these tests");
    const requests = server.seen.length;
    const again = await host.run(args, { cwd: directory });
    expect(again.stdout).toBe(result.stdout);
    expect(server.seen).toHaveLength(requests);
  });
});
