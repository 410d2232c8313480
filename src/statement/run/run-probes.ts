import { createHash } from "node:crypto";
import type { Problem } from "../../core/problem.ts";
import { readAnswers } from "../../grade/tests/call.ts";
import { examplePrelude } from "../../grade/prelude.ts";
import { canonicalOutput } from "../../grade/compare/stdout.ts";
import { canonical, parseLiteral } from "../../grade/compare/literal.ts";
import { DEFAULT_LIMITS, type RunResult } from "../../sandbox/sandbox.ts";
import type { ProbeInput } from "../inputs/probe-inputs.ts";
import type { ExampleRunOptions } from "./run-examples.ts";
import { nodeEntryPoint, nodePrelude } from "./node-objects.ts";
import { unlessTooDeep } from "../python/too-deep.ts";

/**
 * What a program answers on every probe input, as a short hash: equal hashes are equal answers by the rules of
 * grading. null where it crashed, ran out of time or gave something that cannot be compared. After a time limit the
 * rest is null without a run.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function runProbes(
  code: string,
  problem: Problem,
  probes: readonly ProbeInput[],
  options: ExampleRunOptions,
): Promise<(string | null)[]> {
  const answers: (string | null)[] = [];
  let hangs = false;
  for (const probe of probes) {
    const result: RunResult | undefined = hangs ? undefined : await runProbe(code, problem, probe, options);
    hangs = result === undefined || result.status.startsWith("timeout");
    const text = result === undefined ? undefined : answerOf(probe, result);
    answers.push(text === undefined ? null : createHash("sha256").update(text).digest("base64").slice(0, 12));
  }
  return answers;
}

function runProbe(
  code: string,
  problem: Problem,
  probe: ProbeInput,
  { sandbox, limits = DEFAULT_LIMITS, signal }: ExampleRunOptions,
): Promise<RunResult> {
  const program = { code, prelude: examplePrelude(problem) + nodePrelude(problem), limits };
  const run = signal === undefined ? {} : { signal };
  if (probe.type === "stdio") return sandbox.run({ kind: "script", stdin: probe.input, ...program }, run);
  const argumentsJson = `[${JSON.stringify(probe.args)}]`;
  return sandbox.run({ kind: "calls", entryPoint: nodeEntryPoint(problem), argumentsJson, ...program }, run);
}

function answerOf(probe: ProbeInput, result: RunResult): string | undefined {
  if (result.status !== "exited") return undefined;
  if (probe.type === "call") {
    const answer = readAnswers(result.report).at(0);
    if (answer?.kind !== "value") return undefined;
    return unlessTooDeep(() => canonical(parseLiteral(answer.text), { tuplesAsLists: true }));
  }
  if (result.report !== "") return undefined; // an uncaught exception
  return canonicalOutput(result.stdout);
}
