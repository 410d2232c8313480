import { FunprmError } from "../../core/errors.ts";
import type { PrmManifest } from "./manifest.ts";

/** Rounding in a graph that ends in its own sigmoid may pass 0 or 1 by this much. */
const ROUNDING = 1e-5;

/**
 * A reward in [0, 1] from what the model gave; of a signed model V = (R + 1) / 2, and what a regression overshoots is cut. `source` names the model's file or address in errors.
 *
 * @throws FunprmError("model") for a number that no reward can be.
 */
export function toReward(
  value: number | undefined,
  { name, output }: Pick<PrmManifest, "name" | "output">,
  source: string,
): number {
  if (output.range?.[0] === -1 && value !== undefined && Number.isFinite(value)) {
    return Math.min(Math.max((value + 1) / 2, 0), 1);
  }
  const reward =
    value === undefined ? NaN : output.activation === "sigmoid" ? 1 / (1 + Math.exp(-value)) : value;
  if (!(reward >= -ROUNDING && reward <= 1 + ROUNDING)) {
    throw new FunprmError(
      "model",
      `model ${name} (${source}): expected rewards from ${output.range?.[0] ?? 0} to 1, got ${value}. The weights or the activation ` +
        `"${output.activation}" in prm.json are wrong: export the model again.`,
    );
  }
  return Math.min(Math.max(reward, 0), 1);
}
