import { seededRandom } from "../../core/seeded-random.ts";
import { Drawer } from "./draw/drawer.ts";
import { satisfies } from "./draw/satisfy.ts";
import { scalarsOf } from "./form-names.ts";
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

/** Half as large: making inputs takes time too, and what is slow on one shape is slow on half of it. */
const HALF: Profile = { ...LARGE, size: LARGE.size / 2 };

/** In the order in which programs get them: what ends most slow programs comes first. */
const PROFILES: readonly Profile[] = [
  LARGE,
  { ...HALF, why: "large, ascending", order: 1, shape: "chain" },
  { ...HALF, why: "large, all values at the upper bound", values: "top", span: 1, shape: "star" },
  { ...HALF, why: "large, many duplicates", values: "bottom", shape: "chain" },
];
/** Only where there are words. */
const SKEWED: Profile = { ...HALF, why: "large, nearly all letters the same", values: "bottom", skew: true };

const MEDIUM: Profile = {
  ...LARGE,
  why: "middling, few different values",
  size: 40,
  values: "narrow",
  span: 8,
};

/** Large enough for a wrong rule to show by chance, small enough for a program that is slow. */
const MEDIUM_PROFILES: readonly Profile[] = [
  MEDIUM,
  { ...MEDIUM, why: "middling, values up to fifty", values: "narrow", span: 50 },
  { ...MEDIUM, why: "middling, values from everywhere", values: "wide" },
  { ...MEDIUM, why: "middling, two values", span: 2, size: 25 },
  { ...MEDIUM, why: "middling, small lists beside larger numbers", scalarSpan: 60, size: 15 },
  { ...MEDIUM, why: "a hundred elements, values from everywhere", values: "wide", size: 100 },
  { ...MEDIUM, why: "a hundred elements, values up to thirty", span: 30, size: 100 },
  { ...MEDIUM, why: "middling, a chain", span: 20, shape: "chain" },
];

/** Where every size at its bound breaks a rule (`N + M <= 12`), smaller ones may not. */
const SIZES = [1, 0.5, 0.1, 0.01];

export interface LargeInputOptions {
  /** At most so many; default: one of every shape. */
  readonly count?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * Inputs at the statement's bounds: programs that are too slow or recurse too deep look right on small ones. One a
 * shape, each different; none where the model does not know the bounds of sizes.
 */
export function largeModelInputs(model: InputModel, options: LargeInputOptions = {}): ModelInput[] {
  const hasWords = model.form !== undefined && scalarsOf(model.form).some(({ type }) => type === "word");
  return oneEach(model, hasWords ? [...PROFILES, SKEWED] : PROFILES, options);
}

/** Inputs of some dozens of elements, one a shape, each different. */
export function mediumModelInputs(model: InputModel, options: LargeInputOptions = {}): ModelInput[] {
  return oneEach(model, MEDIUM_PROFILES, options);
}

function oneEach(
  model: InputModel,
  profiles: readonly Profile[],
  { count = profiles.length, seed = 0 }: LargeInputOptions,
): ModelInput[] {
  const { form } = model;
  if (form === undefined) return [];
  const random = seededRandom(seed);
  const drawer = new Drawer(
    form,
    model.rules.map(({ claim }) => claim),
  );
  const found = new Map<string, ModelInput>();
  for (const profile of profiles) {
    if (found.size >= count) break;
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
