import { namesOfExpression } from "../environment.ts";
import { chainHolds } from "../check.ts";
import { scalarsOf } from "../form-names.ts";
import type { Claim, Form, Value } from "../input-model.ts";
import type { Chain, FormRules } from "./form-rules.ts";

/** The chains among the columns of rows, found once a form. */
export class RowRules {
  readonly #rules: FormRules;
  readonly #rowChains = new Map<Form, readonly Chain[]>();

  constructor(rules: FormRules) {
    this.#rules = rules;
  }

  /** Chains among the columns of one row. */
  holds(form: Form, value: Value, known: ReadonlyMap<string, number>): boolean {
    if (form.kind !== "row" || !Array.isArray(value)) return true;
    const chains = this.#chainsOf(form);
    if (chains.length === 0) return true;
    const numbers = new Map(known);
    form.fields.forEach((field, i) => {
      const each = (value as readonly Value[])[i];
      if (field.kind === "scalar" && typeof each === "number") numbers.set(field.name, each);
    });
    return chains.every((claim) => chainHolds(claim, numbers));
  }

  /** The chains that name a column of a row. */
  #chainsOf(row: Extract<Form, { kind: "row" }>): readonly Chain[] {
    let chains = this.#rowChains.get(row);
    if (chains === undefined) {
      const own = new Set(row.fields.flatMap((field) => (field.kind === "scalar" ? [field.name] : [])));
      chains = this.#rules.chains.filter(({ parts }) =>
        parts.flat().some((part) => namesOfExpression(part).some((name) => own.has(name))),
      );
      this.#rowChains.set(row, chains);
    }
    return chains;
  }
}

/** What may not come twice in a list, of a row of it, for a claim that columns are distinct. */
export function keyOf(claim: Claim, form: Form, value: Value): string {
  if (claim.kind !== "distinct") return "";
  const scalars = scalarsOf(form);
  const row = Array.isArray(value) && form.kind === "row" ? (value as readonly Value[]) : [value];
  const tuple = claim.names.map(
    (name) =>
      row[
        form.kind === "row"
          ? form.fields.findIndex((field) => field.kind === "scalar" && field.name === name)
          : scalars.findIndex((scalar) => scalar.name === name)
      ] ?? null,
  );
  return JSON.stringify(claim.unordered === true ? tuple.toSorted() : tuple);
}
