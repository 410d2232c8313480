import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/**
 * The bytes of a request, from Node's own request: they are passed on as bytes, and need no web stream in between.
 * Errors: Refusal 413 for more than `mostBytes`, 400 for a body that ends early.
 */
export async function readBody(incoming: IncomingMessage, mostBytes: number): Promise<Buffer> {
  // Told before it is read, a client with a long body need not send it.
  if (Number(incoming.headers["content-length"] ?? 0) > mostBytes) throw tooLarge(mostBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      const buffer = Buffer.from(chunk);
      bytes += buffer.length;
      if (bytes > mostBytes) throw tooLarge(mostBytes);
      chunks.push(buffer);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, "broken_body", "the body broke off", {}, { cause: error });
  }
  return Buffer.concat(chunks);
}

function tooLarge(mostBytes: number): Refusal {
  return new Refusal(413, "too_large", `expected a body of at most ${mostBytes / 2 ** 20} MiB (--max-body)`);
}
