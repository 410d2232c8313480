import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { syntheticRun, writeRun } from "../../report/synthetic-run.ts";
import { funprm, FunprmHost } from "../run-cli.ts";

const host = new FunprmHost();
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "funprm-cli-report-"));
  await writeRun(join(directory, "run"), syntheticRun({ problems: 12, candidates: 3, sweeps: false }));
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

describe("funprm report", () => {
  it("prints the path of the page and nothing else", async () => {
    const result = await funprm(["report", "run"], { cwd: directory });
    expect(result).toEqual({ code: 0, stdout: `${join("run", "report.html")}\n`, stderr: "" });
    expect(existsSync(join(directory, "run", "report.html"))).toBe(true);
  });

  it("takes --out and --select", async () => {
    const result = await host.run(["report", "run", "--out", "other", "--select", "prm", "--quiet"], {
      cwd: directory,
    });
    expect(result).toMatchObject({ code: 0, stdout: `${join("other", "report.html")}\n` });
  });

  it("prints five lines for a pull request, and an index over runs", async () => {
    const summary = await host.run(["report", "run", "--summary", "--title", "Ours", "--quiet"], {
      cwd: directory,
    });
    expect(summary.code).toBe(0);
    expect(summary.stdout.trimEnd().split("\n")).toHaveLength(5);
    expect(summary.stdout).toMatch(/^\*\*Ours\*\*: 12 problems/);
    const index = await host.run(["report", ".", "--index"], { cwd: directory });
    expect(index).toMatchObject({ code: 0, stdout: "index.html\n" });
    expect(existsSync(join(directory, "index.html"))).toBe(true);
    const refused = await host.run(["report", ".", "--index", "--summary"], { cwd: directory });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/leave out --summary/) });
  });

  it("compares two runs, as text and as JSON", async () => {
    const text = await host.run(["compare", "run", "run"], { cwd: directory });
    expect(text).toMatchObject({ code: 0, stdout: expect.stringMatching(/on 12 common problems/) });
    const json = await host.run(["compare", "run", "run", "--select", "longest", "--json"], {
      cwd: directory,
    });
    expect(JSON.parse(json.stdout)).toMatchObject({
      selectors: ["longest", "longest"],
      problems: 12,
      gained: [],
    });
    const refused = await host.run(["compare", "run"], { cwd: directory });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/folders of two runs; got 1/) });
  });

  it.each([
    [["report"], 2, /missing required argument 'run'/],
    [["report", "run", "run"], 2, /one run's folder|too many arguments/],
    [["report", "nowhere"], 2, /nowhere: expected a folder that `funprm bench --out` wrote/],
    [["report", "run", "--select", "nobody"], 2, /--select: expected a selector of this run.*auto.*"nobody"/],
    [["report", "run", "--out", "run/results.json/x"], 2, /--out run\/results\.json\/x: cannot be made/],
  ] as const)("%j is refused", async (args, code, message) => {
    const result = await host.run(args, { cwd: directory });
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/defect/);
  });

  it("says in its help what it takes and writes", async () => {
    const { stdout } = await host.run(["report", "--help"]);
    expect(stdout).toMatch(/<run>/);
    expect(stdout).toMatch(/HTML, Markdown, CSV, JSON, JUnit/);
  });
});
