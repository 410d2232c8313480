import { seededRandom } from "../../core/seeded-random.ts";
import type { ProbeInput } from "../inputs/probe-inputs.ts";
import { Drawer } from "./draw/drawer.ts";
import { satisfies } from "./draw/satisfy.ts";
import type { Profile } from "./draw/profile.ts";
import { enumerated } from "./draw/enumerate.ts";
import { scalarsOf } from "./form-names.ts";
import type { Form, InputModel, Value } from "./input-model.ts";
import { argumentsOf } from "./read/signature-form.ts";
import { renderValue } from "./read/value.ts";

/** An input made from a model, and why this one. */
export interface ModelInput {
  readonly input: ProbeInput;
  readonly why: string;
}

export interface ModelInputOptions {
  /** Default 60. */
  readonly count?: number;
  /** Default 0. */
  readonly seed?: number;
}

const COUNT = 60;
/** Draws an input: most models need one or two, those with rules that are only checked more. */
const ATTEMPTS = 40;
/** A space of at most so many inputs is gone through. */
const SMALL_SPACE = 200;

const NARROW: Profile = {
  why: "small, values close together",
  size: 5,
  sizes: "random",
  values: "narrow",
  span: 4,
  shape: "random",
};

/**
 * Inputs that the model allows, each different, the same for the same seed; those that tell most programs apart come
 * first. Everything where the space is small; otherwise corners among small random inputs with few different values,
 * so that there are ties, collisions and things that touch. None without a form.
 */
export function modelInputs(model: InputModel, options: ModelInputOptions = {}): ModelInput[] {
  const { form } = model;
  if (form === undefined) return [];
  const count = options.count ?? COUNT;
  const random = seededRandom(options.seed ?? 0);
  const drawer = new Drawer(
    form,
    model.rules.map(({ claim }) => claim),
  );
  const found = new Map<string, ModelInput>();
  const add = (value: Value | undefined, why: string): boolean => {
    if (value === undefined || !satisfies(model, value)) return false;
    const input = inputOf(form, model, value);
    const key = JSON.stringify(input);
    if (found.has(key)) return false;
    found.set(key, { input, why });
    return true;
  };
  const space = enumerated(drawer, model, Math.min(count, SMALL_SPACE));
  if (space !== undefined) {
    for (const value of space) add(value, "every input there is");
    return [...found.values()];
  }
  const profiles = profilesFor(form);
  let failures = 0;
  for (let at = 0; found.size < count && failures < 4 * profiles.length; at++) {
    const profile = profiles[at % profiles.length] ?? NARROW;
    let done = false;
    for (let attempt = 0; attempt < ATTEMPTS && !done; attempt++)
      done = add(drawer.draw(profile, random), profile.why);
    failures = done ? 0 : failures + 1;
  }
  return [...found.values()];
}

/** A value of the form as a program gets it. */
export function inputOf(form: Form, model: InputModel, value: Value): ProbeInput {
  return model.type === "stdio"
    ? { type: "stdio", input: `${renderValue(form, value)}\n` }
    : { type: "call", args: argumentsOf(value) };
}

/** The order in which profiles take turns. */
function profilesFor(form: Form): Profile[] {
  const edges = scalarsOf(form)
    .filter(({ type, name }) => type === "integer" && !name.endsWith("[]"))
    .flatMap(({ name }): Profile[] => [
      { ...NARROW, why: `${name} at its lower bound`, edge: { name, side: "low" } },
    ]);
  const corners: Profile[] = [
    { ...NARROW, why: "the least sizes and values", sizes: "least", values: "bottom", span: 1 },
    { ...NARROW, why: "one element", size: 1, span: 3 },
    { ...NARROW, why: "all values equal", values: "equal" },
    { ...NARROW, why: "ascending", order: 1 },
    { ...NARROW, why: "descending", order: -1 },
    { ...NARROW, why: "zeros", values: "zero" },
    { ...NARROW, why: "negative values", values: "negative" },
    { ...NARROW, why: "a chain", shape: "chain", size: 6 },
    ...edges,
  ];
  const small: Profile[] = [
    NARROW,
    { ...NARROW, why: "small, values of two or three", span: 3, size: 6 },
    { ...NARROW, why: "small lists beside larger numbers", span: 5, scalarSpan: 30 },
    { ...NARROW, why: "tiny", size: 3, span: 3 },
    { ...NARROW, why: "small, values up to ten", span: 10, size: 6 },
    { ...NARROW, why: "small, two values", span: 2, size: 7 },
    { ...NARROW, why: "middling", span: 30, size: 12 },
    { ...NARROW, why: "small, values up to a hundred", span: 100, size: 5 },
  ];
  // Last, because a right program may need long for a great number.
  const wide: Profile[] = [
    { ...NARROW, why: "values at the upper bound", values: "top", span: 2 },
    { ...NARROW, why: "small, values from everywhere", values: "wide", span: 4, size: 5 },
  ];
  const mixed = corners.flatMap((corner, i) => [
    small[i % 6] ?? NARROW,
    small[(2 * i + 1) % small.length] ?? NARROW,
    corner,
  ]);
  return [...mixed, ...wide];
}
