import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { RESULTS_NAME } from "../../../src/bench/results/write-run.ts";
import type { ProblemReport, ReportData } from "../../../src/bench/results/report-data.ts";
import { completion, json, localServer } from "../../llm/local-server.ts";
import { fast, type PoolFiles, withoutVerdict, writePool } from "./bench-pools.ts";
import { benchArgs, pagesOf, QUICK, resultsOf } from "./bench-runs.ts";
import { funprm, FunprmHost, jsonLines, MAIN, TINY_PRM } from "../run-cli.ts";

const host = new FunprmHost();
afterAll(() => host[Symbol.asyncDispose]());

let directory: string;
let out: string;
let stop: (() => Promise<void>)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-bench-"));
  out = join(directory, "run");
});
afterEach(async () => {
  for (const end of stop) await end();
  stop = [];
  rmSync(directory, { recursive: true });
});

const args = (pool: PoolFiles, ...more: readonly string[]): string[] => [...benchArgs(pool, out), ...more];
const results = (folder = out): ReportData => resultsOf(folder);
const pages = (folder = out): ProblemReport[] => pagesOf(folder);

function share(data: ReportData, selector: string): number | undefined {
  return data.comparison.selectors.find(({ name }) => name === selector)?.selected.value;
}

describe("bench of recorded candidates", () => {
  it("compares every selector and leaves tables and pages that agree with each other", async () => {
    const { code, stdout, stderr } = await funprm(args(writePool(directory)));
    expect(stderr).not.toMatch(/defect/);
    expect(code).toBe(0);
    expect(
      Math.max(
        ...stdout
          .split("\n")
          .filter((line) => !line.startsWith("note:"))
          .map((line) => line.length),
      ),
    ).toBeLessThan(121);
    for (const name of ["first", "random", "prm-min", "examples", "auto", "oracle"])
      expect(stdout).toMatch(new RegExp(`^${name} `, "m"));
    const data = results();
    expect(data).toMatchObject({ format: "funprm-bench-1", complete: true, shownSelector: "auto+prm" });
    expect(data.comparison).toMatchObject({ problems: 3, candidates: 24, baseline: "random" });
    expect(share(data, "random")).toBe(0.5);
    expect(share(data, "oracle")).toBe(1);
    expect(data.sweeps.map(({ points }) => points.map(({ n }) => n))).toContainEqual([1, 2, 4, 8]);
    expect(data.passAtK.at(-1)).toEqual({ k: 8, value: 1 });
    for (const [at, selector] of data.comparison.selectors.entries()) {
      const chosen = pages().map((page) => {
        const choice = page.choices[at];
        expect(choice?.selector).toBe(selector.name);
        const best = choice?.best.map((index) => page.candidates[index]?.passed) ?? [];
        return best.filter(Boolean).length / best.length;
      });
      expect(chosen.reduce((sum, each) => sum + each, 0) / 3).toBeCloseTo(selector.selected.value, 12);
    }
    const [page] = pages();
    const candidate = page?.candidates.find(({ passed }) => passed === true);
    expect(candidate?.examples?.passed).toBe(candidate?.examples?.judged);
    expect(candidate?.steps?.map(({ start, end }) => candidate.code.slice(start, end)).join("")).toBe(
      candidate?.code,
    );
    expect(candidate?.agreeing).toBeGreaterThanOrEqual(1);
  });

  it("grades what has no verdict, and comes to the figures of the recorded ones", async () => {
    await host.run(args(writePool(directory, fast()), ...QUICK));
    const recorded = results();
    out = join(directory, "graded");
    const { code } = await host.run(args(writePool(directory, fast(withoutVerdict)), ...QUICK));
    expect(code).toBe(0);
    expect(results().comparison).toEqual(recorded.comparison);
    const failing = pages().flatMap(({ candidates }) => candidates.filter(({ passed }) => passed === false));
    expect(failing.length).toBe(10);
    expect(failing.every(({ verdict, failedTest }) => verdict !== "pass" && failedTest !== undefined)).toBe(
      true,
    );
  });

  it("--json prints what results.json holds", async () => {
    const { stdout } = await host.run(args(writePool(directory), "--json", "--skip-execution", "--quiet"));
    expect(JSON.parse(stdout)).toEqual(results());
    const names = results().comparison.selectors.map(({ name }) => name);
    expect(names).toContain("prm");
    expect(names).not.toContain("agreement");
    expect(results().notes.join()).toMatch(/No program was run for evidence/);
  });

  it("--title stands at the head of the pages", async () => {
    const title = "Ours <against> theirs";
    const run = args(writePool(directory), "--selectors", "random,longest", "--title", title);
    expect(await host.run(run)).toMatchObject({ code: 0 });
    expect(results().title).toBe(title);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain(
      "<title>Ours &lt;against&gt; theirs · funprm</title>",
    );
  });

  it("--selectors asks for no evidence that none of the named looks at", async () => {
    const { code } = await host.run(args(writePool(directory), "--selectors", "random,longest,oracle"));
    expect(code).toBe(0);
    expect(results().shownSelector).toBe("longest");
    expect(results().comparison.selectors.map(({ name }) => name)).toEqual(["random", "longest", "oracle"]);
    for (const name of ["scores.jsonl", "evidence.jsonl"])
      expect(readFileSync(join(out, name), "utf8")).toBe("");
  });

  it("--mixed-only runs less and comes to the same figures", async () => {
    const settled = writePool(
      directory,
      fast((row, problem) => (problem > 0 || row["passed"] === true ? row : null)),
    );
    await host.run(args(settled, ...QUICK));
    const whole = results();
    const evidence = readFileSync(join(out, "evidence.jsonl"), "utf8").split("\n").length;
    out = join(directory, "mixed");
    expect((await host.run(args(settled, ...QUICK, "--mixed-only"))).code).toBe(0);
    expect(results().comparison).toEqual(whole.comparison);
    expect(results().sweeps).toEqual(whole.sweeps);
    expect(readFileSync(join(out, "evidence.jsonl"), "utf8").split("\n").length).toBeLessThan(evidence);
  });

  it("a folder that was made otherwise is refused, and stays as it was", async () => {
    const pool = writePool(directory);
    const fast = ["--skip-execution", "--selectors", "prm"];
    expect((await host.run(args(pool, ...fast))).code).toBe(0);
    const before = readFileSync(join(out, RESULTS_NAME), "utf8");
    const { code, stderr } = await host.run(args(pool, ...fast, "--steps", "line"));
    expect(code).toBe(2);
    expect(stderr).toMatch(/steps: there "function", here "line"/);
    const short = await host.run(args(pool, ...fast, "--max-memory", "900"));
    expect(short.stderr).toMatch(/prm_max_memory_mib: there none, here 900/);
    writePool(directory, ({ code: text, ...row }) => ({ ...row, code: `${String(text)}\n` }));
    expect((await host.run(args(pool, ...fast))).stderr).toMatch(/candidates_sha256: there/);
    expect(readFileSync(join(out, RESULTS_NAME), "utf8")).toBe(before);
  });

  it("several samplers: chosen within each, a folder each, pooled on request", async () => {
    const pool = writePool(directory, (row) => ({
      ...row,
      model: Number(row["sample_index"]) < 5 ? "small" : "large",
      temperature: Number(row["sample_index"]) % 2,
    }));
    const { stdout } = await host.run(
      args(pool, "--pooled", "--skip-execution", "--selectors", "prm,longest"),
    );
    expect(results()).toMatchObject({ comparison: { problems: 6, candidates: 24 } });
    expect(results(join(out, "by-sampler", "small")).comparison).toMatchObject({
      problems: 3,
      candidates: 15,
    });
    expect(results(join(out, "by-sampler", "large")).comparison.candidates).toBe(9);
    expect(results(join(out, "pooled")).comparison).toMatchObject({ problems: 3, candidates: 24 });
    expect(new Set(pages().map(({ id }) => id)).size).toBe(6);
    expect(stdout).toMatch(/within each of 2 samplers/);
    await host.run(args(pool, "--skip-execution", "--selectors", "prm,longest"));
    expect(existsSync(join(out, "pooled"))).toBe(false);
    expect(readdirSync(join(out, "by-sampler")).toSorted()).toEqual(["large", "small"]);
    out = join(directory, "by-two");
    await host.run(args(pool, "--by", "model,temperature", "--skip-execution", "--selectors", "prm"));
    // The fourth has one candidate a problem: nothing to choose.
    expect(readdirSync(join(out, "by-sampler")).toSorted()).toEqual(["large_1", "small_0", "small_1"]);
    expect(results().notes.join()).toMatch(/Left out, because they have one candidate a problem: large \/ 0/);
    out = join(directory, "by-none");
    await host.run(args(pool, "--by", "none", "--skip-execution", "--selectors", "prm"));
    expect(results().comparison).toMatchObject({ problems: 3, candidates: 24 });
    expect(existsSync(join(out, "by-sampler"))).toBe(false);
  });

  it("candidates without verdicts and problems without tests: told, nothing is called a failure", async () => {
    const pool = writePool(directory, withoutVerdict);
    const problems = jsonLines(readFileSync(pool.problems, "utf8")).map(
      ({ tests: _tests, examples: _examples, ...problem }) => problem,
    );
    writeFileSync(pool.problems, problems.map((problem) => `${JSON.stringify(problem)}\n`).join(""));
    const { code, stderr } = await host.run(args(pool, "--skip-execution", "--selectors", "prm"));
    expect(code).toBe(5);
    expect(stderr).toMatch(/no candidate could be judged/);
    expect(existsSync(join(out, RESULTS_NAME))).toBe(false);
  });

  it.each([
    [["bench"], /expected a suite/],
    [["bench", "livecode"], /expected a suite, one of livecodebench/],
    [["bench", "livecodebench", "--split", "instruct"], /--split belongs to another suite/],
    [["bench", "livecodebench", "--from", "2025-02-30"], /--from: .*YYYY-MM-DD/],
    [["bench", "--pool", "x", "--problems", "y", "--selectors", "prm,best"], /got "best"/],
  ])("%j is a usage error", async (line, message) => {
    const { code, stderr } = await host.run(line, { cwd: directory, env: { HF_HUB_OFFLINE: "1" } });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe("bench that samples", () => {
  /** Starts `funprm replay` on a pool; gives its base URL. */
  async function replay({ problems, candidates }: PoolFiles): Promise<string> {
    const server = spawn(process.execPath, [MAIN, "replay", candidates, "--problems", problems], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    stop.push(async () => {
      server.kill("SIGTERM");
      if (server.exitCode === null) await once(server, "exit");
    });
    for await (const line of createInterface({ input: server.stdout })) return line;
    throw new Error("replay ended without an address");
  }

  it("forecasts first, samples, grades, and grows with -n without sampling twice", async () => {
    const pool = writePool(directory, withoutVerdict);
    const url = await replay(pool);
    const fixed = `--store ${join(directory, "samples")} --prm ${TINY_PRM} --skip-execution --test-timeout 2`;
    const base =
      `bench --problems ${pool.problems} --model replayed --base-url ${url} --out ${out} ${fixed}`.split(" ");
    const line = (n: number, ...more: readonly string[]): string[] => [...base, "-n", String(n), ...more];
    const env = { OPENAI_API_KEY: "sk-secret-0123456789" };
    const dry = await host.run(line(4, "--dry-run"), { env });
    expect(JSON.parse(dry.stdout)).toMatchObject({ problems: 3, samples: 12, samples_already_stored: 0 });
    expect(existsSync(out)).toBe(false);
    const four = await host.run(line(4), { env });
    expect(four.stderr).toMatch(/forecast: .*12 samples to ask for/);
    expect(four.code).toBe(0);
    expect(results().comparison.candidates).toBe(12);
    expect(JSON.stringify(results())).not.toContain("sk-secret");
    const eight = await host.run(line(8), { env });
    expect(eight.stderr).toMatch(/12 samples to ask for, 12 samples stored already/);
    expect(eight.code).toBe(0);
    expect(results().comparison.candidates).toBe(24);
    expect(results().producedBy["sampling"]).toMatchObject({ model: "replayed" });
    expect(share(results(), "random")).toBe(0.5);
  });
});

it("an LLM judge grades every program once, and what it grades best is chosen", async () => {
  const pool = writePool(directory, (row) => ({
    ...row,
    code: `${String(row["code"])}# ${row["passed"] === true ? "fine" : "odd"}\n`,
  }));
  await using server = await localServer((seen, response) => {
    const fine = JSON.stringify(seen.body["messages"]).includes("# fine");
    json(response, 200, completion([fine ? "Right.\nGRADE: 90" : "Wrong.\nGRADE: 20"]));
  });
  const line = args(
    pool,
    "--judge",
    "reader",
    "--base-url",
    server.url,
    "--store",
    join(directory, "samples"),
  );
  const quick = ["--skip-execution", "--selectors", "judge,prm", "--select", "judge"];
  const env = { OPENAI_API_KEY: "sk-secret-0123456789" };
  const dry = await host.run([...line, ...quick, "--dry-run"], { env });
  expect(JSON.parse(dry.stdout)).toMatchObject({ samples: 0, judge: { model: "reader", samples: 24 } });
  expect(server.seen.length).toBe(0);
  const { code, stderr } = await host.run([...line, ...quick], { env });
  expect(code).toBe(0);
  expect(stderr).toMatch(/forecast of the judge: .*24 samples to ask for/);
  expect(share(results(), "judge")).toBe(1);
  expect(results().producedBy["judge"]).toMatchObject({ model: "reader" });
  const asked = server.seen.length;
  expect(asked).toBe(24);
  expect((await host.run([...line, ...quick], { env })).code).toBe(0);
  expect(server.seen.length).toBe(asked);
});
