import type { InferenceSession } from "../../bundled/onnxruntime.ts";
import { FunprmError } from "../../core/errors.ts";
import type { PrmManifest } from "../manifest/manifest.ts";

/** Inputs that a graph may ask for, and that the scorer can feed. */
const GRAPH_INPUTS = ["input_ids", "attention_mask", "token_type_ids", "position_ids"] as const;

export type GraphInput = (typeof GRAPH_INPUTS)[number];

const REQUIRED_INPUTS: readonly GraphInput[] = ["input_ids", "attention_mask"];

/** What a session says of a tensor. A dimension that is not a number is free. */
export type TensorMetadata = InferenceSession.ValueMetadata;

/**
 * Checks that a graph of the form "rows" takes and gives what the manifest says, and names the inputs to feed.
 *
 * @throws FunprmError("model") for the first mismatch.
 */
export function checkGraph(
  graph: { readonly inputs: readonly TensorMetadata[]; readonly outputs: readonly TensorMetadata[] },
  manifest: Pick<PrmManifest, "reading" | "output">,
  path: string,
): GraphInput[] {
  const refuse = (field: string, expected: string, got: string): FunprmError =>
    new FunprmError(
      "model",
      `${path}: ${field}: expected ${expected}, got ${got}. Correct prm.json, or export the model again.`,
    );

  for (const name of REQUIRED_INPUTS) {
    if (!graph.inputs.some((input) => input.name === name)) {
      throw refuse(`graph input "${name}"`, "int64 [batch, length]", `a graph with ${names(graph.inputs)}`);
    }
  }
  const fed = graph.inputs.map((input) => {
    const known = GRAPH_INPUTS.find((name) => name === input.name);
    if (known === undefined) {
      throw refuse(`graph input "${input.name}"`, `one of ${GRAPH_INPUTS.join(", ")}`, "another name");
    }
    if (!input.isTensor || input.type !== "int64" || !hasShape(input.shape, [FREE, FREE])) {
      throw refuse(`graph input "${known}"`, "int64 [batch, length]", describe(input));
    }
    return known;
  });

  const { name } = manifest.output;
  const output = graph.outputs.find((candidate) => candidate.name === name);
  if (output === undefined) {
    throw refuse(
      `graph output "${name}" (field "output.name")`,
      "an output of this name",
      `a graph with ${names(graph.outputs)}`,
    );
  }
  const shapes: readonly Shape[] = manifest.reading.kind === "prefix" ? [[FREE], [FREE, 1]] : [[FREE, FREE]];
  if (
    !output.isTensor ||
    output.type !== "float32" ||
    !shapes.some((shape) => output.isTensor && hasShape(output.shape, shape))
  ) {
    const wanted = manifest.reading.kind === "prefix" ? "[batch] or [batch, 1]" : "[batch, length]";
    throw refuse(
      `graph output "${name}"`,
      `float32 ${wanted} for the reading "${manifest.reading.kind}"`,
      describe(output),
    );
  }
  return fed;
}

const FREE = "free";

/** Sizes by axis. */
export type Shape = readonly (number | typeof FREE)[];

/** Whether a tensor's axes are free or fixed as wanted. */
export function hasShape(shape: readonly (number | string)[], wanted: Shape): boolean {
  return (
    shape.length === wanted.length &&
    wanted.every((size, axis) => (size === FREE ? typeof shape[axis] !== "number" : shape[axis] === size))
  );
}

export function names(tensors: readonly TensorMetadata[]): string {
  return tensors.map(({ name }) => `"${name}"`).join(", ");
}

export function describe(tensor: TensorMetadata): string {
  return tensor.isTensor ? `${tensor.type} [${tensor.shape.join(", ")}]` : "no tensor";
}
