import { basename } from "node:path";
import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { isOpenedByShell } from "../files/opened-by-shell.ts";
import { parseMarkdown } from "./markdown.ts";
import { sourceName, type Source } from "./text/bytes.ts";
import { textOf } from "./text/whole-text.ts";

const BLANKS = /^[\s\ufeff]+/;
const TEXT_NAME = /\.(md|markdown|txt)(\.gz)?$/i;

/** Whether a file is the text of a statement by its name. */
export function isNamedAsText(source: Source): source is string {
  return typeof source === "string" && TEXT_NAME.test(source);
}

/** Whether a source has no name that says what it holds: stdin, or what the shell opened. */
export function isNameless(source: Source): source is string {
  return source === "-" || (typeof source === "string" && isOpenedByShell(source));
}

/** The bytes of a nameless source again, and whether they are a statement's text: they do not begin as JSON does. */
export async function beginning(
  bytes: AsyncGenerator<Buffer>,
): Promise<{ readonly isText: boolean; readonly bytes: AsyncGenerator<Buffer> }> {
  const head: Buffer[] = [];
  let isText: boolean | undefined;
  while (isText === undefined) {
    const next = await bytes.next();
    if (next.done === true) break;
    head.push(next.value);
    isText = beginsAsText(Buffer.concat(head));
  }
  // Nothing but blanks, or a bracket that stands alone.
  return { isText: isText ?? !/\S/.test(Buffer.concat(head).toString()), bytes: again(head, bytes) };
}

/** `{` begins a record. A list of records goes on with a bracket, so that `[Easy]` is text. undefined: not known yet. */
function beginsAsText(head: Buffer): boolean | undefined {
  // Less may be a part of a byte order mark.
  if (head.length < 3) return undefined;
  const text = head.toString("utf8").replace(BLANKS, "");
  if (text === "") return undefined;
  if (text.startsWith("{")) return false;
  if (!text.startsWith("[")) return true;
  const second = text.slice(1).trimStart().charAt(0);
  return second === "" ? undefined : /\p{L}/u.test(second);
}

async function* again(head: readonly Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* head;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/**
 * The problem that a text states, Markdown or plain; its id is the file's name without endings.
 * @throws FunprmError `input` for a text that is empty or holds a record too
 */
export async function readStated(
  source: string,
  bytes: AsyncGenerator<Buffer>,
  isRecord: (line: string) => boolean,
): Promise<Problem> {
  const name = sourceName(source);
  const text = await textOf(bytes, name);
  // Something that another program printed first would make a statement of a file of problems.
  const record = text.split("\n").findIndex((line) => line.trimStart().startsWith("{") && isRecord(line));
  if (!isNamedAsText(source) && record !== -1) {
    throw new FunprmError(
      "input",
      `${name}:${record + 1}: expected problems as JSON or the text of one statement, got a problem as JSON behind ` +
        "other text. Leave the text out.",
    );
  }
  const id = isNameless(source) ? "stdin" : basename(source).replace(TEXT_NAME, "");
  const problem = parseMarkdown(text, id);
  if (problem.statement === "")
    throw new FunprmError("input", `${name}:1: expected the problem's statement, got an empty text.`);
  return problem;
}
