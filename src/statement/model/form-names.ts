import type { Form, List, Scalar } from "./input-model.ts";
import type { Indexed } from "./read/mathematics.ts";

/** All scalars of a form, in order. */
export function scalarsOf(form: Form): Scalar[] {
  switch (form.kind) {
    case "scalar":
      return [form];
    case "list":
      return scalarsOf(form.of);
    case "row":
      return form.fields.flatMap(scalarsOf);
    case "choice":
      return form.options.flatMap(scalarsOf);
    case "literal":
      return [];
  }
}

/** All lists of a form, outer before inner. */
export function listsOf(form: Form): List[] {
  switch (form.kind) {
    case "list":
      return [form, ...listsOf(form.of)];
    case "row":
      return form.fields.flatMap(listsOf);
    case "choice":
      return form.options.flatMap(listsOf);
    case "scalar":
    case "literal":
      return [];
  }
}

/** The name without its indices. */
export function baseOf(name: string): string {
  return name.replace(/\[\]/g, "");
}

/** How many indices every name of a form can have; a word can be indexed by its letters. */
export function indexedNames(form: Form): Map<string, number> & Indexed {
  const depths = new Map<string, number>();
  const note = (name: string, more: number): void => {
    const base = baseOf(name);
    const depth = (name.length - base.length) / 2 + more;
    if (base !== "" && depth > (depths.get(base) ?? 0)) depths.set(base, depth);
  };
  for (const scalar of scalarsOf(form)) note(scalar.name, scalar.type === "word" ? 1 : 0);
  for (const list of listsOf(form)) note(list.name, 1);
  return depths;
}

/** Columns of rows by how code writes them: `queries_0` for the first name of `queries[i] = [l_i, r_i]`. */
export function columnNames(form: Form): ReadonlyMap<string, string> {
  const columns = new Map<string, string>();
  for (const { name, of } of listsOf(form)) {
    if (name === "" || of.kind !== "row") continue;
    of.fields.forEach((field, i) => {
      if (field.kind === "scalar") columns.set(`${name}_${String(i)}`, baseOf(field.name));
    });
  }
  return columns;
}

/** The form with every scalar replaced. */
export function mapScalars(form: Form, change: (scalar: Scalar) => Scalar): Form {
  switch (form.kind) {
    case "scalar":
      return change(form);
    case "list":
      return { ...form, of: mapScalars(form.of, change) };
    case "row":
      return { ...form, fields: form.fields.map((field) => mapScalars(field, change)) };
    case "choice":
      return {
        ...form,
        options: form.options.map((option) => ({
          ...option,
          fields: option.fields.map((field) => mapScalars(field, change)),
        })),
      };
    case "literal":
      return form;
  }
}

/** Scalars and lists of a form that stand in no list. */
export function outsideLists(form: Form): {
  readonly scalars: readonly Scalar[];
  readonly lists: readonly List[];
} {
  switch (form.kind) {
    case "scalar":
      return { scalars: [form], lists: [] };
    case "list":
      return { scalars: [], lists: [form] };
    case "row": {
      const parts = form.fields.map(outsideLists);
      return { scalars: parts.flatMap(({ scalars }) => scalars), lists: parts.flatMap(({ lists }) => lists) };
    }
    case "choice":
    case "literal":
      return { scalars: [], lists: [] };
  }
}
