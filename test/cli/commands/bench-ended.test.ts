import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { PROBLEMS_NAME, RESULTS_NAME } from "../../../src/bench/results/write-run.ts";
import type { ReportData } from "../../../src/bench/results/report-data.ts";
import { reportDataSchema } from "../../../src/bench/results/run-schema.ts";
import { seededRandom } from "../../../src/core/seeded-random.ts";
import { fast, type PoolFiles, withoutVerdict, writePool } from "./bench-pools.ts";
import { benchArgs, QUICK, resultsOf } from "./bench-runs.ts";
import { funprm, FunprmHost, MAIN } from "../run-cli.ts";

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
const results = (folder = out): ReportData => resultsOf(folder);

/** Where two files begin to differ, with what is there; null when they do not. */
function differenceOf(path: string, other: string): string | null {
  const [a, b] = [readFileSync(path, "utf8"), readFileSync(other, "utf8")];
  if (a === b) return null;
  let at = 0;
  while (a[at] === b[at]) at += 1;
  return `${path} at ${at}: ${a.slice(at - 60, at + 60)} | ${b.slice(at - 60, at + 60)}`;
}

describe("a bench that is ended from outside", () => {
  it("goes on after being killed three times, to the same bytes", async () => {
    const pool = writePool(directory, fast(withoutVerdict));
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
    const pool = writePool(directory, fast());
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
    // As many as the first problem has candidates, and a few more.
    { stage: "verdicts.jsonl", rows: 10, missing: /no row had come so far|Cut short/ },
    { stage: "scores.jsonl", rows: 2, missing: /no row had come so far|Cut short/ },
    { stage: "evidence.jsonl", rows: 8, missing: /Cut short: \d+ of \d+ rows/ },
  ])("has a page after SIGKILL with $rows rows in $stage", async ({ stage, rows, missing }) => {
    const pool = writePool(directory, fast(withoutVerdict));
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
    const pool = writePool(directory, fast());
    const both = await Promise.all([funprm(args(pool, ...QUICK)), funprm(args(pool, ...QUICK))]);
    expect(both.map(({ code }) => code).toSorted()).toEqual([0, 2]);
    expect(both.find(({ code }) => code === 2)?.stderr).toMatch(/another bench works here \(process \d+/);
  });
});
