import type * as Ort from "onnxruntime-node";
import { FunprmError } from "../core/errors.ts";
import { checkGraph } from "./graph.ts";
import type { GraphInput } from "./graph.ts";
import type { PrmManifest } from "./manifest.ts";
import type { TokenSequence } from "./sequence.ts";

/** A loaded graph. */
export interface Model {
  /** The execution provider that took the graph. */
  readonly provider: string;
  /** The rewards of each sequence: one for each of its marks, or one in all. Pads to the longest. */
  readonly run: (sequences: readonly TokenSequence[]) => Promise<number[][]>;
}

/**
 * Loads a PRM's weights with the first execution provider that takes them.
 *
 * @throws FunprmError("model") when none does, or the graph is not what the manifest says.
 */
export async function loadModel(
  manifest: PrmManifest,
  path: string,
  { providers, threads }: { readonly providers: readonly string[]; readonly threads: number },
): Promise<Model> {
  const ort = await importRuntime();
  const { provider, session } = await openSession(ort, path, providers, threads);
  const inputs = checkGraph(
    { inputs: session.inputMetadata, outputs: session.outputMetadata },
    manifest,
    path,
  );
  return {
    provider,
    run: async (sequences) => {
      const output = (await session.run(feed(ort, inputs, sequences, manifest.specialTokens.pad)))[
        manifest.output.name
      ];
      return readRewards(output, sequences, manifest, path);
    },
  };
}

async function importRuntime(): Promise<typeof Ort> {
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    throw new FunprmError(
      "model",
      `expected ONNX Runtime's native library for ${process.platform}/${process.arch}, got ${String(cause)}. ` +
        'Install the packages on this machine with "npm ci"; onnxruntime-node names the platforms it has libraries for.',
      { cause },
    );
  }
}

async function openSession(
  ort: typeof Ort,
  path: string,
  providers: readonly string[],
  threads: number,
): Promise<{ provider: string; session: Ort.InferenceSession }> {
  const reasons: string[] = [];
  for (const provider of providers) {
    try {
      // One at a time: a list with an absent provider is refused as a whole instead of falling back.
      const session = await ort.InferenceSession.create(path, {
        executionProviders: [provider],
        intraOpNumThreads: threads,
        logSeverityLevel: 3,
      });
      return { provider, session };
    } catch (error) {
      reasons.push(`${provider}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new FunprmError(
    "model",
    `${path}: expected an ONNX graph that one of the execution providers ${providers.join(", ")} can load, got: ${reasons.join("; ")}. ` +
      'Use the provider "cpu", or export the model again.',
  );
}

/** The graph's inputs, int64 [batch, longest], padded on the right. */
function feed(
  ort: typeof Ort,
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

/** Rounding in a graph that ends in its own sigmoid may pass 0 or 1 by this much. */
const ROUNDING = 1e-5;

function toReward(value: number | undefined, { name, output }: PrmManifest, path: string): number {
  const reward =
    value === undefined ? NaN : output.activation === "sigmoid" ? 1 / (1 + Math.exp(-value)) : value;
  if (!(reward >= -ROUNDING && reward <= 1 + ROUNDING)) {
    throw new FunprmError(
      "model",
      `model ${name} (${path}): expected rewards from 0 to 1, got ${value}. The weights or the activation ` +
        `"${output.activation}" in prm.json are wrong: export the model again.`,
    );
  }
  return Math.min(Math.max(reward, 0), 1);
}
