import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shardOf } from "../../../src/shard/shard.ts";
import { FunprmHost } from "../run-cli.ts";

const host = new FunprmHost();
const FACTORS = [2, 3, 4, 5, 6, 7];
const SHARDS = [2, 0, 1];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-shards-"));
  const problems = FACTORS.map((k) => ({
    id: `times-${k}`,
    statement: `Print n times ${k}.\n\nExample:\nInput: 3\nOutput: ${3 * k}`,
    tests: [1, 21].map((n) => ({ input: String(n), output: String(n * k) })),
  }));
  const candidates = FACTORS.flatMap((k) =>
    [`print(int(input()) * ${k})`, `print(${k})`, "raise KeyError(1)"].map((code, i) => ({
      problem_id: `times-${k}`,
      sample_index: i,
      code,
    })),
  );
  const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  writeFileSync(join(directory, "problems.jsonl"), lines(problems));
  writeFileSync(join(directory, "candidates.jsonl"), lines(candidates));
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

const text = (name: string) => readFileSync(join(directory, name), "utf8");
const run = (...args: string[]) => host.run(args, { cwd: directory });

async function succeeds(...args: string[]): Promise<void> {
  const { code, stderr } = await run(...args);
  expect(stderr + String(code)).toMatch(/0$/);
}

