import { namesOfExpression } from "../environment.ts";
import { listsOf, scalarsOf } from "../form-names.ts";
import type { Claim, Form } from "../input-model.ts";
import { derivedNames } from "./bounds.ts";

export type Chain = Extract<Claim, { kind: "chain" }>;

/** A form with its claims, and what a drawer looks up in them. */
export interface FormRules {
  readonly form: Form;
  readonly claims: readonly Claim[];
  readonly chains: readonly Chain[];
  /** Names that are sizes: others hang on them, so they are drawn first. */
  readonly sizes: ReadonlySet<string>;
  /** Names that equal a length and are no part of the input. */
  readonly derived: readonly string[];
}

export function formRules(form: Form, claims: readonly Claim[]): FormRules {
  const chains = claims.filter((claim) => claim.kind === "chain");
  const own = new Set(scalarsOf(form).map(({ name }) => name));
  const sizes = new Set([
    ...listsOf(form).flatMap(({ count }) => (count === undefined ? [] : namesOfExpression(count))),
    ...scalarsOf(form).flatMap(({ length }) => (length === undefined ? [] : namesOfExpression(length))),
    ...chains.flatMap(({ parts, signs }) =>
      signs.includes("==") && parts.some((part) => part.some((each) => each.endsWith(".length")))
        ? parts.flat().flatMap(namesOfExpression)
        : [],
    ),
  ]);
  return { form, claims, chains, sizes, derived: derivedNames(chains, own) };
}
