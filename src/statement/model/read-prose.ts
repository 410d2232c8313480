import type { Form } from "./input-model.ts";

export function proseForm(_statement: string, _inputs: readonly string[]): Form | undefined {
  return undefined;
}
