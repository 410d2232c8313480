import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { benchCandidate, type BenchProblem } from "../../../src/bench/bench-pool.ts";
import { ExecutionStage } from "../../../src/bench/stages/execution-stage.ts";
import { FakeSandbox } from "../../sandbox/fake-sandbox.ts";
import type { RunResult } from "../../../src/sandbox/sandbox.ts";
import { problemOf } from "../../statement/problem-of.ts";

let path: string;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-evidence-"));
  path = join(folder, "evidence.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const problem = problemOf("stdin", "Print n.\n\nSample Input 1\n\n3\n\nSample Output 1\n\n3\n");
const bench: BenchProblem = {
  problem,
  candidates: ["good", "unlucky"].map((code, sampleIndex) =>
    benchCandidate({ problemId: "p", sampleIndex, code, warnings: [], extra: {} }, ["model"]),
  ),
};

/** Programs that print what they read; the sandbox fails on one of them while `faulty`. */
function sandbox(faulty: boolean): FakeSandbox {
  const echo = (job: object): Partial<RunResult> => ({ stdout: "stdin" in job ? String(job.stdin) : "" });
  const fault = (): Partial<RunResult> => ({ status: "infra", cause: "no memory" });
  return new FakeSandbox(
    new Map([
      ["good", echo],
      ["unlucky", faulty ? fault : echo],
    ]),
  );
}

async function evidence(faulty: boolean): Promise<{ readonly ran: number; readonly shown: unknown[] }> {
  const box = sandbox(faulty);
  const stage = await ExecutionStage.open(path, { sandbox: box, large: false });
  try {
    const run = { onProgress: () => {}, signal: new AbortController().signal };
    await stage.run([bench], () => [["good", "unlucky"]], run);
    expect(stage.isComplete(bench)).toBe(true);
    return { ran: box.ran.length, shown: stage.evidence(problem, ["good", "unlucky"]) };
  } finally {
    await stage.close();
  }
}

it("a fault of the sandbox is no evidence: it is not kept, and the next run tries again", async () => {
  await evidence(true);
  expect(readFileSync(path, "utf8").trim().split("\n").length).toBe(1);
  const again = await evidence(false);
  expect(again.ran).toBeGreaterThan(0);
  expect(again.shown).toMatchObject([{ exampleResults: [true] }, { exampleResults: [true] }]);
  expect(readFileSync(path, "utf8").trim().split("\n").length).toBe(2);
  expect((await evidence(false)).ran).toBe(0);
});
