import type { IncomingMessage } from "node:http";
import { expectedOf, pathOf, valueAt } from "../core/expected.ts";
import { describe } from "../formats/text/json-text.ts";
import { chatRequestSchema, type ReplayRequest, textRequestSchema } from "./request.ts";
import { ReplayRefusal } from "./response.ts";

/** Long enough for any prompt; a body beyond it is refused. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** The whole body of a request, as text. */
export async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > MAX_BODY_BYTES)
      throw new ReplayRefusal(413, "too_large", "the request is longer than 64 MiB");
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A request for completions; a refusal that says what was expected otherwise. */
export function readRequest(body: string, isText: boolean): ReplayRequest {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new ReplayRefusal(400, "invalid_json", "the request's body is no JSON");
  }
  const parsed = (isText ? textRequestSchema : chatRequestSchema).safeParse(value);
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.map(
    (issue) =>
      `expected ${expectedOf(issue)} at "${pathOf(issue)}", got ${describe(valueAt(value, issue.path))}`,
  );
  throw new ReplayRefusal(
    400,
    "invalid_request",
    `not a ${isText ? "" : "chat "}completion request: ${told.join("; ")}`,
  );
}
