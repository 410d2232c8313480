import type { Problem } from "../core/problem.ts";
import { extractCode } from "../reply/extract.ts";
import { exampleTestsOf } from "../statement/examples/extract-examples.ts";
import type { ProbeInput } from "../statement/inputs/probe-inputs.ts";
import type { InputModel } from "../statement/model/input-model.ts";
import { legalInput } from "../statement/model/legal-input.ts";
import { GENERATED, MOST_USED } from "./bounds.ts";
import { type HelpOutcome, notUsed } from "./helps.ts";
import { inputText, judgeInputs, makeInputs, type RunIn } from "./input-program.ts";

/** Inputs that a generator gave, and what became of it. */
export interface GeneratedInputs {
  /** The program, whose validator judges other inputs too; absent where it was refused. */
  readonly code?: string;
  readonly inputs: readonly ProbeInput[];
  readonly outcome: HelpOutcome;
}

/**
 * Runs the generator in a reply. Its validator must accept every example of the statement; an input is used if the
 * validator accepts it, the statement's input model allows it, and it is not among `known`.
 *
 * @throws FunprmError `interrupted` when the signal aborts, `grading` when the sandbox is closed
 */
export async function generatedInputs(
  problem: Problem,
  reply: string,
  { model, known }: { readonly model: InputModel; readonly known: readonly ProbeInput[] },
  run: RunIn,
): Promise<GeneratedInputs> {
  const { code } = extractCode(reply, { entryPoint: "generate" });
  const none = (told: string): GeneratedInputs => ({ inputs: [], outcome: notUsed(told) });
  if (code.trim() === "") return none("the reply for a generator holds no code");
  const program = { code, kind: problem.kind };
  const examples = exampleInputs(problem);
  const accepted = await judgeInputs(program, examples, run);
  if (accepted.includes(false))
    return none("the generator's validator does not accept the statement's examples");
  const made = await makeInputs(program, GENERATED, run);
  if (made.length === 0) return none("the generator made no input");
  const judged = await judgeInputs(program, made, run);
  const legal = made.flatMap((input, i) => (judged[i] === true ? (legalInput(model, input) ?? []) : []));
  const old = new Set(known.map(inputText));
  const fresh = new Map(legal.map((input) => [inputText(input), input]));
  const inputs = [...fresh].flatMap(([text, input]) => (old.has(text) ? [] : input)).slice(0, MOST_USED);
  const told = `the generator made ${made.length} inputs: ${legal.length} legal, ${inputs.length} new and used`;
  return { code, inputs, outcome: { used: inputs.length > 0, told } };
}

function exampleInputs(problem: Problem): ProbeInput[] {
  return exampleTestsOf(problem).flatMap(({ test }): ProbeInput[] => {
    if (test.type === "stdio") return [{ type: "stdio", input: test.input }];
    return test.type === "call" ? [{ type: "call", args: test.args }] : [];
  });
}
