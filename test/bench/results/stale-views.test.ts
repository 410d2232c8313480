import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeStaleViews } from "../../../src/bench/results/stale-views.ts";
import { PROBLEMS_NAME, RESULTS_NAME } from "../../../src/bench/results/write-run.ts";
import { REPORT_FILES } from "../../../src/report/report-files.ts";

const WRITTEN = [RESULTS_NAME, PROBLEMS_NAME, ...REPORT_FILES];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-stale-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(view: string, names: readonly string[] = WRITTEN): void {
  mkdirSync(join(folder, view), { recursive: true });
  for (const name of names) writeFileSync(join(folder, view, name), "x");
}

it("views that a bench does not have go; its own and all that no bench wrote stay", async () => {
  write("");
  write("by-sampler/kept");
  write("by-sampler/gone");
  write("by-sampler/noted", [...WRITTEN, "notes.md"]);
  write("pooled");
  write("others");
  await removeStaleViews(folder, new Set(["", "by-sampler/kept"]));
  expect(readdirSync(folder).toSorted()).toEqual([...WRITTEN, "by-sampler", "others"].toSorted());
  expect(readdirSync(join(folder, "by-sampler")).toSorted()).toEqual(["kept", "noted"]);
  expect(readdirSync(join(folder, "by-sampler", "kept")).toSorted()).toEqual(WRITTEN.toSorted());
  expect(readdirSync(join(folder, "by-sampler", "noted"))).toEqual(["notes.md"]);
  expect(readdirSync(join(folder, "others")).toSorted()).toEqual(WRITTEN.toSorted());
  await removeStaleViews(folder, new Set([""]));
  expect(readdirSync(join(folder, "by-sampler"))).toEqual(["noted"]);
});

it("a folder of no view but the own one is no error, and links are not followed", async () => {
  await removeStaleViews(join(folder, "none"), new Set([""]));
  write("elsewhere");
  symlinkSync(join(folder, "elsewhere"), join(folder, "pooled"));
  await removeStaleViews(folder, new Set([""]));
  expect(existsSync(join(folder, "pooled", RESULTS_NAME))).toBe(true);
});
