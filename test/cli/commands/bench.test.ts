import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { PROBLEMS_NAME, RESULTS_NAME } from "../../../src/bench/results/write-run.ts";
import type { ProblemReport, ReportData } from "../../../src/bench/results/report-data.ts";
import { problemReportSchema, reportDataSchema } from "../../../src/bench/results/run-schema.ts";
import { seededRandom } from "../../../src/core/seeded-random.ts";
import { completion, json, localServer } from "../../llm/local-server.ts";
import { type PoolFiles, withoutVerdict, writePool } from "./bench-pools.ts";
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

function args({ problems, candidates }: PoolFiles, ...more: readonly string[]): string[] {
  return ["bench", "--pool", candidates, "--problems", problems, "--prm", TINY_PRM, "--out", out, ...more];
}

/** Runs programs, but none on large inputs, which is most of the work. */
const QUICK = ["--selectors", "prm,agreement", "--select", "examples+agreement", "--test-timeout", "2"];

function results(folder = out): ReportData {
  return reportDataSchema.parse(JSON.parse(readFileSync(join(folder, RESULTS_NAME), "utf8")));
}

function pages(folder = out): ProblemReport[] {
  return jsonLines(readFileSync(join(folder, PROBLEMS_NAME), "utf8")).map((row) =>
    problemReportSchema.parse(row),
  );
}

