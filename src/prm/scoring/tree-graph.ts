import { FunprmError } from "../../core/errors.ts";
import { describe, hasShape, names } from "./graph.ts";
import type { Shape, TensorMetadata } from "./graph.ts";
import type { PrmManifest } from "../manifest/manifest.ts";

/** What a graph of the form "tree" takes; training/ writes it (export/tree_model.py). */
const INPUTS = {
  input_ids: ["int64", 1],
  position_ids: ["int64", 1],
  visible_until: ["int64", 1],
  past: ["float32", 5],
} as const;

/** Cache rows of the new tokens. */
export const PRESENT = "present";

/**
 * Checks that a graph takes trees of tokens, and gives the shape of a cache row: layers, key and value, heads, width.
 *
 * @throws FunprmError("model") for the first mismatch.
 */
export function checkTreeGraph(
  graph: { readonly inputs: readonly TensorMetadata[]; readonly outputs: readonly TensorMetadata[] },
  { output }: Pick<PrmManifest, "output">,
  path: string,
): readonly number[] {
  const find = (
    tensors: readonly TensorMetadata[],
    name: string,
    type: string,
    shape: Shape,
  ): readonly unknown[] => {
    const found = tensors.find((tensor) => tensor.name === name);
    if (found?.isTensor === true && found.type === type && hasShape(found.shape, shape)) return found.shape;
    const got = found === undefined ? `a graph with ${names(tensors)}` : describe(found);
    const wanted = `${type} [${shape.map((size) => (size === "free" ? "free" : size)).join(", ")}]`;
    throw new FunprmError(
      "model",
      `${path}: graph tensor "${name}": expected ${wanted} for the graph form "tree", got ${got}. ` +
        "Correct prm.json, or export the model again.",
    );
  };
  const past = graph.inputs.find(({ name }) => name === "past");
  const row = past?.isTensor === true ? past.shape.slice(1).filter((size) => typeof size === "number") : [];
  for (const [name, [type, rank]] of Object.entries(INPUTS)) {
    find(graph.inputs, name, type, rank === 1 ? ["free"] : ["free", ...row.slice(0, 4)]);
  }
  find(graph.outputs, output.name, "float32", ["free"]);
  find(graph.outputs, PRESENT, "float32", ["free", ...row]);
  return row;
}
