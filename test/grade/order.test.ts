import { expect, test } from "vitest";
import type { Candidate } from "../../src/core/candidate.ts";
import type { Problem } from "../../src/core/problem.ts";
import { gradeCandidates, type GradeOptions } from "../../src/grade/grader.ts";
import type { Graded } from "../../src/grade/verdict.ts";
import { FakeSandbox, type FakeProgram } from "../sandbox/fake-sandbox.ts";

/** `slow` hangs next to others and answers when it is alone; `loop` hangs always. */
const PROGRAMS = new Map<string, FakeProgram>([
  ["right", () => ({ stdout: "1" })],
  ["wrong", () => ({ stdout: "2" })],
  ["slow", (_, { alone }) => (alone ? { stdout: "1" } : { status: "timeout_cpu" })],
  ["loop", () => ({ status: "timeout_cpu" })],
  ["broken", () => ({ status: "infra", cause: "the worker died" })],
]);

const PROBLEM: Problem = {
  id: "p",
  statement: "",
  kind: "stdin",
  starterCode: "",
  exampleTests: [],
  meta: {},
  hiddenTests: { form: "list", tests: ["a", "b"].map((input) => ({ type: "stdio", input, output: "1" })) },
};

const lookup = () => Promise.resolve(PROBLEM);

function candidates(codes: readonly string[]): Candidate[] {
  return codes.map((code, sampleIndex) => ({ problemId: "p", sampleIndex, code, warnings: [], extra: {} }));
}

async function grade(codes: readonly string[], options: GradeOptions = {}) {
  const sandbox = new FakeSandbox(PROGRAMS, 2);
  const graded: Graded[] = [];
  for await (const each of gradeCandidates(candidates(codes), lookup, sandbox, options)) graded.push(each);
  return { graded, sandbox };
}

test("results come in the order of the candidates, whatever takes longer", async () => {
  const codes = [
    "slow",
    "right",
    "loop",
    "wrong",
    ...Array.from({ length: 600 }, (_, at) => `unknown ${at}`),
    "slow ",
  ];
  const { graded } = await grade(codes);
  expect(graded.map(({ candidate }) => candidate.sampleIndex)).toEqual(codes.map((_, at) => at));
});

test("a time limit counts only after it came again alone", async () => {
  const { graded, sandbox } = await grade(["slow", "loop"]);
  expect(graded.map(({ verdict }) => verdict)).toEqual(["pass", "time_limit"]);
  expect(sandbox.ran.filter(({ alone }) => alone).length).toBe(3);
  const { graded: hasty } = await grade(["slow"], { confirmTimeouts: false });
  expect(hasty[0]?.verdict).toBe("time_limit");
});

test("equal programs run once", async () => {
  const { graded, sandbox } = await grade(["right", "wrong", "right", "right"]);
  expect(graded.map(({ verdict }) => verdict)).toEqual(["pass", "wrong_answer", "pass", "pass"]);
  expect(graded.map(({ duplicate }) => duplicate)).toEqual([false, false, true, true]);
  expect(sandbox.ran.length).toBe(4);
});

test("a sandbox that failed gives no verdict and ends the candidate only", async () => {
  const { graded } = await grade(["broken", "right"]);
  expect(graded.map(({ verdict }) => verdict)).toEqual(["infra_error", "pass"]);
  expect(graded[0]?.failedTest?.message).toBe("the worker died");
});

test("an abort ends the run with what it is", async () => {
  const sandbox = new FakeSandbox(PROGRAMS, 2);
  const controller = new AbortController();
  const run = async () => {
    const codes = Array.from({ length: 50 }, (_, at) => `unknown ${at}`);
    const options = { signal: controller.signal, onGraded: () => controller.abort() };
    for await (const _ of gradeCandidates(candidates(codes), lookup, sandbox, options));
  };
  await expect(run()).rejects.toMatchObject({ code: "interrupted" });
});

test("candidates are drawn as they are needed", async () => {
  const sandbox = new FakeSandbox(PROGRAMS, 2);
  let drawn = 0;
  async function* endless(): AsyncGenerator<Candidate> {
    for (;;) {
      drawn += 1;
      yield { problemId: "p", sampleIndex: drawn, code: "right", warnings: [], extra: {} };
    }
  }
  for await (const graded of gradeCandidates(endless(), lookup, sandbox)) {
    if (graded.candidate.sampleIndex === 10) break;
  }
  expect(drawn).toBeLessThan(400);
});
