import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeIndexPage } from "../../../src/report/brief/index-page.ts";
import { renderRun } from "../../../src/report/render-run.ts";
import { syntheticRun, writeRun } from "../synthetic-run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-index-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("an index page over runs", () => {
  it("lists every run, the newest first, with a link to its page where there is one", async () => {
    const run = syntheticRun({ problems: 6, candidates: 3, sweeps: false });
    for (const [at, name] of ["old & first", "new"].entries()) {
      await writeRun(join(folder, name), run);
      utimesSync(join(folder, name, "results.json"), 1000 + at, 1000 + at);
    }
    await renderRun(join(folder, "new"));
    mkdirSync(join(folder, "no-run"));
    const page = readFileSync(await writeIndexPage(folder), "utf8");
    expect(page).toContain('<a href="new/report.html">new</a>');
    expect(page.indexOf("new/report.html")).toBeLessThan(page.indexOf("old &amp; first"));
    expect(page).not.toContain("no-run");
    expect(page).not.toContain("old%20%26%20first");
  });

  it("says so where there is no run", async () => {
    await expect(writeIndexPage(folder)).rejects.toThrow(/found none/);
    await expect(writeIndexPage(join(folder, "none"))).rejects.toThrow(/cannot be read/);
  });
});
