import { CHOOSING } from "./catalog/choosing.ts";
import { EVALUATING } from "./catalog/evaluating.ts";
import { SERVING } from "./catalog/serving.ts";
import type { CommandSpec } from "./command.ts";

/** Every command, in the order of the help text. */
export const COMMANDS: readonly CommandSpec[] = [...CHOOSING, ...EVALUATING, ...SERVING];
