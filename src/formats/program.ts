import { jsonOrUndefined } from "../core/json.ts";
import { FunprmError } from "../core/errors.ts";
import { extractCode, looksLikeReply } from "../reply/extract.ts";
import { sourceName, type Source } from "./text/bytes.ts";
import { readText } from "./text/whole-text.ts";

/**
 * The one program in a file or stream: as it is, or, where the text is a reply with code fences or reasoning tags,
 * taken out of it. Throws FunprmError("input") for what cannot be read, and for records of JSON, which Python would
 * take for a program of literals.
 */
export async function readProgram(source: Source): Promise<string> {
  const text = await readText(source);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (isRecords(text) || (lines.length > 0 && lines.every(isRecords))) {
    throw new FunprmError(
      "input",
      `${sourceName(source)}: expected one Python program, got JSON records; ` +
        "for candidate lines use split --jsonl, or rank --problem",
    );
  }
  return looksLikeReply(text) ? extractCode(text).code : text;
}

/** Whether a text is a JSON object, or a list of them. */
function isRecords(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  const value = jsonOrUndefined(text);
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.length > 0 && items.every((item) => typeof item === "object" && item !== null);
}
