import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { unwritable } from "../../../src/files/write-refusal.ts";
import { PROBLEMS_NAME, RESULTS_NAME, writeRun } from "../../../src/bench/results/write-run.ts";
import { syntheticRun } from "../../report/synthetic-run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-write-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = syntheticRun({ problems: 2, candidates: 2, sweeps: false });

function* pages(problems: typeof run.problems): Generator<(typeof run.problems)[number]> {
  yield* problems;
}

it("a folder that cannot be written says so, and what to do", async () => {
  mkdirSync(join(folder, PROBLEMS_NAME));
  const writing = writeRun(folder, { data: run.data, problems: () => pages(run.problems) });
  await expect(writing).rejects.toMatchObject({
    code: "input",
    message: expect.stringMatching(/expected to write there, got EISDIR.* --out/),
  });
});

it.each(["EISDIR", "ENOENT", "none"])("what is no fault of the place stays what it is: %s", (code) => {
  const fault = Object.assign(new Error("x"), { code, path: "/elsewhere/file" });
  expect(unwritable(folder, fault) === fault).toBe(code !== "EISDIR");
  const inside = Object.assign(new Error("x"), { code, path: join(folder, "file") });
  expect(unwritable(folder, inside) === inside).toBe(code === "none");
});

it("ended while pages are written: the earlier run stays whole", async () => {
  await writeRun(folder, { data: run.data, problems: () => pages(run.problems) });
  const problems = function* (): Generator<(typeof run.problems)[number]> {
    yield* run.problems;
    throw new Error("killed");
  };
  await expect(writeRun(folder, { data: run.data, problems })).rejects.toThrow("killed");
  expect(readFileSync(join(folder, PROBLEMS_NAME), "utf8").trim().split("\n").length).toBe(2);
  expect(existsSync(join(folder, RESULTS_NAME))).toBe(true);
});
