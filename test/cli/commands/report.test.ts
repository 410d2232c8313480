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
