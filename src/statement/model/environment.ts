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
export function namesIn(form: Form): string[] {
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
  const scalars = new Map<string, number>();
  return broadcast(
    used.map((name) => [name, names.get(name)]),
    0,
    scalars,
    () => test(expressions.map((expression) => evaluate(expression, scalars))),
  );
}

const INDEX_NAMES = ["i", "j"];

type Named = readonly [name: string, value: Value | undefined];
type NamedList = readonly [name: string, list: readonly Value[]];

/** Puts the values at every index into `scalars`, one map for all of them: inputs have hundreds of thousands. */
function broadcast(
  values: readonly Named[],
  depth: number,
  scalars: Map<string, number>,
  test: () => boolean,
): boolean {
  const lists: NamedList[] = [];
  for (const [name, value] of values) {
    if (isList(value)) lists.push([name, value]);
    else if (typeof value === "number") scalars.set(name, value);
    else scalars.delete(name);
  }
  const [first] = lists;
  if (first === undefined) return test();
  const { length } = first[1];
  if (lists.some(([, list]) => list.length !== length)) return true;
  const index = INDEX_NAMES[depth] ?? "";
  // A value of that name is what an expression means.
  const isTaken = scalars.has(index);
  for (let i = 0; i < length; i++) {
    if (!isTaken) scalars.set(index, i + 1);
    const isFlat = setNumbers(lists, i, scalars);
    if (isFlat ? !test() : !broadcast(at(lists, i), depth + 1, scalars, test)) return false;
  }
  if (!isTaken) scalars.delete(index);
  return true;
}

/** Whether all values at an index are numbers; then they are set. */
function setNumbers(lists: readonly NamedList[], index: number, scalars: Map<string, number>): boolean {
  for (const [name, list] of lists) {
    const value = list[index];
    if (typeof value !== "number") return false;
    scalars.set(name, value);
  }
  return true;
}

function at(lists: readonly NamedList[], index: number): Named[] {
  return lists.map(([name, list]): Named => [name, list[index]]);
}
