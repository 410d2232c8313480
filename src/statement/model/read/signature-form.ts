import type { Problem } from "../../../core/problem.ts";
import { entrySignature } from "../../python/signature.ts";
import type { Form, Value } from "../input-model.ts";
import { withoutMarkup } from "./mathematics.ts";
import { isList } from "./value.ts";

/**
 * The form of the arguments, from annotations where there are any, else from what the examples show. A list of lists
 * of fixed length whose places have names (`queries[i] = [l_i, r_i]`) has rows of these names. undefined when some
 * parameter's kind is not known.
 */
export function signatureForm(problem: Problem, examples: readonly (readonly unknown[])[]): Form | undefined {
  const signature = entrySignature(problem);
  if (signature === undefined || signature.parameters.length === 0) return undefined;
  const statement = withoutMarkup(problem.statement);
  const fields = signature.parameters.map(({ name, annotation }, i) =>
    parameterForm(
      name,
      annotation,
      examples.map((args) => args[i]),
      statement,
    ),
  );
  if (!fields.every((field) => field !== undefined)) return undefined;
  return { kind: "row", fields, separator: "\n" };
}

function parameterForm(
  name: string,
  annotation: string,
  shown: readonly unknown[],
  statement: string,
): Form | undefined {
  const text = annotation.replace(/["'\s]|typing\./g, "");
  if (text === "" || /^(?:any|object)$/i.test(text)) return shownForm(name, shown);
  return annotatedForm(name, text, shown, statement);
}

function annotatedForm(
  name: string,
  annotation: string,
  shown: readonly unknown[],
  statement: string,
): Form | undefined {
  const generic = /^(\w+)\[(.*)\]$/.exec(annotation);
  const inner = generic?.[2] ?? "";
  switch ((generic?.[1] ?? annotation).toLowerCase()) {
    case "int":
      return { kind: "scalar", name, type: "integer" };
    case "float":
      return { kind: "scalar", name, type: "real" };
    case "str":
      return { kind: "scalar", name, type: "word" };
    case "bool":
      return { kind: "scalar", name, type: "boolean" };
    case "listnode":
      return {
        kind: "list",
        name,
        of: { kind: "scalar", name: `${name}[]`, type: "integer" },
        separator: " ",
      };
    case "optional":
      return annotatedForm(name, inner, shown, statement);
    case "list":
    case "sequence":
    case "iterable": {
      const items = shown.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []));
      const rows = inner === "" ? undefined : namedRows(name, inner, items, statement);
      const of =
        rows ??
        (inner === "" ? shownForm(`${name}[]`, items) : annotatedForm(`${name}[]`, inner, items, statement));
      return of && { kind: "list", name, of, separator: of.kind === "scalar" ? " " : "\n" };
    }
    default:
      return undefined;
  }
}

/** `queries[i] = [l_i, r_i]`, or rows of two to four numbers that are all equally long by what the statement says. */
function namedRows(
  name: string,
  inner: string,
  rows: readonly unknown[],
  statement: string,
): Form | undefined {
  const element = /^List\[(int|str|float|bool)\]$/i.exec(inner)?.[1]?.toLowerCase();
  if (element === undefined) return undefined;
  const type =
    element === "int" ? "integer" : element === "str" ? "word" : element === "float" ? "real" : "boolean";
  const bare = name.replace(/\[\]/g, "");
  const named = new RegExp(
    String.raw`\b${bare}(?:\[\w\]|_\w|\[\w\]\[\w\])\s*==?\s*[[(]([^\][()]*)[\])]`,
  ).exec(statement)?.[1];
  const names = named?.split(",").map((each) =>
    each
      .trim()
      .replace(/_\{?[ijk]\}?$|\[[ijk]\]$/, "")
      .replace(/\W/g, ""),
  );
  const fixed = new RegExp(String.raw`\b${bare}\[\w\]\.length == (\d+)\b`).exec(statement)?.[1];
  const width = names?.length ?? (fixed === undefined ? undefined : Number(fixed));
  if (width === undefined || width < 1 || width > 8) return undefined;
  const isFixed = rows.every((row) => Array.isArray(row) && row.length === width);
  if (!isFixed) return undefined;
  const valid =
    names?.every((each) => /^[A-Za-z]\w*$/.test(each)) === true && new Set(names).size === names.length;
  const fields = Array.from({ length: width }, (_, i): Form => ({
    kind: "scalar",
    name: `${valid ? (names[i] ?? "") : `${bare}_${String(i)}`}[]`,
    type,
  }));
  return { kind: "row", fields, separator: " " };
}

/** The form of values without an annotation. */
function shownForm(name: string, shown: readonly unknown[]): Form | undefined {
  if (shown.length === 0) return undefined;
  if (shown.every((value) => typeof value === "boolean")) return { kind: "scalar", name, type: "boolean" };
  if (shown.every((value) => Number.isInteger(value))) return { kind: "scalar", name, type: "integer" };
  if (shown.every((value) => typeof value === "number")) return { kind: "scalar", name, type: "real" };
  if (shown.every((value) => typeof value === "string")) return { kind: "scalar", name, type: "word" };
  if (!shown.every((value) => Array.isArray(value))) return undefined;
  const of = shownForm(`${name}[]`, shown.flat());
  return of && { kind: "list", name, of, separator: of.kind === "scalar" ? " " : "\n" };
}

/** The arguments of an example as a value of the form; undefined when they do not fit. */
export function argumentsValue(form: Form, args: unknown): Value | undefined {
  switch (form.kind) {
    case "scalar": {
      if (typeof args === "string") return form.type === "word" ? args : undefined;
      if (typeof args === "boolean") return form.type === "boolean" ? args : undefined;
      if (typeof args !== "number") return undefined;
      return form.type === "real" || (form.type === "integer" && Number.isInteger(args)) ? args : undefined;
    }
    case "list": {
      if (!Array.isArray(args)) return undefined;
      return every((args as unknown[]).map((item) => argumentsValue(form.of, item)));
    }
    case "row": {
      if (!Array.isArray(args) || args.length !== form.fields.length) return undefined;
      return every(form.fields.map((field, i) => argumentsValue(field, (args as unknown[])[i])));
    }
    case "choice":
    case "literal":
      return undefined;
  }
}

function every(values: readonly (Value | undefined)[]): Value | undefined {
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** Arguments of a value of the form. */
export function argumentsOf(value: Value): readonly Value[] {
  return isList(value) ? value : [];
}
