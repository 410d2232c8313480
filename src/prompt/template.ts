import { createHash } from "node:crypto";
import { FunprmError } from "../core/errors.ts";

/** The values a prompt can ask for; `{{statement}}` in the file stands for the problem's statement. */
const PLACEHOLDERS = ["statement", "starter_code"] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];

/** A prompt that asks to mend a program can ask for it, too, and for what it did wrong. */
export const REPAIR_PLACEHOLDERS = [...PLACEHOLDERS, "program", "failure"] as const;
export type RepairPlaceholder = (typeof REPAIR_PLACEHOLDERS)[number];

/** A prompt that asks to tell programs apart can ask for what an input is, and for two of the programs. */
export const HELP_PLACEHOLDERS = [...PLACEHOLDERS, "input_form", "program_a", "program_b"] as const;
export type HelpPlaceholder = (typeof HELP_PLACEHOLDERS)[number];

/** A prompt that asks for the reward of a step: the statement is all of the problem that a PRM is given. */
export const REWARD_PLACEHOLDERS = ["statement", "program"] as const;
export type RewardPlaceholder = (typeof REWARD_PLACEHOLDERS)[number];

const SECTIONS = ["system", "user"] as const;
export type PromptRole = (typeof SECTIONS)[number];

/** Literal text, or a value to be put in its place. */
type Segment<P extends string> = { readonly text: string } | { readonly placeholder: P };

/** A prompt file, parsed once and rendered for any number of problems. */
export interface PromptTemplate<P extends string = Placeholder> {
  readonly name: string;
  /** sha256 of the file's text, hex: what results name and what tells two versions of a prompt apart. */
  readonly sha256: string;
  readonly sections: readonly { readonly role: PromptRole; readonly segments: readonly Segment<P>[] }[];
}

/**
 * Parses a prompt file: Markdown with a `## user` section and, optionally, a `## system` section before it. Each
 * becomes one chat message, without the blank lines around it. Text before the first section is for the reader.
 * A heading inside a code fence is code, so worked examples may hold any Python comment.
 *
 * @throws FunprmError `input` that names the line: unknown, repeated, misplaced or empty section, unknown
 * placeholder, no `## user`, no `{{statement}}`.
 */
export function parsePromptTemplate(text: string, name: string): PromptTemplate;
export function parsePromptTemplate<P extends string>(
  text: string,
  name: string,
  placeholders: readonly P[],
): PromptTemplate<P>;
export function parsePromptTemplate(
  text: string,
  name: string,
  placeholders: readonly string[] = PLACEHOLDERS,
): PromptTemplate<string> {
  const sha256 = createHash("sha256").update(text).digest("hex");
  const sections = splitSections(text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n"), name).map(
    (section) => ({
      role: section.role,
      segments: toSegments(section.lines.join("\n").replace(/^\n+|\s+$/g, ""), section, name, placeholders),
    }),
  );
  if (!sections.some(({ role }) => role === "user")) {
    throw new FunprmError(
      "input",
      `prompt ${name}: expected a line "## user", found none; put the text to send below it`,
    );
  }
  if (!sections.some(({ segments }) => uses(segments, "statement"))) {
    throw new FunprmError(
      "input",
      `prompt ${name}: expected {{statement}} in a section, found none; put it where the problem's statement belongs`,
    );
  }
  return { name, sha256, sections };
}

/** Whether some section of the template asks for the value. */
export function usesPlaceholder<P extends string>(template: PromptTemplate<P>, placeholder: P): boolean {
  return template.sections.some(({ segments }) => uses(segments, placeholder));
}

/** Fills the template. Values go in verbatim: nothing in them is read as a placeholder or a heading. */
export function fillTemplate<P extends string>(
  template: PromptTemplate<P>,
  values: Readonly<Record<P, string>>,
): { role: PromptRole; content: string }[] {
  return template.sections.map(({ role, segments }) => ({
    role,
    content: segments
      .map((segment) => ("text" in segment ? segment.text : values[segment.placeholder]))
      .join(""),
  }));
}

interface Section {
  readonly role: PromptRole;
  /** Line of the heading in the file, from 1. */
  readonly line: number;
  readonly lines: string[];
}

function splitSections(text: string, name: string): Section[] {
  const sections: Section[] = [];
  let fence: string | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence === undefined) fence = mark?.[1];
    else if (mark?.[1]?.startsWith(fence) === true && mark[2]?.trim() === "") fence = undefined;
    const heading = fence === undefined ? /^## +(.*?)\s*$/.exec(line)?.[1] : undefined;
    if (heading === undefined) {
      sections.at(-1)?.lines.push(line);
      continue;
    }
    sections.push({
      role: sectionRole(heading, sections, `prompt ${name}, line ${index + 1}`),
      line: index + 1,
      lines: [],
    });
  }
  return sections;
}

function sectionRole(heading: string, before: readonly Section[], where: string): PromptRole {
  const role = SECTIONS.find((section) => section === heading.toLowerCase());
  if (role === undefined) {
    throw new FunprmError(
      "input",
      `${where}: expected "## system" or "## user", found "## ${heading}"; use "###" for headings inside a section`,
    );
  }
  if (before.some((section) => section.role === role)) {
    throw new FunprmError(
      "input",
      `${where}: expected one section "## ${role}", found a second one; join the two`,
    );
  }
  if (role === "system" && before.length > 0) {
    throw new FunprmError("input", `${where}: expected "## system" before "## user"; change their order`);
  }
  return role;
}

function toSegments(
  text: string,
  section: Section,
  name: string,
  placeholders: readonly string[],
): Segment<string>[] {
  if (text === "") {
    throw new FunprmError(
      "input",
      `prompt ${name}, line ${section.line}: expected text below "## ${section.role}", found none`,
    );
  }
  return text.split(/(\{\{\s*\w+\s*\}\})/).map((piece) => {
    const asked = /^\{\{\s*(\w+)\s*\}\}$/.exec(piece)?.[1];
    if (asked === undefined) return { text: piece };
    const placeholder = placeholders.find((known) => known === asked);
    if (placeholder !== undefined) return { placeholder };
    const known = placeholders.map((each) => `{{${each}}}`).join(" or ");
    throw new FunprmError(
      "input",
      `prompt ${name}, section "## ${section.role}": expected ${known}, found ${piece}; correct or remove it`,
    );
  });
}

function uses(segments: readonly Segment<string>[], placeholder: string): boolean {
  return segments.some((segment) => "placeholder" in segment && segment.placeholder === placeholder);
}
