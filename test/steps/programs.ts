/** Steps in the form the tests talk about: what each is called, its text, whether it is complete. */
import { splitSteps } from "../../src/steps/index.ts";

export interface ShownStep {
  readonly name: string | null;
  readonly text: string;
}

export function shown(code: string): ShownStep[] {
  return splitSteps(code, "function").map(({ name, start, end }) => ({ name, text: code.slice(start, end) }));
}

export function names(code: string): (string | null)[] {
  return splitSteps(code, "function").map(({ name }) => name);
}

/** Names of the steps that are not complete. */
export function incomplete(code: string): (string | null)[] {
  return splitSteps(code, "function")
    .filter(({ complete }) => !complete)
    .map(({ name }) => name);
}
