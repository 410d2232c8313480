import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyTiny, setField } from "../prm/fixtures.ts";
import { EXAMPLE, FunprmHost, MAIN, TINY_PRM } from "./run-cli.ts";

const host = new FunprmHost();
let directory: string;
/** A PRM whose weights are on a server that is not there: what is told before anything is scored needs none. */
let unreachable: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "funprm-bad-"));
  mkdirSync(join(directory, "empty-folder"));
  mkdirSync(join(directory, "no-prm"));
  writeFileSync(join(directory, "program.py"), "print(1)\n");
  unreachable = await copyTiny("decoder");
  for (const field of ["files.model", "files.modelFp32", "graph"])
    await setField(unreachable, field, undefined);
  await setField(unreachable, "endpoint", { url: "http://127.0.0.1:9", model: "prm" });
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  for (const folder of [directory, unreachable]) rmSync(folder, { recursive: true });
});

const PROBLEM = join(EXAMPLE, "problem.json");
const GOOD = { problem_id: "examples/interval-merge", sample_index: 0, code: "print(1)\n" };
const line = (fields: object): string => `${JSON.stringify({ ...GOOD, ...fields })}\n`;

/** [what, content of the candidates file, exit code, what the message must say] */
const CANDIDATES: readonly (readonly [string, string | Buffer, number, RegExp])[] = [
  ["an empty file", "", 2, /empty|no candidates/],
  ["blank lines only", "\n\n  \n", 2, /empty|no candidates/],
  ["binary", Buffer.from([0, 1, 2, 255, 254, 0]), 2, /bad\.jsonl/],
  ["NUL inside a line", `${line({})}a\0b\n`, 2, /:2/],
  ["Latin-1", Buffer.from('{"problem_id":"p","code":"\xe9"}\n', "latin1"), 2, /UTF-8/],
  ["UTF-16", Buffer.from(`\uFEFF${line({})}`, "utf16le"), 2, /bad\.jsonl/],
  ["no JSON", "hello\n", 2, /bad\.jsonl:1/],
  ["a half line", line({}).slice(0, 30), 2, /bad\.jsonl:1/],
  ["a number", "42\n", 2, /:1.*expected/s],
  ["null", "null\n", 2, /:1.*expected/s],
  ["a list of numbers", "[1, 2]\n", 2, /expected/],
  ["NaN as an index", '{"problem_id":"examples/interval-merge","code":"x","sample_index":NaN}\n', 2, /:1/],
  ["a negative index", line({ sample_index: -1 }), 2, /sample_index/],
  ["a fractional index", line({ sample_index: 0.5 }), 2, /sample_index/],
  ["code that is a number", line({ code: 7 }), 2, /"code".*text/],
  ["code that is null", line({ code: null }), 2, /"code".*text/],
  ["no code field", '{"problem_id":"examples/interval-merge"}\n', 2, /expected a candidate/],
  ["a problem instead of a candidate", readFileSync(PROBLEM), 2, /problem/],
  ["an unknown problem", line({ problem_id: "elsewhere/1" }), 2, /bad\.jsonl:1.*"elsewhere\/1"/],
  ["a bad second line", `${line({})}{"problem_id": \n`, 2, /bad\.jsonl:2/],
  ["truncated gzip", gzipSync(line({}).repeat(50)).subarray(0, 60), 2, /gzip/],
  ["garbage after a gzip magic", Buffer.from([0x1f, 0x8b, 8, 0, 9, 9, 9]), 2, /gzip/],
  ["a label that is text", line({ passed: "yes" }), 2, /passed/],
  ["deep nesting", `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}\n`, 2, /bad\.jsonl/],
  [
    "empty programs only",
    line({ code: "" }) + line({ code: " \n", sample_index: 1 }),
    3,
    /no usable candidate/,
  ],
  [
    "a reply without code",
    `${JSON.stringify({ problem_id: GOOD.problem_id, reply: "I cannot help." })}\n`,
    3,
    /no usable/,
  ],
];

describe("rank on bad candidates", () => {
  it.each(CANDIDATES)("%s", async (_, content, code, message) => {
    const file = join(directory, "bad.jsonl");
    writeFileSync(file, content);
    const out = join(directory, "ranking.jsonl");
    const result = await host.run(["rank", file, "--problem", PROBLEM, "--prm", unreachable, "--out", out]);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/\n\s+at |node:internal|defect/);
    expect(result.code).toBe(code);
    expect(result.stdout).toBe("");
    // Nothing half-written: the output is absent, or whole where the input was readable.
    expect(readdirSync(directory).filter((name) => name.includes(".part"))).toEqual([]);
    expect(existsSync(out)).toBe(code === 3);
    rmSync(out, { force: true });
  });
});

