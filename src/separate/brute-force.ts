import type { Problem } from "../core/problem.ts";
import { extractCode } from "../reply/extract.ts";
import { ObservedSandbox } from "../sandbox/observed-sandbox.ts";
import { exampleTestsOf } from "../statement/examples/extract-examples.ts";
import type { ProbeInput } from "../statement/inputs/probe-inputs.ts";
import { EXAMPLE_LIMITS } from "../statement/run/execution-evidence.ts";
import { runExamples } from "../statement/run/run-examples.ts";
import { runProbes } from "../statement/run/run-probes.ts";
import { BRUTE_AT_ONCE, BRUTE_LIMITS, BRUTE_TOTAL_MS } from "./bounds.ts";
import { type HelpOutcome, notUsed } from "./helps.ts";
import { inputText, type RunIn } from "./input-program.ts";

/** The brute-force solution in a reply; without `code` it gets no vote. */
export interface BruteForce {
  readonly code?: string;
  readonly outcome: HelpOutcome;
}

/**
 * Takes the program out of a reply and runs it on the statement's examples: one that fails any of them gets no vote.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function bruteForce(problem: Problem, reply: string, run: RunIn): Promise<BruteForce> {
  const { entryPoint } = problem;
  const { code } = extractCode(reply, entryPoint === undefined ? {} : { entryPoint });
  if (code.trim() === "") return { outcome: notUsed("the reply for a brute force holds no code") };
  const examples = exampleTestsOf(problem);
  const results = await runExamples(code, problem, examples, { ...run, limits: EXAMPLE_LIMITS });
  const failed = results.filter((result) => result === false).length;
  if (failed > 0)
    return { outcome: notUsed(`the brute force fails ${failed} of ${results.length} examples`) };
  return { code, outcome: { used: true, told: "the brute force fails no example" } };
}

/**
 * Its answers, as those of `runProbes`. Short inputs come first, because what it needs grows with them; once it has
 * used up its time there are no more.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function bruteForceAnswers(
  code: string,
  problem: Problem,
  inputs: readonly ProbeInput[],
  { sandbox, signal }: RunIn,
): Promise<(string | null)[]> {
  const spent = { cpuMs: 0 };
  const observed = new ObservedSandbox(sandbox, ({ cpuMs }) => void (spent.cpuMs += cpuMs));
  const ascending = inputs.toSorted((a, b) => inputText(a).length - inputText(b).length);
  const known = new Map<ProbeInput, string | null>();
  for (let at = 0; at < ascending.length; at += BRUTE_AT_ONCE) {
    if (spent.cpuMs >= BRUTE_TOTAL_MS) break;
    const some = ascending.slice(at, at + BRUTE_AT_ONCE);
    const answers = await runProbes(code, problem, some, { sandbox: observed, limits: BRUTE_LIMITS, signal });
    some.forEach((input, i) => known.set(input, answers[i] ?? null));
  }
  return inputs.map((input) => known.get(input) ?? null);
}
