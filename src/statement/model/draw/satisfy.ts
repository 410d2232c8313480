import { withDerived } from "./bounds.ts";
import { holds, sumsHold } from "../check.ts";
import { environmentsOf } from "../environment.ts";
import type { Claim, InputModel, Value } from "../input-model.ts";

/** What a value needs in every scope for a model to allow it. */
export function satisfies(model: InputModel, value: Value): boolean {
  return model.form !== undefined && firstBroken(model, value) === undefined;
}

/** The first claim of a model that a value breaks. */
function firstBroken(model: InputModel, value: Value): Claim | undefined {
  if (model.form === undefined) return undefined;
  const claims = model.rules.map(({ claim }) => claim);
  const chains = claims.filter((claim) => claim.kind === "chain");
  const scopes = environmentsOf(model.form, value).map((names) => withDerived(names, chains));
  const broken = claims.find((claim) => !scopes.every((names) => holds(claim, names)));
  return broken ?? claims.find((claim) => !sumsHold([claim], scopes));
}
