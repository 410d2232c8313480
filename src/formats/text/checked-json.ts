import type { z } from "zod";
import { FunprmError } from "../../core/errors.ts";

/**
 * A text of JSON in a form of ours.
 * @param wrong what to say of another one: where it is, what was expected, what to do
 * @throws FunprmError `input`
 */
export function checkedJson<T>(text: string, schema: z.ZodType<T>, wrong: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new FunprmError("input", wrong, { cause });
  }
}