/** Where two files begin to differ, with what is there; null when they do not. */
function differenceOf(path: string, other: string): string | null {
  const [a, b] = [readFileSync(path, "utf8"), readFileSync(other, "utf8")];
  if (a === b) return null;
  let at = 0;
  while (a[at] === b[at]) at += 1;
  return `${path} at ${at}: ${a.slice(at - 60, at + 60)} | ${b.slice(at - 60, at + 60)}`;
}

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
    await host.run(args(writePool(directory), ...QUICK));
    const recorded = results();
    out = join(directory, "graded");
    const { code } = await host.run(args(writePool(directory, withoutVerdict), ...QUICK));
    expect(code).toBe(0);
    expect(results().comparison).toEqual(recorded.comparison);
    const failing = pages().flatMap(({ candidates }) => candidates.filter(({ passed }) => passed === false));
    expect(failing.length).toBe(12);
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

  it("--selectors asks for no evidence that none of the named looks at", async () => {
    const { code } = await host.run(args(writePool(directory), "--selectors", "random,longest,oracle"));
    expect(code).toBe(0);
    expect(results().shownSelector).toBe("longest");
    expect(results().comparison.selectors.map(({ name }) => name)).toEqual(["random", "longest", "oracle"]);
    for (const name of ["scores.jsonl", "evidence.jsonl"])
      expect(readFileSync(join(out, name), "utf8")).toBe("");
  });

  it("--mixed-only runs less and comes to the same figures", async () => {
    const settled = writePool(directory, (row, problem) =>
      problem > 0 || row["passed"] === true ? row : null,
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

  it("goes on after being killed three times, to the same bytes", async () => {
    const pool = writePool(directory, withoutVerdict);
    const undisturbed = join(directory, "undisturbed");
    const started = performance.now();
    expect((await funprm([...args(pool, ...QUICK), "--out", undisturbed])).code).toBe(0);
    const whole = performance.now() - started;
    const random = seededRandom(Date.now());
    let killed = 0;
    while (killed < 3) {
      const kill = AbortSignal.timeout(Math.round(whole * (0.15 + 0.5 * random.next())));
      const { code } = await funprm(args(pool, ...QUICK), { signal: kill });
      killed += 1;
      // The remaining work may have been less than the time given.
      if (code === 0) rmSync(join(out, RESULTS_NAME));
    }
    expect((await funprm(args(pool, ...QUICK))).code).toBe(0);
    for (const name of [RESULTS_NAME, PROBLEMS_NAME, "report.html"])
      expect(differenceOf(join(out, name), join(undisturbed, name))).toBeNull();
    expect(readdirSync(out).toSorted()).toEqual(readdirSync(undisturbed).toSorted());
    expect(readdirSync(out)).not.toContain("lock");
  });

  it("an interrupted bench leaves results of what is done, marked as cut short", async () => {
    const pool = writePool(directory);
    const child = spawn(process.execPath, [MAIN, ...args(pool)], { stdio: ["ignore", "ignore", "pipe"] });
    for await (const _line of createInterface({ input: child.stderr })) break;
    child.stderr.resume();
    while (
      !existsSync(join(out, "evidence.jsonl")) ||
      readFileSync(join(out, "evidence.jsonl")).length === 0
    ) {
      if (child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill("SIGINT");
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(130);
    const left = existsSync(join(out, RESULTS_NAME)) ? results().complete : false;
    expect(left).toBe(false);
    expect((await funprm(args(pool))).code).toBe(0);
    expect(results().complete).toBe(true);
  });

  it.each([
    { stage: "verdicts.jsonl", rows: 6, missing: /no row had come so far|Cut short/ },
    { stage: "scores.jsonl", rows: 2, missing: /no row had come so far|Cut short/ },
    { stage: "evidence.jsonl", rows: 8, missing: /Cut short: \d+ of \d+ rows/ },
  ])("has a page after SIGKILL with $rows rows in $stage", async ({ stage, rows, missing }) => {
    const pool = writePool(directory, withoutVerdict);
    const all = args(pool, ...QUICK, "--jobs", "1");
    const child = spawn(process.execPath, [MAIN, ...all], { stdio: "ignore" });
    const file = join(out, stage);
    const written = (): number => (existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0);
    while (written() < rows && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");
    const before = ["verdicts.jsonl", "scores.jsonl", "evidence.jsonl"].map((name) =>
      readFileSync(join(out, name)),
    );

    const report = await host.run(["report", out]);
    expect(report).toMatchObject({ code: 0, stdout: `${join(out, "report.html")}\n` });
    const shown = reportDataSchema.parse(JSON.parse(readFileSync(join(out, "report.json"), "utf8")));
    expect(shown.complete).toBe(false);
    expect(shown.notes.join("\n")).toMatch(/had not written its figures yet/);
    expect(shown.notes.join("\n")).toMatch(missing);
    expect(shown.comparison.problems).toBeGreaterThan(0);
    expect(
      ["verdicts.jsonl", "scores.jsonl", "evidence.jsonl"].map((name) => readFileSync(join(out, name))),
    ).toEqual(before);

    expect((await host.run(all)).code).toBe(0);
    expect(results().complete).toBe(true);
    expect(readdirSync(out)).not.toContain("unfinished.jsonl");
  });

  it("two at once in a folder: the second is refused", async () => {
    const pool = writePool(directory);
    const both = await Promise.all([funprm(args(pool, ...QUICK)), funprm(args(pool, ...QUICK))]);
    expect(both.map(({ code }) => code).toSorted()).toEqual([0, 2]);
    expect(both.find(({ code }) => code === 2)?.stderr).toMatch(/another bench works here \(process \d+/);
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
    expect(four.stderr).toMatch(/forecast: .*"samples":12/);
    expect(four.code).toBe(0);
    expect(results().comparison.candidates).toBe(12);
    expect(JSON.stringify(results())).not.toContain("sk-secret");
    const eight = await host.run(line(8), { env });
    expect(eight.stderr).toMatch(/"samples":12,"samples_already_stored":12/);
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
  expect(stderr).toMatch(/forecast of the judge: .*"samples":24/);
  expect(share(results(), "judge")).toBe(1);
  expect(results().producedBy["judge"]).toMatchObject({ model: "reader" });
  const asked = server.seen.length;
  expect(asked).toBe(24);
  expect((await host.run([...line, ...quick], { env })).code).toBe(0);
  expect(server.seen.length).toBe(asked);
});
