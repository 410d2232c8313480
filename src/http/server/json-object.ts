import { z } from "zod";
import { Refusal } from "./refusal.ts";

/** The JSON object of a body. Errors: Refusal 400. */
export function parseJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal(400, "invalid_json", "the body is not JSON: expected one JSON object in UTF-8");
  }
  const object = z.record(z.string(), z.unknown()).safeParse(value);
  if (object.success) return object.data;
  throw new Refusal(400, "invalid_json", "the body is JSON and no object: expected {...}");
}
