import type * as Ort from "../../bundled/onnxruntime.ts";
import { FunprmError } from "../../core/errors.ts";
import type { PrmManifest } from "../manifest/manifest.ts";
import type { OpenSession } from "./session.ts";
import type { TokenTree } from "../tokens/token-tree.ts";
import { planCalls } from "./tree-calls.ts";
import type { TreeCall } from "./tree-calls.ts";
import { checkTreeGraph, PRESENT } from "./tree-graph.ts";

/** Runs a graph of the form "tree" with one branch of keys and values in a cache. */
export class TreeModel {
  readonly #open: OpenSession;
  readonly #output: string;
  readonly #path: string;
  /** Shape of a cache row. */
  readonly #row: readonly number[];
  /** Numbers in a cache row. */
  readonly #rowSize: number;
  /** The current branch: the row of the token at depth d begins at d times the row's size. */
  #cache = new Float32Array(0);

  /** @throws FunprmError("model") when the graph is not what the manifest says. */
  constructor(manifest: Pick<PrmManifest, "output">, path: string, open: OpenSession) {
    const { inputMetadata: inputs, outputMetadata: outputs } = open.session;
    this.#row = checkTreeGraph({ inputs, outputs }, manifest, path);
    this.#rowSize = this.#row.reduce((product, size) => product * size, 1);
    this.#open = open;
    this.#output = manifest.output.name;
    this.#path = path;
  }

  /** Bytes that the cache takes for a token. */
  get cacheRowBytes(): number {
    return this.#rowSize * Float32Array.BYTES_PER_ELEMENT;
  }

  /** The model's output for every token of the tree, by place; at most `maxTokens` tokens a call. */
  async outputs(tree: TokenTree, maxTokens: number): Promise<Float32Array> {
    const outputs = new Float32Array(tree.ids.length);
    const needed = tree.height * this.#rowSize;
    // The longest branch's place is taken before anything runs, so that memory cannot run out later on.
    if (this.#cache.length < needed) this.#cache = new Float32Array(needed);
    for (const call of planCalls(tree, maxTokens)) {
      const { logits, rows } = await this.#run(tree, call);
      outputs.set(logits, call.start);
      for (const { place, depth } of call.kept) {
        const from = (place - call.start) * this.#rowSize;
        this.#cache.set(rows.subarray(from, from + this.#rowSize), depth * this.#rowSize);
      }
    }
    return outputs;
  }

  async #run(
    { ids, depths }: TokenTree,
    { start, end, past, visibleUntil }: TreeCall,
  ): Promise<{ logits: Float32Array; rows: Float32Array }> {
    const { Tensor } = this.#open.ort;
    const whole = (values: Int32Array): Ort.Tensor =>
      new Tensor("int64", BigInt64Array.from(values, BigInt), [values.length]);
    const found = await this.#open.session.run({
      input_ids: whole(ids.subarray(start, end)),
      position_ids: whole(depths.subarray(start, end)),
      visible_until: whole(visibleUntil),
      past: new Tensor("float32", this.#cache.subarray(0, past * this.#rowSize), [past, ...this.#row]),
    });
    const length = end - start;
    return {
      logits: this.#read(found[this.#output], this.#output, length),
      rows: this.#read(found[PRESENT], PRESENT, length * this.#rowSize),
    };
  }

  #read(tensor: Ort.Tensor | undefined, name: string, length: number): Float32Array {
    const data = tensor?.data;
    if (data instanceof Float32Array && data.length === length) return data;
    throw new FunprmError(
      "model",
      `${this.#path}: graph output "${name}": expected ${length} float32 values, ` +
        `got ${tensor?.type ?? "nothing"} [${tensor?.dims.join(", ") ?? ""}]. Export the model again.`,
    );
  }
}
