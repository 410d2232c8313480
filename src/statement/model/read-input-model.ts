import type { Problem, TestCase } from "../../core/problem.ts";
import { isExact } from "../inputs/probe-inputs.ts";
import { exampleRules, keptByExamples } from "./read/example-rules.ts";
import { scalarsOf } from "./form-names.ts";
import type { Form, InputModel, Rule, Unread, Value } from "./input-model.ts";
import { proseForm } from "./read/prose-form.ts";
import { statedRules } from "./read/stated-rules.ts";
import { argumentsValue, signatureForm } from "./read/signature-form.ts";
import { templateForm } from "./read/template-form.ts";
import { readValue, typedForm } from "./read/value.ts";
import { claimText } from "./rule-text.ts";
import { stringNames } from "./read/string-names.ts";

/**
 * What the statement, its format section, the signature and the examples together say about the inputs of a problem.
 * Every example satisfies the model: a rule that one breaks is dropped and named as not understood.
 */
export function readInputModel(problem: Problem, examples: readonly TestCase[]): InputModel {
  return problem.kind === "stdin" ? stdinModel(problem, examples) : callModel(problem, examples);
}

function stdinModel(problem: Problem, tests: readonly TestCase[]): InputModel {
  const inputs = tests.flatMap((test) => (test.type === "stdio" ? [test.input] : []));
  const candidates = [templateForm(problem.statement), proseForm(problem.statement)];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    const form = typedForm(candidate, inputs, stringNames(candidate, problem.statement));
    const values = inputs.map((input) => readValue(form, input));
    if (values.every((value) => value !== undefined) && values.length > 0)
      return completed(problem, "stdio", form, values);
  }
  const text = candidates.every((candidate) => candidate === undefined)
    ? "the input section"
    : "the input section: the examples have another form";
  return { type: "stdio", rules: [], notUnderstood: [{ kind: "form", text }], examples: [] };
}

function callModel(problem: Problem, tests: readonly TestCase[]): InputModel {
  const calls = tests.flatMap((test) => (test.type === "call" && isExact(test) ? [test.args] : []));
  const form = signatureForm(problem, calls);
  const values = form === undefined ? [] : calls.map((args) => argumentsValue(form, args));
  if (form !== undefined && values.every((value) => value !== undefined))
    return completed(problem, "call", form, values);
  const text =
    form === undefined ? "the kind of a parameter" : "the arguments: the examples have another form";
  return { type: "call", rules: [], notUnderstood: [{ kind: "form", text }], examples: [] };
}

function completed(
  problem: Problem,
  type: InputModel["type"],
  form: Form,
  examples: readonly Value[],
): InputModel {
  const stated = statedRules(form, problem.statement);
  const { kept, broken } = keptByExamples(form, [...formatRules(form), ...stated.rules], examples);
  const shown = exampleRules(form, problem.statement, kept, examples);
  const checked = keptByExamples(form, shown.rules, examples);
  const notUnderstood: Unread[] = [
    ...stated.notUnderstood,
    ...shown.notUnderstood,
    ...broken.map(({ claim }): Unread => ({
      kind: "example",
      text: `an example breaks: ${claimText(claim)}`,
    })),
  ];
  return { type, form, rules: [...kept, ...checked.kept], notUnderstood, examples };
}

/** Lengths of words that the format fixes. */
function formatRules(form: Form): Rule[] {
  return scalarsOf(form).flatMap(({ name, length }): Rule[] =>
    length === undefined
      ? []
      : [
          {
            claim: { kind: "chain", parts: [[`${name}.length`], [length]], signs: ["=="] },
            from: "format",
            sureness: "stated",
          },
        ],
  );
}
