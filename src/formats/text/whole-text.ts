import { FunprmError } from "../../core/errors.ts";
import { readBytes, sourceName, type Source } from "./bytes.ts";
import { decodeUtf8 } from "./lines.ts";

/**
 * The longest program or statement in bytes. Judges take 64 KiB; splitting time grows with length, and while a text is
 * split no signal is answered: 4 MiB take some seconds.
 */
export const MAX_TEXT_BYTES = 4 * 2 ** 20;

/** A whole text file or stream. Throws FunprmError("input") naming it, and for one of more than `MAX_TEXT_BYTES`. */
export function readText(source: Source): Promise<string> {
  const name = sourceName(source);
  return textOf(
    readBytes(source, () => `${name}:1`),
    name,
  );
}

/** `readText` on bytes already opened. */
export async function textOf(bytes: AsyncIterable<Buffer>, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_TEXT_BYTES) {
      throw new FunprmError(
        "input",
        `${name}: expected a text of at most ${MAX_TEXT_BYTES} bytes, got a longer one. Name a program or a statement.`,
      );
    }
  }
  return decodeUtf8(Buffer.concat(chunks), `${name}:1`).replace(/^\uFEFF/, "");
}
