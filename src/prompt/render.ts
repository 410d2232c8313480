import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import type { Prompts } from "./load.ts";
import {
  fillTemplate,
  type HelpPlaceholder,
  type PromptRole,
  type PromptTemplate,
  type RepairPlaceholder,
  type RewardPlaceholder,
  usesPlaceholder,
} from "./template.ts";

/** A chat prompt, ready to be sent, and what produced it. */
export interface RenderedPrompt {
  readonly messages: readonly { readonly role: PromptRole; readonly content: string }[];
  /** Name of the prompt file without its ending, and the sha256 of its text (not of the messages). */
  readonly name: string;
  readonly sha256: string;
}

/**
 * The prompt for a problem, by the template of its kind. It holds the statement verbatim, byte for byte;
 * neither the problem's id nor its title is told.
 *
 * @throws FunprmError `input` when the template has no place for the code that the problem gives: without its
 * names and parameters no reply could pass.
 */
export function renderPrompt(problem: Problem, prompts: Prompts): RenderedPrompt {
  const template = prompts[problem.kind];
  const told = usesPlaceholder(template, "starter_code") || isTold(problem);
  if (!told) {
    throw new FunprmError(
      "input",
      `prompt ${template.name}: expected {{starter_code}}, because problem ${problem.id} gives code or a name to keep; ` +
        "put it into the prompt",
    );
  }
  const messages = fillTemplate(template, {
    statement: problem.statement,
    starter_code: starterText(problem),
  });
  return { messages, name: template.name, sha256: template.sha256 };
}

/** A program to mend, and what it did wrong in words. */
export interface FaultyProgram {
  readonly code: string;
  readonly failure: string;
}

/** The prompt that asks to mend a program. Nothing but the statement, the given code, the program and its failure is told. */
export function renderRepairPrompt(
  problem: Problem,
  { code, failure }: FaultyProgram,
  template: PromptTemplate<RepairPlaceholder>,
): RenderedPrompt["messages"] {
  return fillTemplate(template, {
    statement: problem.statement,
    starter_code: starterText(problem),
    program: fenced(code, "python"),
    failure,
  });
}

/** The prompt that asks to tell programs apart. The programs are given as they are, each in a fence of its own. */
export function renderHelpPrompt(
  problem: Problem,
  template: PromptTemplate<HelpPlaceholder>,
  values: Readonly<Record<"input_form" | "program_a" | "program_b", string>>,
): RenderedPrompt {
  const messages = fillTemplate(template, {
    statement: problem.statement,
    starter_code: starterText(problem),
    input_form: values.input_form,
    program_a: fenced(values.program_a, "python"),
    program_b: fenced(values.program_b, "python"),
  });
  return { messages, name: template.name, sha256: template.sha256 };
}

/** The prompt that asks for the reward of a step. Nothing but the statement and the program up to its end is told. */
export function renderStepReward(
  statement: string,
  program: string,
  template: PromptTemplate<RewardPlaceholder>,
): RenderedPrompt["messages"] {
  return fillTemplate(template, { statement, program: fenced(program, "python") });
}

/** Whether the statement alone holds all that a program must keep: HumanEval's statement is its given code. */
function isTold({ starterCode, entryPoint, statement }: Problem): boolean {
  if (starterCode.trim() !== "") return statement.includes(starterCode.trim());
  return entryPoint === undefined || statement.includes(bareName(entryPoint));
}

/** The given code in a fence that it cannot break out of, or a sentence that says what to write instead. */
function starterText({ starterCode, entryPoint, kind }: Problem): string {
  if (starterCode.trim() !== "") return fenced(starterCode, "python");
  if (entryPoint !== undefined) {
    return `No code is given. The tests call \`${entryPoint}\`: define it under exactly that name.`;
  }
  return kind === "stdin"
    ? "No code is given: write a whole program that reads standard input and writes standard output."
    : "No code is given: use the names that the problem states.";
}

/** Text in a fence that it cannot break out of. */
export function fenced(text: string, language: string): string {
  const runs = text.match(/`{3,}/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}${language}\n${text.replace(/\s+$/, "")}\n${fence}`;
}

/** `Solution().twoSum` is called `twoSum` in prose. */
function bareName(entryPoint: string): string {
  return entryPoint.slice(entryPoint.lastIndexOf(".") + 1);
}
