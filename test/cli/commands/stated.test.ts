/** Problems that are stated in plain text, on stdin or in a file, in every command that reads a problem. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { atTerminal } from "../at-terminal.ts";
import { type CliResult, EXAMPLE, funprm, jsonLines, TINY_PRM } from "../run-cli.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-stated-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const STATEMENT = `[Easy] Twice

Read n and print twice n.

Constraints: 1 <= n <= 1000

Sample Input 1
3
Sample Output 1
6
`;
const PROGRAM = "print(2 * int(input()))\n";
/** Nothing is sent to it. */
const MODEL = ["--model", "no-such-model", "--base-url", "http://127.0.0.1:1/v1"];
const inputs = (source: string, input: string | Buffer): Promise<CliResult> =>
  funprm(["inputs", source, "--count", "3", "--quiet"], { input, cwd: directory });

describe("a statement on stdin", () => {
  it.each(["-", "/dev/stdin"])("is a problem under the name %s", async (source) => {
    const { code, stdout, stderr } = await inputs(source, STATEMENT);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ problem_id: "stdin" });
  });

  it("may be gzipped, begin with a byte order mark, and is what a file .txt holds too", async () => {
    const [model, ...rest] = jsonLines((await inputs("-", STATEMENT)).stdout);
    writeFileSync(join(directory, "twice.txt"), STATEMENT);
    for (const [source, input] of [
      ["-", gzipSync(STATEMENT)],
      ["-", `\uFEFF\n${STATEMENT}`],
      ["twice.txt", ""],
    ] as const) {
      const [again, ...others] = jsonLines((await inputs(source, input)).stdout);
      expect(again?.["model"]).toEqual(model?.["model"]);
      expect(others).toEqual(rest);
    }
  });

  it("JSON stays JSON, on one line or many", async () => {
    const text = readFileSync(join(EXAMPLE, "problem.json"), "utf8");
    for (const input of [text, JSON.stringify(JSON.parse(text)), `[${text}]`]) {
      const { stdout } = await inputs("-", input);
      expect(jsonLines(stdout)[0]).toMatchObject({ problem_id: "examples/interval-merge" });
    }
  });

  it.each([
    ['{"statement": "s"}', /expected a problem, got an object/],
    ["{'id': 'p'}", /expected a JSON object/],
    ["[1, 2]", /expected a JSON object/],
    ["", /empty text/],
    [" \n", /empty text/],
    ['Loading ...\n{"id": "p", "statement": "s"}\n', /stdin:2: expected problems as JSON or the text of one/],
    [Buffer.from([0x41, 0, 0x42]), /binary data/],
  ])("%j is refused", async (input, message) => {
    const { code, stderr } = await funprm(["inputs", "-"], { input, cwd: directory });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it("sample forecasts it; solve, rank and score take candidates for it", async () => {
    const dry = await funprm(["sample", "-", ...MODEL, "-n", "2", "--dry-run"], {
      input: STATEMENT,
      cwd: directory,
    });
    expect(JSON.parse(dry.stdout)).toMatchObject({ problems: 1, samples: 2 });

    const pool = join(directory, "candidates.jsonl");
    const rows = [PROGRAM, "print(3 * int(input()))\n"].map((code) => ({ problem_id: "stdin", code }));
    writeFileSync(pool, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const program = join(directory, "program.py");
    writeFileSync(program, PROGRAM);
    const prm = ["--prm", TINY_PRM, "--quiet"];
    const run = (...args: readonly string[]): Promise<CliResult> =>
      funprm([...args, ...prm], { input: STATEMENT, cwd: directory });
    const solved = await run("solve", "-", "--candidates", pool, "--select", "auto");
    expect(solved).toMatchObject({ code: 0, stdout: PROGRAM });
    expect(jsonLines((await run("rank", pool, "--problem", "-")).stdout)).toHaveLength(2);
    expect((await run("score", program, "--problem", "-")).code).toBe(0);
    const both = await run("rank", "--problem", "-");
    expect(both.code).toBe(2);
    expect(both.stderr).toMatch(/expected one input from stdin, got two/);
  });

  it.each([
    ["grade", ["x.jsonl", "--problems", "-"]],
    ["collect", ["-", "--model", "m"]],
    ["bench", ["--problems", "-", "--pool", "x.jsonl"]],
  ])("%s, which reads problems more than once, says that it needs a file", async (command, args) => {
    const { code, stderr } = await funprm([command, ...args], { input: STATEMENT, cwd: directory });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /expected the problems in a file, because they are read more than once; got stdin/,
    );
  });
});

describe("a forecast", () => {
  const args = ["sample", "twice.txt", ...MODEL, "-n", "2", "--dry-run"];

  it("is text at a terminal, and JSON with --json and for scripts", async () => {
    writeFileSync(join(directory, "twice.txt"), STATEMENT);
    const text = await atTerminal(args, directory);
    expect(text).toMatch(/^1 problem\n2 samples to ask for$/m);
    expect(text).toMatch(/cost not known, because the model has no price/);
    expect(text).not.toMatch(/[{}]/);
    const { stdout } = await funprm(args, { cwd: directory });
    expect(JSON.parse(stdout)).toMatchObject({ samples: 2, usd_at_most: null });
    expect(JSON.parse(await atTerminal([...args, "--json"], directory))).toEqual(JSON.parse(stdout));
  });
});
