import { evaluate } from "../inputs/bound-expression.ts";
import type { Form, Value } from "./input-model.ts";
import { isList } from "./read/value.ts";

/** Values by name: of `A[]` the list of all elements, of `A[].length` the list of all lengths. */
export type Names = ReadonlyMap<string, Value>;

/**
 * The names of a value. One environment a scope: where an input holds test cases or queries, each of them with what
 * stands outside; otherwise a single one.
 */
export function environmentsOf(form: Form, value: Value): Names[] {
  const here = new Map<string, Value>();
  const scopes: { readonly form: Form; readonly values: readonly Value[] }[] = [];
  for (const [name, each] of columnsOf(form, value, scopes)) here.set(name, each);
  const inner = scopes.flatMap(({ form: of, values }) =>
    values.flatMap((each) => environmentsOf(of, each).map((names) => new Map([...here, ...names]))),
  );
  return inner.length === 0 ? [here] : inner;
}

function columnsOf(
  form: Form,
  value: Value,
  scopes: { readonly form: Form; readonly values: readonly Value[] }[],
): Map<string, Value> {
  const columns = new Map<string, Value>();
  const items = isList(value) ? value : [];
  switch (form.kind) {
    case "scalar":
      columns.set(form.name, value);
      if (form.type === "word" && typeof value === "string") columns.set(`${form.name}.length`, value.length);
      return columns;
    case "literal":
      return columns;
    case "row":
      form.fields.forEach((field, i) => {
        for (const [name, each] of columnsOf(field, items[i] ?? null, scopes)) columns.set(name, each);
      });
      return columns;
    case "choice": {
      const option = form.options[Number(items[0])];
      return option === undefined ? columns : columnsOf(option, items[1] ?? null, scopes);
    }
    case "list": {
      if (form.name !== "") columns.set(`${form.name}.length`, items.length);
      if (form.scope === true) {
        scopes.push({ form: form.of, values: items });
        return columns;
      }
      const rows = items.map((item) => columnsOf(form.of, item, scopes));
      for (const name of namesIn(form.of))
        columns.set(
          name,
          rows.map((row) => row.get(name) ?? null),
        );
      return columns;
    }
  }
}

/** Every name that a form can give, lengths too. */
function namesIn(form: Form): string[] {
  switch (form.kind) {
    case "scalar":
      return form.type === "word" ? [form.name, `${form.name}.length`] : [form.name];
    case "list":
      return [...(form.name === "" ? [] : [`${form.name}.length`]), ...namesIn(form.of)];
    case "row":
      return form.fields.flatMap(namesIn);
    case "choice":
      return form.options.flatMap(namesIn);
    case "literal":
      return [];
  }
}

const NAME = /[A-Za-z]\w*(?:\[\])*(?:\.length)?/g;
const FUNCTIONS = new Set(["min", "max"]);

/** The names in an expression. */
export function namesOfExpression(expression: string): string[] {
  return (expression.match(NAME) ?? []).filter((name) => !FUNCTIONS.has(name));
}

/**
 * Calls `test` with the values of expressions for every index that they share; false as soon as it is. An expression
 * that cannot be evaluated is undefined. Lists of different lengths have no index in common.
 */
export function everyIndex(
  expressions: readonly string[],
  names: Names,
  test: (values: readonly (number | undefined)[]) => boolean,
): boolean {
  const used = [...new Set(expressions.flatMap(namesOfExpression))];
  return broadcast(new Map(used.map((name) => [name, names.get(name)])), [], (scalars) =>
    test(expressions.map((expression) => evaluate(expression, scalars))),
  );
}

const INDEX_NAMES = ["i", "j"];

function broadcast(
  values: ReadonlyMap<string, Value | undefined>,
  indices: readonly number[],
  test: (scalars: ReadonlyMap<string, number>) => boolean,
): boolean {
  const lists = [...values.values()].filter(isList);
  const [first] = lists;
  if (first === undefined) {
    const scalars = new Map<string, number>();
    indices.forEach((index, depth) => scalars.set(INDEX_NAMES[depth] ?? "", index + 1));
    for (const [name, value] of values) if (typeof value === "number") scalars.set(name, value);
    return test(scalars);
  }
  if (lists.some((list) => list.length !== first.length)) return true;
  for (let i = 0; i < first.length; i++) {
    const inner = new Map([...values].map(([name, value]) => [name, isList(value) ? value[i] : value]));
    if (!broadcast(inner, [...indices, i], test)) return false;
  }
  return true;
}
