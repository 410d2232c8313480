import { upstreamModel } from "../chat/chat.ts";
import { WISH_FIELD } from "../chat/wish.ts";

/** The body that the upstream gets: the very bytes, unless they hold what only funprm understands. */
export function passedBody(
  bytes: Uint8Array,
  body: Readonly<Record<string, unknown>>,
  own: string,
): Uint8Array {
  const { model } = body;
  const named = typeof model === "string" ? upstreamModel(model, own) : model;
  if (named === model && !(WISH_FIELD in body)) return bytes;
  const { [WISH_FIELD]: _wish, ...rest } = body;
  return Buffer.from(JSON.stringify({ ...rest, ...(named !== undefined && { model: named }) }));
}
