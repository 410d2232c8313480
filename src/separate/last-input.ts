import { jsonOrUndefined } from "../core/json.ts";
import { z } from "zod";
import type { Problem, TestCase } from "../core/problem.ts";
import { segments } from "../reply/fences.ts";
import { withoutReasoning } from "../reply/reasoning.ts";
import type { ProbeInput } from "../statement/inputs/probe-inputs.ts";
import type { InputModel } from "../statement/model/input-model.ts";
import { legalInput } from "../statement/model/legal-input.ts";
import { unlessTooDeep } from "../statement/python/too-deep.ts";
import { type HelpOutcome, notUsed } from "./helps.ts";
import { readInput } from "./input-program.ts";

/** An input on which two programs are said to differ, with the output that is predicted as right. */
export interface LastInput {
  readonly input: ProbeInput;
  readonly predicted: TestCase;
}

const StdinReply = z.object({ input: z.string(), output: z.string() });
const CallReply = z.object({ args: z.array(z.unknown()), output: z.json() });

/** The input in a reply, where it is legal: the model allows it, and the validator of the generator, if there is one. */
export async function lastInput(
  problem: Problem,
  reply: string,
  model: InputModel,
  isLegal: (input: ProbeInput) => Promise<boolean>,
): Promise<LastInput | HelpOutcome> {
  const said = jsonObjects(reply)
    .flatMap((value) => readReply(problem.kind, value))
    .at(-1);
  if (said === undefined) return notUsed("the reply for a last input holds none");
  const input = legalInput(model, said.input);
  if (input === undefined || !(await isLegal(input)))
    return notUsed("the last input is not legal by what the statement says");
  const { output } = said;
  const predicted: TestCase =
    input.type === "stdio"
      ? { type: "stdio", input: input.input, output: String(output) }
      : { type: "call", args: input.args, expected: output };
  return { input, predicted };
}

function readReply(
  kind: Problem["kind"],
  value: unknown,
): { readonly input: ProbeInput; readonly output: unknown }[] {
  if (kind === "stdin") {
    const { data } = StdinReply.safeParse(value);
    return data === undefined
      ? []
      : readInput(data.input, kind).map((input) => ({ input, output: data.output }));
  }
  const { data } = CallReply.safeParse(value);
  return data === undefined
    ? []
    : readInput(JSON.stringify(data.args), kind).map((input) => ({ input, output: data.output }));
}

/** Objects in the fences of a reply; without any, from its first brace to its last. */
function jsonObjects(reply: string): unknown[] {
  const { text } = withoutReasoning(reply);
  const fenced = segments(text).flatMap(({ info, start, end }) =>
    info === null ? [] : text.slice(start, end),
  );
  const bare = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1);
  return [...fenced, ...(fenced.length === 0 ? [bare] : [])].flatMap((each) => {
    const value = unlessTooDeep(() => jsonOrUndefined(each));
    return value === undefined ? [] : [value];
  });
}
