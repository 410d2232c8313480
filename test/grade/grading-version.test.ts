import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { benchCandidate, type BenchProblem } from "../../src/bench/bench-pool.ts";
import { GradeStage } from "../../src/bench/stages/grade-stage.ts";
import type { Problem } from "../../src/core/problem.ts";
import { GradedFile } from "../../src/grade/graded-file.ts";
import { gradedLine } from "../../src/grade/output.ts";
import type { Graded } from "../../src/grade/verdict.ts";
import { testsKey } from "../../src/grade/tests-key.ts";
import { FakeSandbox } from "../sandbox/fake-sandbox.ts";

/** The version of grading of the funprm that runs. */
const running = vi.hoisted(() => ({ version: 1 }));
vi.mock("../../src/grade/grading-version.ts", () => ({
  get GRADING_VERSION() {
    return running.version;
  },
}));

let folder: string;
beforeEach(async () => {
  running.version = 1;
  folder = await mkdtemp(join(tmpdir(), "funprm-version-"));
});
afterEach(async () => rm(folder, { recursive: true }));

const problem: Problem = {
  id: "p",
  statement: "",
  kind: "stdin",
  starterCode: "",
  exampleTests: [],
  hiddenTests: { form: "list", tests: [{ type: "stdio", input: "1", output: "2" }] },
  meta: {},
};
const candidate = { problemId: "p", sampleIndex: 0, code: "good", warnings: [], extra: {} };

/** Runs that a bench of the one candidate needs, with the verdicts kept in the folder. */
async function benchRuns(): Promise<number> {
  const sandbox = new FakeSandbox(new Map([["good", () => ({ stdout: "2\n" })]]));
  const method = { lookup: async () => problem, scope: [], options: {}, regrade: false };
  const stage = await GradeStage.open(join(folder, "verdicts.jsonl"), method);
  const pool: BenchProblem = { problem, candidates: [benchCandidate(candidate, ["model"])] };
  try {
    await stage.run([pool], sandbox, { onProgress: () => {}, signal: new AbortController().signal });
    expect(pool.candidates.map((each) => stage.judgement(problem, each))).toEqual([
      { passed: true, verdict: "pass" },
    ]);
    return sandbox.ran.length;
  } finally {
    await stage.close();
  }
}

test("a bench grades again what another version graded, and nothing that its own did", async () => {
  expect(await benchRuns()).toBe(1);
  expect(await benchRuns()).toBe(0);
  running.version = 2;
  expect(await benchRuns()).toBe(1);
  expect(await benchRuns()).toBe(0);
});

test("collect does not take verdicts of another version", () => {
  const first = testsKey(problem, {});
  expect(testsKey(problem, {})).toBe(first);
  running.version = 2;
  expect(testsKey(problem, {})).not.toBe(first);
});

async function resume(): Promise<number> {
  const file = await GradedFile.open(join(folder, "graded.jsonl"), { resume: true });
  await file.close();
  return file.count;
}

test("grade --resume goes on behind verdicts of its own version only; others stay as they are", async () => {
  const path = join(folder, "graded.jsonl");
  const graded: Graded = {
    candidate,
    verdict: "pass",
    passedTests: 1,
    totalTests: 1,
    cpuMs: 1,
    wallMs: 1,
    memoryKb: 1,
    duplicate: false,
  };
  const first = gradedLine(graded);
  const { grading_version: _, ...unnumbered } = JSON.parse(first);
  for (const line of [first, JSON.stringify(unnumbered)]) {
    await writeFile(path, `${line}\n`);
    running.version = 1;
    expect(await resume()).toBe(1);
    running.version = 2;
    await expect(resume()).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(
        /graded\.jsonl:1: expected verdicts of version 2 .* version 1.*--resume/s,
      ),
    });
    expect(await readFile(path, "utf8")).toBe(`${line}\n`);
  }
});
