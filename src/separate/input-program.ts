import { jsonOrUndefined } from "../core/json.ts";
import type { Problem } from "../core/problem.ts";
import { parseLiteral } from "../grade/compare/literal.ts";
import { readAnswers } from "../grade/tests/call.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { isExact, type ProbeInput } from "../statement/inputs/probe-inputs.ts";
import { unlessTooDeep } from "../statement/python/too-deep.ts";
import { GENERATOR_LIMITS, MOST_CHARACTERS } from "./bounds.ts";

export interface RunIn {
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
}

/** A program that makes inputs and says which are legal; nothing in it is trusted. */
export interface InputProgram {
  readonly code: string;
  readonly kind: Problem["kind"];
}

/** The wrappers give text, because only text comes out of the sandbox as it is. */
const PRELUDE = `
import json as _json


def _made(generate):
    def call(seed):
        value = generate(seed)
        return value if isinstance(value, str) else _json.dumps(list(value))
    return call


def _judged(is_legal, is_text):
    def call(text):
        return is_legal(text if is_text else _json.loads(text)) is True
    return call
`;

/** What the generator makes of the seeds 0 to count - 1, in their order: those that it made and that can be carried. */
export async function makeInputs(
  { code, kind }: InputProgram,
  count: number,
  { sandbox, signal }: RunIn,
): Promise<ProbeInput[]> {
  const seeds = Array.from({ length: count }, (_, seed) => [seed]);
  const made = await callEach(code, "_made(generate)", seeds, { sandbox, signal });
  return made.flatMap((text) => (typeof text === "string" ? readInput(text, kind) : []));
}

/** Which inputs the validator calls legal; one that it gives no answer for is not. */
export async function judgeInputs(
  { code, kind }: InputProgram,
  inputs: readonly ProbeInput[],
  { sandbox, signal }: RunIn,
): Promise<boolean[]> {
  const texts = inputs.map((input) => [inputText(input)]);
  const entryPoint = `_judged(is_legal, ${kind === "stdin" ? "True" : "False"})`;
  const judged = await callEach(code, entryPoint, texts, { sandbox, signal });
  return inputs.map((_, i) => judged[i] === true);
}

/** An input as a program's text: what it reads, or the JSON of its arguments. */
export function inputText(input: ProbeInput): string {
  return input.type === "stdio" ? input.input : JSON.stringify(input.args);
}

/** The input that a text stands for; none where it is too long, or holds what JavaScript cannot carry exactly. */
export function readInput(text: string, kind: Problem["kind"]): ProbeInput[] {
  if (text.length > MOST_CHARACTERS) return [];
  if (kind === "stdin") return [{ type: "stdio", input: text }];
  const args = unlessTooDeep(() => jsonOrUndefined(text));
  if (!Array.isArray(args)) return [];
  const call = { type: "call" as const, args: args as unknown[] };
  return isExact({ ...call, expected: null, argsJson: text }) ? [call] : [];
}

/** Texts and truth values that the calls returned; null for another value or an exception, nothing from where it hung. */
async function callEach(
  code: string,
  entryPoint: string,
  calls: readonly (readonly unknown[])[],
  { sandbox, signal }: RunIn,
): Promise<(string | boolean | null)[]> {
  if (calls.length === 0) return [];
  const { report } = await sandbox.run(
    {
      kind: "calls",
      code,
      prelude: PRELUDE,
      entryPoint,
      argumentsJson: JSON.stringify(calls),
      limits: GENERATOR_LIMITS,
    },
    { signal },
  );
  const answers = readAnswers(report);
  // A program that does not load answers once, for all.
  if (answers[0]?.kind === "load" || answers[0]?.kind === "broken") return [];
  return answers.slice(0, calls.length).map((answer) => {
    const value = answer.kind === "value" ? unlessTooDeep(() => parseLiteral(answer.text)) : undefined;
    return typeof value === "string" || typeof value === "boolean" ? value : null;
  });
}
