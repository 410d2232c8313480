import { extractCode, looksLikeReply } from "../reply/extract.ts";
import type { Source } from "./text/bytes.ts";
import { readText } from "./candidate-folder.ts";

/**
 * The one program in a file or stream: as it is, or, where the text is a reply with code fences or reasoning tags,
 * taken out of it. Throws FunprmError("input") for what cannot be read.
 */
export async function readProgram(source: Source): Promise<string> {
  const text = await readText(source);
  return looksLikeReply(text) ? extractCode(text).code : text;
}
