/** A bench that runs in the folder of an earlier one: finished work is never replaced by less. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { RESULTS_NAME } from "../../../src/bench/results/write-run.ts";
import { seededRandom } from "../../../src/core/seeded-random.ts";
import { atTerminal } from "../at-terminal.ts";
import { fast, type PoolFiles, withoutVerdict, writePool } from "./bench-pools.ts";
import { benchArgs, pagesOf, QUICK, resultsOf } from "./bench-runs.ts";
import { funprm, FunprmHost, jsonLines, MAIN } from "../run-cli.ts";

const host = new FunprmHost();
afterAll(() => host[Symbol.asyncDispose]());

let directory: string;
let out: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-bench-"));
  out = join(directory, "run");
});
afterEach(() => rmSync(directory, { recursive: true }));

const args = (pool: PoolFiles, ...more: readonly string[]): string[] => [...benchArgs(pool, out), ...more];
/** Runs no program; quick. */
const PLAIN = ["--skip-execution", "--selectors", "prm,longest"];
const STAGES = ["scores.jsonl", "verdicts.jsonl", "evidence.jsonl"];

/** The files that people and scripts read of a run, with their texts. */
function resultFiles(): Record<string, string> {
  const names = readdirSync(out, { recursive: true, encoding: "utf8" }).filter(
    (name) => !/^(run\.json|log\.jsonl|unfinished\.jsonl|lock)$/.test(name) && !STAGES.includes(name),
  );
  const files = names.filter((name) => statSync(join(out, name)).isFile());
  return Object.fromEntries(files.toSorted().map((name) => [name, readFileSync(join(out, name), "utf8")]));
}

const stageFiles = (): string[] => STAGES.map((name) => readFileSync(join(out, name), "utf8"));

