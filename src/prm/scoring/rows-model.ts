import type * as Ort from "../../bundled/onnxruntime.ts";
import { FunprmError } from "../../core/errors.ts";
import { checkGraph } from "./graph.ts";
import type { GraphInput } from "./graph.ts";
import type { PrmManifest } from "../manifest/manifest.ts";
import { toReward } from "../manifest/reward.ts";
import type { TokenSequence } from "../tokens/sequence.ts";
import type { OpenSession, Runtime } from "./session.ts";

/** A graph of the form "rows". */
export interface RowsModel {
  /** The rewards of each sequence: one for each of its marks, or one in all. Pads to the longest. */
  readonly run: (sequences: readonly TokenSequence[]) => Promise<number[][]>;
}

/** @throws FunprmError("model") when the graph is not what the manifest says. */
export function rowsModel(manifest: PrmManifest, path: string, { ort, session }: OpenSession): RowsModel {
  const inputs = checkGraph(
    { inputs: session.inputMetadata, outputs: session.outputMetadata },
    manifest,
    path,
  );
  return {
    run: async (sequences) => {
      const output = (await session.run(feed(ort, inputs, sequences, manifest.specialTokens.pad)))[
        manifest.output.name
      ];
      return readRewards(output, sequences, manifest, path);
    },
  };
}

/** The graph's inputs, int64 [batch, longest], padded on the right. */
function feed(
  ort: Runtime,
  inputs: readonly GraphInput[],
  sequences: readonly TokenSequence[],
  pad: number,
): Record<string, Ort.Tensor> {
  const length = Math.max(...sequences.map(({ ids }) => ids.length));
  const shape = [sequences.length, length];
  const fill = (value: (ids: Int32Array, position: number) => number): Ort.Tensor => {
    const data = new BigInt64Array(sequences.length * length);
    for (const [row, { ids }] of sequences.entries()) {
      for (let position = 0; position < length; position++) {
        data[row * length + position] = BigInt(value(ids, position));
      }
    }
    return new ort.Tensor("int64", data, shape);
  };
  const values: Record<GraphInput, (ids: Int32Array, position: number) => number> = {
    input_ids: (ids, position) => ids[position] ?? pad,
    attention_mask: (ids, position) => (position < ids.length ? 1 : 0),
    token_type_ids: () => 0,
    position_ids: (_, position) => position,
  };
  return Object.fromEntries(inputs.map((name) => [name, fill(values[name])]));
}

function readRewards(
  output: Ort.Tensor | undefined,
  sequences: readonly TokenSequence[],
  manifest: PrmManifest,
  path: string,
): number[][] {
  const data = output?.data;
  const length = Math.max(...sequences.map(({ ids }) => ids.length));
  const perRow = manifest.reading.kind === "prefix" ? 1 : length;
  if (!(data instanceof Float32Array) || data.length !== sequences.length * perRow) {
    throw new FunprmError(
      "model",
      `${path}: graph output "${manifest.output.name}": expected ${sequences.length} x ${perRow} float32 values, ` +
        `got ${output?.type ?? "nothing"} [${output?.dims.join(", ") ?? ""}]. Export the model again.`,
    );
  }
  return sequences.map(({ marks }, row) =>
    (marks ?? [0]).map((position) => toReward(data[row * perRow + position], manifest, path)),
  );
}
