import type { Problem } from "../core/problem.ts";
import { loadHelpPrompt } from "../prompt/load.ts";
import type { HelpPlaceholder, PromptTemplate } from "../prompt/template.ts";
import { type RenderedPrompt, renderHelpPrompt } from "../prompt/render.ts";
import type { Help } from "./helps.ts";

/** Programs on which an input is to be found. */
export interface TwoPrograms {
  readonly one: string;
  readonly other: string;
}

/** Files in prompts/separate/. */
const FILES = { generator: "generator", brute: "brute-force", input: "last-input" } as const;

/** What is asked for each of some helps, read once. */
export class HelpPrompts {
  readonly #templates: ReadonlyMap<Help, PromptTemplate<HelpPlaceholder>>;

  /** @throws FunprmError `usage` when a prompt file cannot be read */
  constructor(helps: readonly Help[]) {
    this.#templates = new Map(helps.map((help) => [help, loadHelpPrompt(FILES[help])]));
  }

  /** The sha256 of each prompt by its name. */
  get identities(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#templates.values()].map(({ name, sha256 }) => [name, sha256]));
  }

  /** Nothing but the statement, the given code and for the last input two programs is told. */
  messages(problem: Problem, help: Help, programs?: TwoPrograms): RenderedPrompt["messages"] {
    const template = this.#templates.get(help);
    if (template === undefined) throw new TypeError(`${help} is none of the helps`);
    return renderHelpPrompt(problem, template, {
      input_form: help === "input" ? `${inputForm(problem)} ${jsonForm(problem)}` : inputForm(problem),
      program_a: programs?.one ?? "",
      program_b: programs?.other ?? "",
    }).messages;
  }
}

function inputForm({ kind, entryPoint }: Problem): string {
  if (kind === "stdin")
    return "An input is everything that the program reads from standard input, as one `str` that ends with a line break.";
  const called = entryPoint === undefined ? "the function" : `\`${entryPoint}\``;
  return `An input is the list of the arguments of one call of ${called}, in the order of its parameters: numbers, strings, booleans, None and lists of them.`;
}

function jsonForm({ kind }: Problem): string {
  return kind === "stdin"
    ? 'In JSON: `{"input": "...", "output": "..."}`, both as text.'
    : 'In JSON: `{"args": [...], "output": ...}`, where `output` is what the call returns.';
}
