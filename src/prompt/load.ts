import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { FunprmError } from "../core/errors.ts";
import { readSmallFile } from "../files/small-file.ts";
import type { ProblemKind } from "../core/problem.ts";
import {
  HELP_PLACEHOLDERS,
  type HelpPlaceholder,
  parsePromptTemplate,
  type PromptTemplate,
  REPAIR_PLACEHOLDERS,
  type RepairPlaceholder,
  REWARD_PLACEHOLDERS,
  type RewardPlaceholder,
} from "./template.ts";

/** The prompts that come with funprm: FunPRM's, and a control without its rules. */
const PROMPT_STYLES = ["chain-of-function", "plain"] as const;
export type PromptStyle = (typeof PROMPT_STYLES)[number];

/** One template for each kind of problem; the same one three times where a prompt does not distinguish them. */
export type Prompts = Readonly<Record<ProblemKind, PromptTemplate>>;

/** prompts/ is next to src/ and to dist/. */
const BUNDLED = new URL("../../prompts/", import.meta.url);

/**
 * Reads the templates of a style, or a user's own prompt file, which then serves every problem.
 *
 * @param choice `chain-of-function`, `plain`, or the path of a prompt file (its form: `parsePromptTemplate`).
 * @throws FunprmError `input` when the file cannot be read, is not UTF-8 or has not that form.
 */
export async function loadPrompts(
  choice: PromptStyle | (string & {}) = "chain-of-function",
): Promise<Prompts> {
  if (choice === "chain-of-function") {
    const [stdin, method, func] = await Promise.all([
      loadBundled("stdin"),
      loadBundled("method"),
      loadBundled("function"),
    ]);
    return { stdin, method, function: func };
  }
  const template = choice === "plain" ? await loadBundled("plain") : await loadTemplate(choice);
  return { stdin: template, method: template, function: template };
}

/** The prompt that asks to mend a program that fails an example. Errors: as `loadPrompts`. */
export function loadRepairPrompt(): PromptTemplate<RepairPlaceholder> {
  const path = fileURLToPath(new URL("repair.md", BUNDLED));
  return parsePromptTemplate(decode(readPrompt(path), path), "repair", REPAIR_PLACEHOLDERS);
}

/** The prompt that asks a chat PRM for the reward of a step. Errors: as `loadPrompts`. */
export function loadStepRewardPrompt(): PromptTemplate<RewardPlaceholder> {
  const path = fileURLToPath(new URL("prm/step-reward.md", BUNDLED));
  return parsePromptTemplate(decode(readPrompt(path), path), "step-reward", REWARD_PLACEHOLDERS);
}

/** A prompt of prompts/separate/, which asks to tell programs apart. Errors: as `loadPrompts`. */
export function loadHelpPrompt(
  name: "generator" | "brute-force" | "last-input",
): PromptTemplate<HelpPlaceholder> {
  const path = fileURLToPath(new URL(`separate/${name}.md`, BUNDLED));
  return parsePromptTemplate(decode(readPrompt(path), path), name, HELP_PLACEHOLDERS);
}

function loadBundled(name: string): Promise<PromptTemplate> {
  return loadTemplate(fileURLToPath(new URL(`${name}.md`, BUNDLED)));
}

async function loadTemplate(path: string): Promise<PromptTemplate> {
  return parsePromptTemplate(decode(readPrompt(path), path), basename(path).replace(/\.md$/i, ""));
}

function readPrompt(path: string): Uint8Array {
  try {
    return readSmallFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FunprmError(
      "input",
      `prompt ${path}: expected "chain-of-function", "plain" or a readable prompt file: ${reason}`,
      { cause },
    );
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FunprmError(
      "input",
      `prompt ${path}: expected UTF-8 text, found other bytes; save it as UTF-8`,
      { cause },
    );
  }
}
