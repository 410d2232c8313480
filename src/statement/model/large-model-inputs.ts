import { seededRandom } from "../../core/seeded-random.ts";
import { Drawer } from "./draw/drawer.ts";
import { satisfies } from "./draw/satisfy.ts";
import type { Profile } from "./draw/profile.ts";
import type { InputModel } from "./input-model.ts";
import { inputOf, type ModelInput } from "./model-inputs.ts";

const LARGE: Profile = {
  why: "large, random values",
  size: 200_000,
  sizes: "most",
  values: "wide",
  span: 3,
  shape: "random",
};

/** In the order in which programs get them: what ends most slow programs comes first. */
const PROFILES: readonly Profile[] = [
  LARGE,
  { ...LARGE, why: "large, ascending", order: 1, shape: "chain" },
  { ...LARGE, why: "large, all values at the upper bound", values: "top", span: 1, shape: "star" },
  { ...LARGE, why: "large, many duplicates", values: "bottom", shape: "chain" },
  { ...LARGE, why: "large, nearly all letters the same", values: "bottom", skew: true },
];

/** Where every size at its bound breaks a rule (`N + M <= 12`), smaller ones may not. */
const SIZES = [1, 0.5, 0.1, 0.01];

/**
 * Inputs at the statement's bounds: programs that are too slow or recurse too deep look right on small ones. One a
 * shape, each different; none where the model does not know the bounds of sizes.
 */
export function largeModelInputs(model: InputModel, options: { readonly seed?: number } = {}): ModelInput[] {
  const { form } = model;
  if (form === undefined) return [];
  const random = seededRandom(options.seed ?? 0);
  const drawer = new Drawer(
    form,
    model.rules.map(({ claim }) => claim),
  );
  const found = new Map<string, ModelInput>();
  for (const profile of PROFILES) {
    for (const scale of SIZES) {
      const value = drawer.draw({ ...profile, size: Math.floor(profile.size * scale) }, random);
      if (value === undefined || !satisfies(model, value)) continue;
      const input = inputOf(form, model, value);
      found.set(JSON.stringify(input), { input, why: profile.why });
      break;
    }
  }
  return [...found.values()];
}