/** Starts a bench and ends it once it has written so many rows of a stage; gives its exit code and what it said. */
async function endedAt(
  line: readonly string[],
  { stage, rows, signal }: { readonly stage: string; readonly rows: number; readonly signal: NodeJS.Signals },
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...line, "--jobs", "1"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const written = (): number =>
    existsSync(join(out, stage)) ? readFileSync(join(out, stage), "utf8").split("\n").length - 1 : 0;
  while (written() < rows && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill(signal);
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return { code: child.exitCode, stderr };
}

describe("fewer problems or candidates", () => {
  it("is refused before it costs anything, and nothing changes", async () => {
    const pool = writePool(directory);
    expect((await host.run(args(pool, ...PLAIN))).code).toBe(0);
    const before = resultFiles();
    const { code, stderr } = await host.run(args(pool, ...PLAIN, "--limit", "1"));
    expect(code).toBe(2);
    expect(stderr).toMatch(/holds results of 3 problems with 24 candidates; this bench is about 1 with 8/);
    expect(stderr).toMatch(/--out, or give --replace/);
    expect(resultFiles()).toEqual(before);
    expect(readdirSync(out)).not.toContain("lock");
  });

  it("is done on --replace, with what is there, and the rest comes back without work", async () => {
    const pool = writePool(directory);
    await host.run(args(pool, ...PLAIN));
    const [before, stages] = [resultFiles(), stageFiles()];
    expect((await host.run(args(pool, ...PLAIN, "--limit", "1", "--replace"))).code).toBe(0);
    expect(resultsOf(out).comparison.problems).toBe(1);
    expect(pagesOf(out).length).toBe(1);
    expect((await host.run(args(pool, ...PLAIN))).code).toBe(0);
    expect(resultFiles()).toEqual(before);
    expect(stageFiles()).toEqual(stages);
  });

  it("a bench that was cut short is no reason to keep less", async () => {
    const pool = writePool(directory);
    expect((await host.run(args(pool, ...PLAIN, "--limit", "1"))).code).toBe(0);
    expect((await host.run(args(pool, ...PLAIN))).code).toBe(0);
    expect(resultsOf(out).comparison.problems).toBe(3);
  });
});

it("other selectors: nothing is scored or run again, in either direction", async () => {
  const pool = writePool(directory, fast());
  const wide = ["--selectors", "prm,orm,agreement", "--test-timeout", "2"];
  expect((await host.run(args(pool, ...wide))).code).toBe(0);
  const [before, stages] = [resultFiles(), stageFiles()];
  for (const names of ["prm", "random,longest"]) {
    expect((await host.run(args(pool, "--selectors", names, "--test-timeout", "2"))).code).toBe(0);
    expect(stageFiles()).toEqual(stages);
  }
  expect((await host.run(args(pool, ...wide))).code).toBe(0);
  expect(stageFiles()).toEqual(stages);
  expect(resultFiles()).toEqual(before);
  const log = jsonLines(readFileSync(join(out, "log.jsonl"), "utf8"));
  const scored = log.filter(({ event }) => event === "scored").map(({ count }) => count);
  expect(scored.slice(1)).toEqual(scored.slice(1).map(() => 0));
});

it("first without the reward of whole programs, then with: only that is added, to the same figures", async () => {
  const pool = writePool(directory, fast());
  const both = ["--skip-execution", "--selectors", "prm,orm"];
  expect((await host.run(args(pool, "--skip-execution", "--selectors", "prm"))).code).toBe(0);
  const [scores = ""] = stageFiles();
  expect((await host.run(args(pool, ...both))).code).toBe(0);
  const grown = resultsOf(out);
  expect(stageFiles()[0]?.startsWith(scores)).toBe(true);
  expect(stageFiles()[0]?.slice(scores.length)).not.toContain('"rewards"');
  out = join(directory, "at-once");
  expect((await host.run(args(pool, ...both))).code).toBe(0);
  expect(resultsOf(out)).toEqual(grown);
});

it.each(["SIGINT", "SIGKILL"] as const)(
  "a finished bench, then more selectors and %s: what was finished stays whole",
  async (signal) => {
    const pool = writePool(directory, fast(withoutVerdict));
    const quick = ["--test-timeout", "2"];
    expect((await host.run(args(pool, ...PLAIN, ...quick))).code).toBe(0);
    const before = resultFiles();
    const again = [args(pool, ...QUICK), { stage: "evidence.jsonl", rows: 8, signal }] as const;
    const ended = await endedAt(...again);
    expect(ended.code).toBe(signal === "SIGINT" ? 130 : null);
    expect(resultFiles()).toEqual(before);
    // SIGKILL says nothing.
    expect(ended.stderr.includes("keeps its earlier results: ")).toBe(signal === "SIGINT");
    expect((await host.run(["report", out])).code).toBe(0);
    expect(resultFiles()).toEqual(before);
    expect((await host.run(args(pool, ...QUICK))).code).toBe(0);
    expect(resultsOf(out).comparison.selectors.map(({ name }) => name)).toContain("agreement");
  },
);

it("killed at any time while results change places: figures and pages are those of one bench", async () => {
  const pool = writePool(directory, fast());
  const benches = [PLAIN, ["--skip-execution", "--selectors", "prm,shortest,first"]] as const;
  for (const bench of benches) expect((await host.run(args(pool, ...bench))).code).toBe(0);
  const started = performance.now();
  expect((await funprm(args(pool, ...benches[0]))).code).toBe(0);
  const whole = performance.now() - started;
  const random = seededRandom(Date.now());
  for (let kill = 0; kill < 3; kill += 1) {
    // Stages have nothing to do, so that results are written near the end.
    const signal = AbortSignal.timeout(Math.round(whole * (0.7 + 0.4 * random.next())));
    await funprm(args(pool, ...(benches[1 - (kill % 2)] ?? PLAIN)), { signal });
    expect((await host.run(["report", out])).code).toBe(0);
    const names = resultsOf(out).comparison.selectors.map(({ name }) => name);
    expect(pagesOf(out)[0]?.choices.map(({ selector }) => selector)).toEqual(names);
    expect(existsSync(join(out, "results.ready"))).toBe(false);
  }
});

it("selectors that lack their evidence this time: the folder keeps the results that have it", async () => {
  const pool = writePool(directory, fast());
  expect((await host.run(args(pool, "--selectors", "prm,agreement", "--test-timeout", "2"))).code).toBe(0);
  const before = readFileSync(join(out, RESULTS_NAME), "utf8");
  const line = args(pool, "--test-timeout", "2", "--skip-execution");
  const { code, stdout, stderr } = await host.run(line);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^prm /m);
  expect(stderr).toMatch(/keeps its earlier results: nothing gave the evidence for .*agreement/);
  expect(readFileSync(join(out, RESULTS_NAME), "utf8")).toBe(before);
  expect((await host.run([...line, "--replace"])).code).toBe(0);
  expect(readFileSync(join(out, RESULTS_NAME), "utf8")).not.toBe(before);
});

it("at a terminal, says which stage of how many it is in, and what all that is left takes once that is known", async () => {
  const pool = writePool(directory, fast(withoutVerdict));
  const first = await atTerminal(args(pool, ...QUICK), directory);
  for (const stage of [
    /graded \d+\/\d+.*stage 1 of 3/,
    /scored \d+\/\d+.*stage 2 of 3/,
    /evidence \d+\/\d+.*stage 3 of 3/,
  ])
    expect(first).toMatch(stage);
  for (const stage of STAGES) rmSync(join(out, stage));
  expect(await atTerminal(args(pool, ...QUICK), directory)).toMatch(/stage 1 of 3, \d+m?\d*s? left in all/);
});
