import { claimText } from "./rule-text.ts";
import type { Form, InputModel } from "./input-model.ts";

/** A model as `funprm inputs` writes it: the form in short, every rule with where it comes from, what was not understood. */
export function modelRecord({ type, form, rules, notUnderstood }: InputModel): object {
  return {
    type,
    form: form === undefined ? null : formText(form),
    rules: rules.map(({ claim, from, sureness }) => ({ rule: claimText(claim), from, sureness })),
    not_understood: notUnderstood,
  };
}

/** `N; A[] x N`: the parts of a form in order, lists with their counts, alternatives with a bar. */
function formText(form: Form): string {
  switch (form.kind) {
    case "scalar":
      return form.type === "integer" ? form.name : `${form.name}: ${form.type}`;
    case "literal":
      return form.text;
    case "row":
      return form.fields.map(formText).join(form.separator === "\n" ? "; " : " ");
    case "choice":
      return form.options.map((option) => `(${formText(option)})`).join(" | ");
    case "list":
      return `(${formText(form.of)}) x ${form.count ?? `${form.name}.length`}`;
  }
}
