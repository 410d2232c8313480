import { FunprmError } from "../core/errors.ts";

/** An answer with choices, their texts and the likeliest alternatives of every token is far smaller. */
const MAX_ANSWER_BYTES = 256 * 2 ** 20;
/** What is quoted of an error is far shorter. */
const MAX_ERROR_BYTES = 2 ** 20;

type Chunks = AsyncIterable<Uint8Array>;

/** An answer's bytes, unpacked. A server that never stops sending would fill the memory. @throws FunprmError `api` */
export async function* boundedBody(
  body: Chunks,
  maxBytes: number = MAX_ANSWER_BYTES,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new FunprmError("api", `the answer has more than ${maxBytes} bytes; a shorter one was expected`);
    }
    yield chunk;
  }
}

/** The beginning of an error's text, all of it where it is no longer than errors are. */
export async function errorText(body: Chunks | null, maxBytes: number = MAX_ERROR_BYTES): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8");
}
