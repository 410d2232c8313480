import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { GRADING_VERSION } from "../../../src/grade/grading-version.ts";
import { funprm, FunprmHost, jsonLines } from "../run-cli.ts";

const host = new FunprmHost();
afterAll(() => host[Symbol.asyncDispose]());

let directory: string;
let problem: string;
let pool: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-grade-"));
  problem = join(directory, "problem.json");
  pool = join(directory, "pool.jsonl");
  const tests = ["1", "2", "21"].map((n) => ({ input: n, output: String(2 * Number(n)) }));
  writeFileSync(problem, JSON.stringify({ id: "double", statement: "Double it.", tests }));
  const programs = ["print(int(input()) * 2)", "print(2)", "raise KeyError(1)", "", "while True: pass"];
  const lines = programs.map((code, i) =>
    JSON.stringify({ problem_id: "double", sample_index: i, code, note: "kept" }),
  );
  writeFileSync(pool, `${lines.join("\n")}\n`);
});
afterEach(() => rmSync(directory, { recursive: true }));

const VERDICTS = ["pass", "wrong_answer", "runtime_error", "no_code", "time_limit"];

describe("grade", () => {
  it("gives the same lines in the same order with verdicts, and the first failing test", async () => {
    const result = await funprm(["grade", pool, "--problem", problem, "--timeout", "1"], { cwd: directory });
    expect(result.code).toBe(0);
    const rows = jsonLines(result.stdout);
    expect(rows.map((row) => row["verdict"])).toEqual(VERDICTS);
    expect(rows.map((row) => row["passed"])).toEqual([true, false, false, false, false]);
    expect(rows.map((row) => row["note"])).toEqual(Array.from({ length: 5 }, () => "kept"));
    expect(rows[1]?.["failed_test"]).toMatchObject({ index: 1, input: "2", expected: "4", actual: "2\n" });
    expect(result.stderr).toMatch(/graded 5 candidates .*pass 1/);
  });

  it("goes on with a file that was cut off in the middle of a line", async () => {
    const out = join(directory, "graded.jsonl");
    const args = ["grade", pool, "--problem", problem, "--timeout", "1", "--out", out];
    expect((await host.run(args, { cwd: directory })).code).toBe(0);
    const whole = readFileSync(out, "utf8");
    const lines = whole.split("\n");
    writeFileSync(out, `${lines[0]}\n${lines[1]}\n${lines[2]?.slice(0, 20)}`);
    const resumed = await host.run([...args, "--resume"], { cwd: directory });
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/2 candidates are graded already.*graded 3 candidates/s);
    const verdicts = jsonLines(readFileSync(out, "utf8")).map((row) => row["verdict"]);
    expect(verdicts).toEqual(VERDICTS);
  });

  it.each([{ more: [] }, { more: ["--resume"] }, { more: ["--form", "evalplus"] }])(
    "is refused while another one writes the file, which it leaves alone: $more",
    async ({ more }) => {
      const out = join(directory, "graded.jsonl");
      const args = ["grade", pool, "--problem", problem, "--out", out, ...more];
      const stop = new AbortController();
      // Its programs include one that ends at the time limit only.
      const first = funprm([...args, "--timeout", "60"], { cwd: directory, signal: stop.signal });
      while (!existsSync(`${out}.lock`)) await setTimeout(20);
      const second = await host.run(args, { cwd: directory });
      expect(second.code).toBe(2);
      expect(second.stderr).toMatch(/graded\.jsonl: another grade works here \(process \d+.*--out/s);
      stop.abort();
      await first;
      // A killed run's lock is nobody's.
      const third = await host.run([...args, "--timeout", "1"], { cwd: directory });
      expect(third.code).toBe(0);
      expect(readFileSync(out, "utf8").trim().split("\n")).toHaveLength(more[0] === "--form" ? 1 : 5);
      expect(readdirSync(directory).filter((name) => name.startsWith("graded"))).toEqual(["graded.jsonl"]);
    },
  );

  it("tells of an earlier run's candidates without a verdict when it goes on", async () => {
    const out = join(directory, "graded.jsonl");
    const rows = jsonLines(readFileSync(pool, "utf8")).map((candidate, i) => ({
      ...candidate,
      verdict: i === 1 ? "infra_error" : "pass",
      grading_version: GRADING_VERSION,
    }));
    writeFileSync(out, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const resumed = await host.run(["grade", pool, "--problem", problem, "--out", out, "--resume"], {
      cwd: directory,
    });
    expect(resumed.code).toBe(5);
    expect(resumed.stderr).toMatch(/1 candidates could not be judged.*--resume/s);
  });

  it("never writes over what it is to read", async () => {
    const before = readFileSync(pool, "utf8");
    for (const out of [pool, `${directory}/./pool.jsonl`]) {
      const result = await host.run(["grade", pool, "--problem", problem, "--out", out], { cwd: directory });
      expect(result.code).toBe(2);
      expect(result.stderr).toMatch(/another file than/);
      expect(readFileSync(pool, "utf8")).toBe(before);
    }
  });

  it("says before it grades that the output cannot be written", async () => {
    const out = join(directory, "no", "results.json");
    const result = await host.run(["grade", pool, "--problem", problem, "--form", "evalplus", "--out", out], {
      cwd: directory,
    });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/--out .*cannot be written/);
    expect(result.stderr).not.toMatch(/graded 5/);
  });

  it("calls what it cannot judge an infrastructure fault, never a failing program", async () => {
    writeFileSync(problem, JSON.stringify({ id: "double", statement: "Double it." }));
    const result = await host.run(["grade", pool, "--problem", problem], { cwd: directory });
    expect(result.code).toBe(5);
    expect(jsonLines(result.stdout)[0]).toMatchObject({ verdict: "infra_error", passed: null });
    expect(result.stderr).toMatch(/could not be judged.*has no tests/s);
  });

  it.each([
    ["livecodebench", /"graded_list":\[true,false,false,false,false\]/],
    ["evalplus", /"eval":\{"double"/],
    ["bigcodebench", /"status":"timeout"/],
  ])("writes the result form of %s", async (form, text) => {
    const args = ["grade", pool, "--problem", problem, "--timeout", "1", "--form", form];
    const result = await host.run(args, { cwd: directory });
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(text);
    expect(() => JSON.parse(result.stdout)).not.toThrow();
  });

  it.each([
    [["grade", "POOL"], /--problems FILE/],
    [["grade", "POOL", "--problem", "PROBLEM", "--resume"], /--out/],
    [["grade", "POOL", "--problem", "PROBLEM", "--python", "nowhere/python"], /nowhere\/python/],
  ])("refuses %j", async (args, message) => {
    const filled = args.map((arg) => arg.replace("POOL", pool).replace("PROBLEM", problem));
    const result = await host.run(filled, { cwd: directory });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });
});
