import type { ProbeInput } from "../inputs/probe-inputs.ts";
import { satisfies } from "./draw/satisfy.ts";
import type { InputModel } from "./input-model.ts";
import { inputOf } from "./model-inputs.ts";
import { argumentsValue } from "./read/signature-form.ts";
import { readValue } from "./read/value.ts";

/**
 * An input from elsewhere as the model writes it, where the model allows it: it has the form, and every rule holds.
 * undefined otherwise, and wherever the form of the inputs was not understood.
 */
export function legalInput(model: InputModel, input: ProbeInput): ProbeInput | undefined {
  const { form } = model;
  if (form === undefined || input.type !== model.type) return undefined;
  const value = input.type === "stdio" ? readValue(form, input.input) : argumentsValue(form, input.args);
  if (value === undefined || !satisfies(model, value)) return undefined;
  return inputOf(form, model, value);
}
