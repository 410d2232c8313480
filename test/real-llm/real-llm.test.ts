/**
 * Commands against a real language model, SmolLM2-135M-Instruct behind llama.cpp's server, which training/llm/setup installs. It
 * solves next to nothing; what counts is that every reply of a real model is taken for what it is. Without that installation
 * these tests are skipped, and say so.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type CliResult, funprm, jsonLines, TINY_PRM } from "../cli/run-cli.ts";

const SERVER = fileURLToPath(new URL("../../training/llm/server", import.meta.url));
const isInstalled = spawnSync(SERVER, ["--version"]).status === 0;

const STATEMENT = `Write a Python program that reads one integer n from standard input and prints n + 1.

Example

Input
4

Output
5
`;
const PROBLEM = {
  id: "successor",
  statement: STATEMENT,
  tests: [
    { input: "4\n", output: "5\n" },
    { input: "99\n", output: "100\n" },
  ],
};

const WRONG = "n = int(input())\nstep = 1\nprint(n + step)\nprint(n + step)\n";
const RIGHT = "n = int(input())\nstep = 1\nprint(n + step)\n";

const Candidate = z.object({
  problem_id: z.string(),
  sample_index: z.number(),
  code: z.string(),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).loose(),
  mean_log_probability: z.number(),
  self_certainty: z.number(),
});

describe.skipIf(!isInstalled)("a real language model", () => {
  let folder: string;
  let url: string;
  let server: ChildProcess | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "funprm-real-llm-"));
    writeFileSync(join(folder, "problem.json"), JSON.stringify(PROBLEM));
    ({ server, url } = await startServer());
  });
  afterAll(async () => {
    if (server?.exitCode === null) {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
    }
    rmSync(folder, { recursive: true });
  });

  function run(...args: string[]): Promise<CliResult> {
    const env = { XDG_CONFIG_HOME: folder, OPENAI_API_KEY: "" };
    return funprm([...args, "--base-url", url, "--model", "smollm2"], { cwd: folder, env });
  }

  it("is found out by init", async () => {
    const { stdout, code } = await funprm(["init", "--base-url", url, "--out", "-"], { cwd: folder });
    expect(code).toBe(0);
    expect(parse(stdout)).toEqual({ "base-url": url, model: "smollm2" });
    expect(stdout).toContain("gives log-probabilities; counts its tokens");
    expect(stdout).toMatch(/goes on with a program that was begun \(.*completions/);
  });

  it("is sampled with log-probabilities, its samples are kept, and its programs are split and ranked", async () => {
    const args = ["problem.json", "-n", "4", "--max-tokens", "220", "--logprobs", "--out", "samples.jsonl"];
    expect(await run("sample", ...args)).toMatchObject({ code: 0 });
    const first = readFileSync(join(folder, "samples.jsonl"), "utf8");
    const candidates = jsonLines(first).map((line) => Candidate.parse(line));
    expect(candidates.map((each) => each.sample_index).toSorted()).toEqual([0, 1, 2, 3]);
    expect(candidates.some(({ code }) => code.trim() !== "")).toBe(true);
    for (const { mean_log_probability: mean, usage } of candidates) {
      expect(mean).toBeLessThan(0);
      expect(usage.completion_tokens).toBeGreaterThan(0);
    }
    // A second run asks for nothing.
    const forecast = await run("sample", ...args.slice(0, -2), "--dry-run", "--json");
    expect(jsonLines(forecast.stdout)[0]).toMatchObject({ samples: 0, samples_already_stored: 4 });

    const split = await funprm(["split", "--jsonl", "samples.jsonl"], { cwd: folder });
    expect(split).toMatchObject({ code: 0 });
    expect(jsonLines(split.stdout)).toHaveLength(4);
    const files = ["samples.jsonl", "--problem", "problem.json"];
    const rank = await funprm(["rank", ...files, "--prm", TINY_PRM], { cwd: folder });
    expect(rank).toMatchObject({ code: 0 });
    expect(jsonLines(rank.stdout)).toHaveLength(4);
    const grade = await funprm(["grade", ...files], { cwd: folder });
    expect(grade).toMatchObject({ code: 0 });
    const Verdict = z.object({ verdict: z.string() });
    for (const line of jsonLines(grade.stdout)) expect(Verdict.parse(line).verdict).not.toBe("infra_error");
  });

  it("is asked by solve, which says what it chose and why", async () => {
    const result = await run("solve", "problem.json", "-n", "2..4", "--max-tokens", "220", "--json");
    const Answer = z.object({
      candidates: z.number(),
      decided_by: z.string().nullable(),
      code: z.string().nullable(),
    });
    const answer = Answer.parse(jsonLines(result.stdout)[0]);
    expect(answer.candidates).toBeGreaterThanOrEqual(2);
    expect(result.code).toBe(answer.code === null ? 1 : 0);
  });

  it.each(["prefill", "completions"])(
    "continues programs for collect, by %s, and lines are labelled",
    async (how) => {
      const rows = [RIGHT, WRONG].map((code, i) => ({ problem_id: "successor", sample_index: i, code }));
      writeFileSync(join(folder, "pool.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
      const args = [
        "problem.json",
        "--candidates",
        "pool.jsonl",
        "--continuation",
        how,
        "--max-tokens",
        "60",
      ];
      const lines = await run("collect", ...args, "--steps", "line", "--label", "search", "-k", "2");
      expect(lines).toMatchObject({ code: 0 });
      const Program = z.object({
        passed: z.boolean().nullable(),
        completions: z.number(),
        lines: z.array(z.object({ label: z.number().nullable() })),
      });
      const [right, wrong] = jsonLines(lines.stdout).map((line) => Program.parse(line));
      expect([right?.passed, wrong?.passed]).toEqual([true, false]);
      // A program that passes is its own completion.
      expect(right?.lines.map(({ label }) => label)).toEqual([1, 1, 1]);
      expect(wrong?.lines).toHaveLength(4);
      for (const { label } of wrong?.lines ?? []) expect([-1, 1]).toContain(label);
      expect(wrong?.lines.at(-1)?.label).toBe(-1);
    },
  );
});

/** On a free port: another process may take it in between, and then the next one is tried. */
async function startServer(): Promise<{ server: ChildProcess; url: string }> {
  for (;;) {
    const port = await freePort();
    const server = spawn(SERVER, ["--port", String(port), "--threads", "2"], { stdio: "ignore" });
    const origin = `http://127.0.0.1:${port}`;
    while (server.exitCode === null) {
      const answer = await fetch(`${origin}/health`).catch(() => undefined);
      if (answer?.ok === true) return { server, url: `${origin}/v1` };
      await pause(100);
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("expected a TCP address");
  return address.port;
}
