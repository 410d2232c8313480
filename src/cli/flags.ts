import { CHOOSING_FLAGS } from "./flags/choosing.ts";
import { EVALUATING_FLAGS } from "./flags/evaluating.ts";
import { RUNNING_FLAGS } from "./flags/running.ts";
import { SAMPLING_FLAGS } from "./flags/sampling.ts";
import { SERVING_FLAGS } from "./flags/serving.ts";
import { TRAINING_FLAGS } from "./flags/training.ts";

/** Every flag of funprm by its name in funprm.toml, defined once; commands list the ones they take. */
export const FLAGS = {
  ...SAMPLING_FLAGS,
  ...CHOOSING_FLAGS,
  ...RUNNING_FLAGS,
  ...EVALUATING_FLAGS,
  ...TRAINING_FLAGS,
  ...SERVING_FLAGS,
} as const;

export type FlagName = keyof typeof FLAGS;
