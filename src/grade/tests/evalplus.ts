import { FunprmError } from "../../core/errors.ts";
import { wallLimitMs, type Limits, type RunResult, type Sandbox } from "../../sandbox/sandbox.ts";
import { type Answer, judgeFault, readAnswer, readAnswers } from "./call.ts";
import { accepts, conversionOf, mbppTask } from "./evalplus-oracles.ts";
import { parseLiteral } from "../compare/literal.ts";
import type { PlannedTest } from "./planned-test.ts";
import { parsePythonJson } from "./python-json.ts";
import type { ReferenceAnswers, ReferenceCache } from "./reference-cache.ts";
import { showLiteral } from "../shortened-text.ts";
import { failure, judgeEnd, shorten, type Judgement } from "../verdict.ts";

/** An EvalPlus task, ready for the sandbox. */
export interface EvalPlusTask {
  readonly problemId: string;
  readonly entryPoint: string;
  readonly reference: string;
  readonly atol: number;
  /** Argument lists as JSON texts. */
  readonly base: readonly string[];
  readonly plus: readonly string[];
}

/** EvalPlus's rule for one call: max(4 s, 4 x reference); and a minute for all calls of one part. */
const CALL_CPU_MS = 4_000;
const REFERENCE_FACTOR = 4;
const PART_CPU_MS = 60_000;
/** A candidate may answer as much as the reference did and more, and take as much memory. */
const ANSWER_FACTOR = 2;
const REFERENCE_LIMITS = {
  cpuMs: 300_000,
  wallMs: wallLimitMs(300_000),
  outputBytes: 2 ** 28,
  memoryBytes: 8 * 2 ** 30,
};

/** The same text is the same value, but for NaN and values that are no plain data. */
const UNEQUAL_TO_ITSELF = /"nan"|\{"[og]":/;

/** Two runs, `base` and `plus`, each all argument lists in one process as EvalPlus does; a part without inputs is left out. */
export async function evalplusTests(
  task: EvalPlusTask,
  tools: { readonly sandbox: Sandbox; readonly cache: ReferenceCache; readonly limits: Limits },
): Promise<PlannedTest[]> {
  const parts = [
    { part: "base", inputs: task.base },
    { part: "plus", inputs: task.plus },
  ].filter(({ inputs }) => inputs.length > 0);
  return Promise.all(
    parts.map(async ({ part, inputs }) => {
      const key = ["2", task.reference, task.entryPoint, task.problemId, tools.sandbox.identity, ...inputs];
      const answers = await tools.cache.get(key, () =>
        runReference(task, inputs, tools.sandbox, tools.limits),
      );
      return batch(task, part, inputs, answers);
    }),
  );
}

async function runReference(
  task: EvalPlusTask,
  inputs: readonly string[],
  sandbox: Sandbox,
  limits: Limits,
): Promise<ReferenceAnswers> {
  const job = callsJob(task, jsonList(inputs), task.reference, { ...limits, ...REFERENCE_LIMITS });
  const result = await sandbox.run(job);
  const answers = readAnswers(result.report);
  const lines = answers.filter(({ kind }) => kind === "value").map(({ text }) => text);
  const { cpuMs, memoryKb } = result;
  if (result.status === "exited" && lines.length === inputs.length) return { lines, cpuMs, memoryKb };
  const fault = answers.find(({ kind }) => kind !== "value")?.text ?? result.cause ?? result.status;
  throw new FunprmError(
    "grading",
    `expected the reference of ${task.problemId} to answer all ${inputs.length} inputs, it answered ${lines.length}: ${shorten(fault)}`,
  );
}

function batch(
  task: EvalPlusTask,
  part: string,
  inputs: readonly string[],
  answers: ReferenceAnswers,
): PlannedTest {
  const callCpuMs = Math.max(CALL_CPU_MS, Math.ceil(REFERENCE_FACTOR * answers.cpuMs));
  const outputBytes = ANSWER_FACTOR * answers.lines.reduce((sum, line) => sum + line.length + 1, 0);
  const argumentsJson = jsonList(inputs);
  const memoryBytes = ANSWER_FACTOR * 1024 * answers.memoryKb;
  const cpuMs = Math.max(PART_CPU_MS, callCpuMs);
  /** undefined when the answer to this input is right. */
  const judgeAnswer = (index: number, answer: Answer, result?: RunResult): Judgement | undefined => {
    const input = inputs[index];
    if (input === undefined) {
      return failure("runtime_error", {
        index: index - 1,
        message: "gave more answers than it was asked for",
      });
    }
    const expected = answers.lines[index] ?? "";
    if (answer.kind === "value" && answer.text === expected && !UNEQUAL_TO_ITSELF.test(expected))
      return undefined;
    const shown = { index, input: shorten(input), expected: showLiteral(parseLiteral(expected)) };
    if (answer.kind !== "value") return judgeFault(answer, shown, result);
    const actual = parseLiteral(answer.text);
    const oracle = {
      ...task,
      mbpp: mbppTask(task.problemId) !== undefined,
      args: parsePythonJson(input),
    };
    if (accepts({ ...oracle, expected: parseLiteral(expected) }, actual)) return undefined;
    return failure("wrong_answer", { ...shown, actual: showLiteral(actual) });
  };
  return {
    count: inputs.length,
    part,
    job: (code, limits) =>
      callsJob(task, argumentsJson, code, {
        ...limits,
        cpuMs,
        callCpuMs,
        wallMs: wallLimitMs(cpuMs),
        outputBytes: Math.max(limits.outputBytes, outputBytes),
        memoryBytes: Math.max(limits.memoryBytes, memoryBytes),
      }),
    lookOut() {
      let seen = 0;
      return (lines) => lines.some((line) => judgeAnswer(seen++, readAnswer(line)) !== undefined);
    },
    judge(result): Judgement {
      const given = readAnswers(result.report);
      for (const [index, answer] of given.entries()) {
        const wrong = judgeAnswer(index, answer, result);
        if (wrong !== undefined) return wrong;
      }
      const ended = judgeEnd(result);
      const about = { index: given.length, input: shorten(inputs[given.length] ?? "") };
      if (ended !== undefined) return { ...ended, failed: { ...ended.failed, ...about } };
      if (given.length === inputs.length) return { verdict: "pass" };
      return failure("runtime_error", { ...about, message: "the program ended its process" });
    },
  };
}

function jsonList(texts: readonly string[]): string {
  return `[${texts.join(",")}]`;
}

function callsJob(task: EvalPlusTask, argumentsJson: string, code: string, limits: Limits) {
  const conversion = conversionOf(task.problemId);
  return {
    kind: "calls",
    code,
    prelude: "",
    entryPoint: task.entryPoint,
    argumentsJson,
    digests: true,
    ...(conversion === undefined ? {} : { conversion }),
    limits,
  } as const;
}
