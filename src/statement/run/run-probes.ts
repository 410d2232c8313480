import type { Problem } from "../../core/problem.ts";
import { readAnswers } from "../../grade/tests/call.ts";
import { examplePrelude } from "../../grade/prelude.ts";
import { canonicalOutput } from "../../grade/compare/stdout.ts";
import { canonical, parseLiteral } from "../../grade/compare/literal.ts";
import { DEFAULT_LIMITS, type RunResult } from "../../sandbox/sandbox.ts";
import type { ProbeInput } from "../inputs/probe-inputs.ts";
import { shortHash } from "./short-hash.ts";
import type { ExampleRunOptions } from "./run-examples.ts";
import { nodeEntryPoint, nodePrelude } from "./node-objects.ts";
import { unlessTooDeep } from "../python/too-deep.ts";

/**
 * What a program answers on every probe input, as a short hash: equal hashes are equal answers by the rules of
 * grading. null where it crashed, ran out of time or gave something that cannot be compared. After a time limit the
 * rest is null without a run. Calls share a process as long as it lives; what reads stdin has one for every input.
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
  while (answers.length < probes.length) {
    const rest = probes.slice(answers.length);
    const { found, hangs } = await runSome(code, problem, rest, options);
    answers.push(...found.map((text) => (text === undefined ? null : shortHash(text))));
    if (hangs) break;
  }
  return probes.map((_, i) => answers[i] ?? null);
}

interface Some {
  /** Answers of the first inputs, at least one unless it hangs; undefined where there is none to compare. */
  readonly found: readonly (string | undefined)[];
  /** The first input took too long. */
  readonly hangs: boolean;
}

async function runSome(
  code: string,
  problem: Problem,
  probes: readonly ProbeInput[],
  { sandbox, limits = DEFAULT_LIMITS, signal }: ExampleRunOptions,
): Promise<Some> {
  const program = { code, prelude: examplePrelude(problem) + nodePrelude(problem), limits };
  const run = signal === undefined ? {} : { signal };
  const [first] = probes;
  if (first?.type === "stdio") {
    const result = await sandbox.run({ kind: "script", stdin: first.input, ...program }, run);
    return { found: [printed(result)], hangs: isTooSlow(result) };
  }
  const calls = probes.flatMap((probe) => (probe.type === "call" ? [probe.args] : []));
  const result = await sandbox.run(
    {
      kind: "calls",
      entryPoint: nodeEntryPoint(problem, code),
      argumentsJson: JSON.stringify(calls),
      ...program,
    },
    run,
  );
  const found = returned(result, calls.length);
  // All calls share a time limit: only one that has it to itself is too slow.
  if (isTooSlow(result)) return { found, hangs: found.length === 0 };
  // What ended the process is the answer to the next call.
  return { found: found.length < calls.length ? [...found, undefined] : found, hangs: false };
}

function isTooSlow({ status }: RunResult): boolean {
  return status.startsWith("timeout");
}

function printed(result: RunResult): string | undefined {
  if (result.status !== "exited" || result.report !== "") return undefined; // an uncaught exception
  return canonicalOutput(result.stdout);
}

/** Answers of the calls that came to an end, in order. */
function returned({ report }: RunResult, calls: number): (string | undefined)[] {
  const answers = readAnswers(report);
  // A program that does not load answers once, for all.
  if (answers[0]?.kind === "load" || answers[0]?.kind === "broken")
    return Array.from({ length: calls }, () => undefined);
  return answers
    .slice(0, calls)
    .map((answer) =>
      answer.kind === "value"
        ? unlessTooDeep(() => canonical(parseLiteral(answer.text), { tuplesAsLists: true }))
        : undefined,
    );
}