describe("shards that are merged are what one run writes", () => {
  it.each([
    ["grade", ["grade", "candidates.jsonl", "--problems", "problems.jsonl", "--steady"]],
    ["rank", ["rank", "candidates.jsonl", "--problems", "problems.jsonl", "--grouped"]],
    [
      "collect",
      ["collect", "problems.jsonl", "--policy", "pool", "--candidates", "candidates.jsonl", "-k", "2"],
    ],
  ])("%s, byte for byte", async (name, command) => {
    await succeeds(...command, "--verdicts", `${name}-alone`, "--out", `${name}.jsonl`);
    for (const i of SHARDS)
      await succeeds(
        ...command,
        "--verdicts",
        `${name}-store`,
        "--shard",
        `${i}/3`,
        "--out",
        `${name}-${i}.jsonl`,
      );
    await succeeds("merge", ...SHARDS.map((i) => `${name}-${i}.jsonl`), "--out", `${name}-merged.jsonl`);
    expect(text(`${name}-merged.jsonl`)).toBe(text(`${name}.jsonl`));
  });

  it("rank by one process that is told of shards one by one, its model loaded once", async () => {
    const tasks = SHARDS.map((i) => ({ shard: `${i}/3`, out: `told-${i}.jsonl` }));
    writeFileSync(join(directory, "tasks.jsonl"), tasks.map((task) => `${JSON.stringify(task)}\n`).join(""));
    const rank = ["rank", "candidates.jsonl", "--problems", "problems.jsonl", "--grouped"];
    const { code, stdout } = await run(...rank, "--shards", "tasks.jsonl");
    expect(code).toBe(0);
    expect(stdout).toBe(SHARDS.map((i) => `{"shard":"${i}/3","exit":0}\n`).join(""));
    await succeeds("merge", ...SHARDS.map((i) => `told-${i}.jsonl`), "--out", "told-merged.jsonl");
    expect(text("told-merged.jsonl")).toBe(text("rank.jsonl"));
    writeFileSync(join(directory, "tasks.jsonl"), '{"shard": "3/3", "out": "x"}\n');
    const refused = await run(...rank, "--shards", "tasks.jsonl");
    expect(refused.stderr).toMatch(/tasks\.jsonl:1: expected \{"shard"/);
    expect(refused.code).toBe(2);
  });

  it("bench, all but the log and the order in the files of the stages", async () => {
    const command = [
      "bench",
      "--pool",
      "candidates.jsonl",
      "--problems",
      "problems.jsonl",
      "--verdicts",
      "evidence",
    ];
    await succeeds(...command, "--out", "whole");
    for (const i of SHARDS) await succeeds(...command, "--shard", `${i}/3`, "--out", `part-${i}`);
    await succeeds("merge", ...SHARDS.map((i) => `part-${i}`), "--out", "merged");
    const files = readdirSync(join(directory, "whole")).toSorted();
    expect(readdirSync(join(directory, "merged")).toSorted()).toEqual(files);
    const stages = /^(scores|verdicts|evidence)\.jsonl$/;
    // Rows come in the order in which they were done.
    const content = (folder: string, name: string) =>
      stages.test(name) ? text(`${folder}/${name}`).split("\n").toSorted() : text(`${folder}/${name}`);
    const contents = (folder: string) =>
      files.filter((name) => name !== "log.jsonl").map((name) => [name, content(folder, name)]);
    expect(contents("merged")).toEqual(contents("whole"));
    // A bench goes on in the merged folder: nothing is left to do.
    const again = await run(...command, "--out", "merged");
    expect(again.code).toBe(0);
    expect(text("merged/log.jsonl")).not.toMatch(/"event":"(graded|scored|evidence)","count":[1-9].*$/);
    expect(text("merged/results.json")).toBe(text("whole/results.json"));
  });
});

describe("merge refuses", () => {
  const parts = (...indexes: number[]) => indexes.map((i) => `grade-${i}.jsonl`);

  it("what is missing, double, unfinished, changed or of another run", async () => {
    const refused = async (files: string[], message: RegExp) => {
      const { code, stderr, stdout } = await run("merge", ...files);
      expect(stderr).toMatch(message);
      expect([code, stdout]).toEqual([2, ""]);
    };
    await refused(parts(0, 2), /all 3 shards, missing 1/);
    await refused(parts(0, 1, 2, 1), /shard 1 is also in grade-1/);
    await refused(
      ["grade-0.jsonl", "rank-1.jsonl", "grade-2.jsonl"],
      /not of one run:[^]*command: "grade" and "rank"/,
    );
    await refused(["grade.jsonl"], /complete shard.*grade\.jsonl\.shard\.jsonl/);
    const copies = parts(0, 1, 2).map((name) => {
      for (const file of [name, `${name}.shard.jsonl`])
        cpSync(join(directory, file), join(directory, `copy-${file}`));
      return `copy-${name}`;
    });
    const [first = "", second = ""] = copies;
    const whole = text(first);
    writeFileSync(join(directory, first), whole.replace("KeyError(1)", "KeyError(2)"));
    await refused(copies, /lines that the shard wrote, got others/);
    writeFileSync(join(directory, first), whole);
    const record = text(`${second}.shard.jsonl`);
    const slow = record.replace(
      /"reference_ms":[\d.]+,"time_limits":0/,
      '"reference_ms":100000,"time_limits":3',
    );
    writeFileSync(join(directory, `${second}.shard.jsonl`), slow);
    await refused(copies, /at most 2 times as fast[^]*shard 1, copy-grade-1.*times as slow, 3 programs/);
    expect((await run("merge", ...copies, "--speed-ratio", "100000")).code).toBe(0);
    writeFileSync(join(directory, `${second}.shard.jsonl`), record.replace(/^\[.*\n/m, ""));
    await refused(copies, /in none of the shards/);
  });

  it("shards that cannot be merged are refused before they begin", async () => {
    const grade = ["grade", "candidates.jsonl", "--problems", "problems.jsonl"];
    for (const [args, message] of [
      [[...grade, "--shard", "0/2"], /--out/],
      [[...grade, "--shard", "2/2", "--out", "x"], /INDEX|index from 0/],
      [[...grade, "--shard", "0/2", "--form", "evalplus", "--out", "x"], /merge first/],
      [
        ["rank", "candidates.jsonl", "--problems", "problems.jsonl", "--shard", "0/2", "--out", "x"],
        /--grouped/,
      ],
    ] as const) {
      const { code, stderr } = await run(...args);
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
    }
  });
});

it("a shard's work is found in the store by a run over everything, and shown", async () => {
  const { code, stdout } = await run("store", "grade-store");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ entries: FACTORS.length * 3, conflicts: [] });
  expect((await run("store", "nowhere")).stderr).toMatch(/expected a store/);
});

it("a problem stays in its shard when others come, and the hash is the documented one", () => {
  // printf times-2 | sha256sum begins with 674ef7a6bd19: that number modulo 8 is 1.
  expect(0x674ef7a6bd19 % 8).toBe(1);
  expect(FACTORS.map((k) => shardOf(`times-${k}`, 8))).toEqual([1, 3, 2, 1, 1, 4]);
});