describe("good candidates in odd clothes", () => {
  it.each([
    ["BOM", `\uFEFF${line({})}`],
    ["CRLF", line({}).replace("\n", "\r\n")],
    ["no newline at the end", line({}).trimEnd()],
    ["gzip", gzipSync(line({}))],
    ["two gzip members", Buffer.concat([gzipSync(line({})), gzipSync("")])],
    ["a huge line", line({ code: `x = "${"a".repeat(1_000_000)}"\n` })],
    ["lone surrogates", line({ code: 'print("\ud800")\n' })],
    ["a prototype key", line({}).replace("{", '{"__proto__": {"polluted": true}, ')],
  ])("%s", async (_, content) => {
    const file = join(directory, "odd.jsonl");
    writeFileSync(file, content);
    const result = await host.run(["rank", file, "--problem", PROBLEM, "--prm", TINY_PRM]);
    expect(result.stderr).not.toMatch(/defect|error/i);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({ rank: 1, selected: true });
  });
});

/** [what, arguments, exit code, message]; DIR stands for a folder with nothing of use. */
const USAGE: readonly (readonly [string, readonly string[], number, RegExp])[] = [
  ["an unknown command", ["rnak"], 2, /unknown command 'rnak'.*rank/s],
  ["an unknown flag", ["rank", "--problme", "x"], 2, /unknown option '--problme'/],
  ["no problem", ["rank", "DIR/none.jsonl"], 2, /--problems FILE/],
  ["a missing problem file", ["rank", "--problem", "DIR/none.json"], 2, /none\.json/],
  [
    "a missing candidates file",
    ["rank", "DIR/none.jsonl", "--problem", PROBLEM, "--prm", TINY_PRM],
    2,
    /none\.jsonl/,
  ],
  [
    "a folder without programs",
    ["rank", "DIR/empty-folder", "--problem", PROBLEM, "--prm", TINY_PRM],
    2,
    /empty-folder|\.py/,
  ],
  ["a folder as a problem", ["solve", "DIR/empty-folder", "--model", "m"], 2, /empty-folder/],
  ["an unknown aggregate", ["rank", "--problem", PROBLEM, "--aggregate", "median"], 2, /--aggregate.*median/],
  ["zero samples", ["solve", PROBLEM, "-n", "0", "--model", "m"], 2, /--samples/],
  ["no model", ["solve", PROBLEM], 2, /--model NAME.*--candidates/s],
  ["no key", ["solve", PROBLEM, "--model", "m"], 2, /OPENAI_API_KEY/],
  ["a folder that is no PRM", ["score", "DIR/program.py", "--prm", "DIR/no-prm"], 2, /prm\.json/],
  ["a PRM that is nowhere", ["score", "DIR/program.py", "--prm", "DIR/nowhere"], 2, /nowhere/],
  ["an output that cannot be", ["split", PROBLEM, "--out", "DIR/none/x.jsonl"], 2, /--out/],
  ["replay without problems", ["replay", join(EXAMPLE, "candidates.jsonl")], 2, /--problems FILE/],
  [
    "a fault that is none",
    ["replay", join(EXAMPLE, "candidates.jsonl"), "--problem", PROBLEM, "--fault", "flood"],
    2,
    /flood/,
  ],
  [
    "a cost limit without a price",
    ["solve", PROBLEM, "--model", "nameless", "--base-url", "http://127.0.0.1:9/v1", "--max-cost", "1"],
    2,
    /price/,
  ],
];

describe("bad usage", () => {
  it.each(USAGE)("%s", async (_, args, code, message) => {
    const result = await host.run(
      args.map((arg) => arg.replace("DIR", directory)),
      { env: { OPENAI_API_KEY: "" }, cwd: directory },
    );
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/\n\s+at |node:internal|defect/);
    expect(result.code).toBe(code);
    expect(result.stdout).toBe("");
  });
});

it("says that standard output cannot be written, on a full disk", async () => {
  const program = join(directory, "program.py");
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [MAIN, "split", program], { stdio: ["ignore", full, "pipe"] });
  const told: Buffer[] = [];
  child.stderr?.on("data", (chunk: Buffer) => told.push(chunk));
  await once(child, "close");
  closeSync(full);
  expect(Buffer.concat(told).toString()).toMatch(/^funprm: standard output cannot be written: .*ENOSPC.*\n$/);
  expect(child.exitCode).toBe(2);
});

it("doctor does not repeat a key that the server echoes", async () => {
  const key = "sk-a-key-that-nobody-may-read";
  const server = createServer((request, response) => {
    response.writeHead(401, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: `wrong key: ${request.headers.authorization}` } }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  try {
    const result = await host.run(
      ["doctor", "--base-url", `http://127.0.0.1:${port}/v1`, "--prm", TINY_PRM],
      {
        env: { OPENAI_API_KEY: key },
      },
    );
    expect(result.stdout).toMatch(/LLM API: .*wrong key/);
    expect(result.stdout + result.stderr).not.toContain(key);
  } finally {
    server.close();
  }
});
