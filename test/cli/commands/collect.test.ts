import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COUNTER_RECORD, counter } from "../../rollout/programs.ts";
import { funprm, FunprmHost, jsonLines } from "../run-cli.ts";

const host = new FunprmHost();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-collect-cli-"));
  const codes = [counter(), counter({ add: "self.total -= n" }), counter({ double: "self.total += 2" })];
  const candidates = codes.map((code, sample_index) => ({
    problem_id: COUNTER_RECORD.task_id,
    code,
    sample_index,
  }));
  await writeFile(join(folder, "problems.jsonl"), `${JSON.stringify(COUNTER_RECORD)}\n`);
  await writeFile(join(folder, "pool.jsonl"), candidates.map((row) => `${JSON.stringify(row)}\n`).join(""));
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const POOL = ["collect", "problems.jsonl", "--policy", "pool", "--candidates", "pool.jsonl"];
const run = (...args: string[]) => host.run(args, { cwd: folder });

describe("collect", () => {
  test("writes one row a prefix, and says how many completions pass", async () => {
    const { code, stdout, stderr } = await funprm([...POOL, "-k", "2"], { cwd: folder });
    expect(code).toBe(0);
    const rows = jsonLines(stdout);
    expect(rows.map(({ step, k, K, whole }) => [step, k, K, whole])).toEqual([
      [0, 1, 2, false],
      [1, 2, 2, false],
      [2, 1, 1, true],
      [0, 1, 2, false],
      [1, 0, 2, false],
      [2, 0, 1, true],
      [0, 1, 2, false],
      [1, 2, 2, false],
      [2, 1, 1, true],
    ]);
    expect(rows[0]).toMatchObject({
      problem_id: "Counter_0",
      kind: "method",
      name: "Counter.__init__",
      steps: 3,
    });
    expect(stderr).toMatch(
      /3 programs, 3 different prefixes: 3 of 6 completions pass, 0 did not keep their prefix/,
    );
  });

  test("--dry-run says what would be graded and runs nothing", async () => {
    const { code, stdout } = await run(...POOL, "-k", "16", "--dry-run", "--python", "/nonexistent");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ programs: 3, prefixes: 3, rollouts: 48 });
  });

  test("--steps line labels the lines of every program, and --mix keeps what it says", async () => {
    const { code, stdout, stderr } = await funprm([...POOL, "--steps", "line"], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toMatch(/3 programs, 1 of them fail: \d+ prefixes were completed/);
    const rows = jsonLines(stdout);
    expect(rows.map(({ passed }) => passed)).toEqual([true, false, true]);
    expect(rows[0]).toMatchObject({
      problem_id: "Counter_0",
      line_of_no_return: null,
      by: { policy: "pool", continuation: "lines", label: "search", mix: "full", K: 20 },
    });
    const revised = await run(...POOL, "--steps", "line", "--mix", "revised");
    expect(jsonLines(revised.stdout)).toMatchObject([{ sample_index: 1, passed: false }]);
    const forecast = await run(...POOL, "--steps", "line", "--label", "exhaustive", "--dry-run");
    expect(JSON.parse(forecast.stdout)).toMatchObject({ programs: 3, prefixes: 24, rollouts: 480 });
  });

  test("--out appears whole; --limit keeps the programs of a smaller one", async () => {
    await run(...POOL, "-k", "1", "--limit", "1", "--out", "one.jsonl");
    await run(...POOL, "-k", "1", "--limit", "2", "--out", "two.jsonl");
    const one = jsonLines(await readFile(join(folder, "one.jsonl"), "utf8"));
    const two = jsonLines(await readFile(join(folder, "two.jsonl"), "utf8"));
    expect(one).toHaveLength(3);
    expect(two).toHaveLength(6);
    expect(two).toEqual(expect.arrayContaining(one));
  });

  test("a problem without candidates: the others are answered, exit code 3", async () => {
    const other = {
      ...COUNTER_RECORD,
      task_id: "Counter_1",
      skeleton: `${COUNTER_RECORD.skeleton}# other\n`,
    };
    await writeFile(
      join(folder, "both.jsonl"),
      `${JSON.stringify(COUNTER_RECORD)}\n${JSON.stringify(other)}\n`,
    );
    const { code, stdout, stderr } = await run("collect", "both.jsonl", ...POOL.slice(2), "-k", "1");
    expect(code).toBe(3);
    expect(jsonLines(stdout)).toHaveLength(9);
    expect(stderr).toContain("Counter_1: no candidate with code");
  });

  test("tests that cannot be judged are exit code 5, never a failing program", async () => {
    const broken = { ...COUNTER_RECORD, test: `import no_such_library\n${COUNTER_RECORD.test}` };
    await writeFile(join(folder, "broken.jsonl"), `${JSON.stringify(broken)}\n`);
    const { code, stdout, stderr } = await run("collect", "broken.jsonl", ...POOL.slice(2), "-k", "1");
    expect(code).toBe(5);
    expect(jsonLines(stdout).every(({ reward, passed }) => reward === null && passed === null)).toBe(true);
    expect(stderr).toContain("could not be judged");
  });

  test.each([
    [["collect", "problems.jsonl", "--policy", "pool"], "give --candidates FILE"],
    [["collect", "problems.jsonl", "--candidates", "pool.jsonl"], "--policy api needs --model"],
    [[...POOL, "-k", "0"], "--rollouts"],
    [["collect", "problems.jsonl", "--policy", "magic"], "--policy"],
    [["train", "rewards.jsonl"], "--problems FILE --out DIR"],
    [["export", "--out", "prm"], "--run DIR"],
    [["export", "--checkpoint", "pool.jsonl", "--out", "prm"], "--layout"],
    [["export", "--checkpoint", "pool.jsonl", "--layout", "dreamprm", "--out", "prm"], "--base"],
    [["export", "--run", ".", "--out", "prm"], "train the run first"],
  ])("usage: %j", async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});
