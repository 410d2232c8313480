import type { Choice } from "../../core/best-of-n.ts";
import type { Candidate } from "../../core/candidate.ts";
import { holdsCode } from "../../core/evidence.ts";
import type { Problem } from "../../core/problem.ts";
import type { ChatMessage } from "../../llm/llm.ts";
import { loadRepairPrompt } from "../../prompt/load.ts";
import { fenced, renderRepairPrompt } from "../../prompt/render.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { type FailingExample, failingExample } from "../../statement/run/failing-example.ts";

/** What to ask for in a round that mends, and whose program it mends. */
export interface Repair {
  readonly messages: readonly ChatMessage[];
  readonly sampleIndex: number;
}

/**
 * The prompt that asks to mend the best program, with an example that it fails and what it did there, and with what the
 * user's tests say. undefined where the best program passes these tests, or some program fails no example, or there is no
 * failure to show.
 */
export async function repairOf(
  problem: Problem,
  candidates: readonly Candidate[],
  { selection, pool }: Choice,
  { sandbox, signal }: { readonly sandbox: Sandbox; readonly signal: AbortSignal },
): Promise<Repair | undefined> {
  const usable = pool.filter(holdsCode);
  const best = candidates[selection.chosen ?? -1];
  const seen = pool[selection.chosen ?? -1];
  if (best === undefined || seen === undefined || seen.ownTestsPassed === true) return undefined;
  const someFailsNone = usable.some(({ exampleResults = [] }) => !exampleResults.includes(false));
  const { exampleResults, ownTestsOutput } = seen;
  const example =
    exampleResults && !someFailsNone
      ? await failingExample(problem, best.code, exampleResults, { sandbox, signal })
      : undefined;
  const failures = [
    ...(example === undefined ? [] : [failureText(example)]),
    ...(ownTestsOutput === undefined ? [] : [`It fails these tests:\n\n${fenced(ownTestsOutput, "text")}`]),
  ];
  if (failures.length === 0) return undefined;
  const faulty = { code: best.code, failure: failures.join("\n\n") };
  return {
    messages: renderRepairPrompt(problem, faulty, loadRepairPrompt()),
    sampleIndex: best.sampleIndex,
  };
}

function failureText({ index, input, expected, actual, message }: FailingExample): string {
  return [
    `It fails example ${index + 1} of the problem. Input:`,
    fenced(input, "text"),
    "Expected:",
    fenced(expected, "text"),
    ...(actual === undefined ? [] : ["What it gave:", actual === "" ? "Nothing." : fenced(actual, "text")]),
    ...(message === undefined ? [] : ["How it ended:", fenced(message, "text")]),
  ].join("\n\n");
}
