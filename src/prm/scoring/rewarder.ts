import { FunprmError } from "../../core/errors.ts";
import { largestChange, probeSequences, rewardsAreIndependent } from "./independence.ts";
import type { Precision, PrmManifest } from "../manifest/manifest.ts";
import { planMemory } from "./memory.ts";
import type { MemoryPlan } from "./memory.ts";
import { planBatches } from "./batches.ts";
import { toReward } from "../manifest/reward.ts";
import { rowsModel } from "./rows-model.ts";
import type { TokenSequence } from "../tokens/sequence.ts";
import { openSession } from "./session.ts";
import type { OpenSession, SessionOptions } from "./session.ts";
import { buildTokenTree } from "../tokens/token-tree.ts";
import type { Encode } from "../tokens/tokenizer.ts";
import { TreeModel } from "./tree-model.ts";

/** Token sequences to rewards: a loaded graph with the plan that suits its form. */
export interface Rewarder {
  /** The execution provider that took the graph. */
  readonly provider: string;
  /** Whether sequences travel together; false for graphs whose rewards depend on the company. */
  readonly batches: boolean;
  /** The longest sequence it takes: the manifest's, or less where memory is bounded. */
  readonly contextLength: number;
  /** The rewards of each sequence, one for each of its marks or one in all, and the tokens it took. */
  readonly reward: (
    sequences: readonly TokenSequence[],
  ) => Promise<{ readonly rewards: readonly (readonly number[])[]; readonly tokens: number }>;
}

/** Tokens that go through a graph of rows together; more gains nothing on a CPU. */
const MAX_BATCH_TOKENS = 4096;
const MAX_BATCH_ROWS = 32;
/** Tokens in a call of a graph of trees; more gain nothing on a CPU and take more memory. */
const MAX_CALL_TOKENS = 512;

/**
 * Rewards of a tree that differ by more depend on the company. Another cut changes sums in their last bit, which now
 * and then makes an int8 activation round the other way.
 */
const ROUNDING: Readonly<Record<Precision, number>> = { fp32: 1e-4, int8: 0.05 };

/** Any text with a handful of different tokens. */
const PROBE_TEXT = "def main():\n    n = int(input())\n    print(sum(range(n)))\n";

export interface RewarderOptions extends SessionOptions {
  readonly precision: Precision;
  /** Bound on the resident bytes of this process; null: none. */
  readonly maxMemoryBytes: number | null;
}

/** Loads a PRM's weights and finds out how its rewards may be computed. @throws FunprmError("model") */
export async function openRewarder(
  manifest: PrmManifest,
  path: string,
  encode: Encode,
  options: RewarderOptions,
): Promise<Rewarder> {
  const open = await openSession(path, options);
  const probe = probeSequences(encode(PROBE_TEXT), manifest.reading.kind === "step-mark");
  switch (manifest.graph) {
    case "rows":
      return await openRows(manifest, path, open, probe, options);
    case "tree":
      return await openTree(manifest, path, open, probe, options);
  }
}

async function openRows(
  manifest: PrmManifest,
  path: string,
  open: OpenSession,
  probe: readonly TokenSequence[],
  { maxMemoryBytes }: RewarderOptions,
): Promise<Rewarder> {
  const model = rowsModel(manifest, path, open);
  const batches = await rewardsAreIndependent(model, probe);
  const { tokens: maxTokens, contextLength } = boundMemory(manifest, maxMemoryBytes, MAX_BATCH_TOKENS, 0);
  const limits = { maxTokens, maxRows: batches ? MAX_BATCH_ROWS : 1 };
  return {
    provider: open.provider,
    batches,
    contextLength,
    reward: async (sequences) => {
      const plan = planBatches(sequences, limits);
      const rewards: (readonly number[])[] = [];
      let tokens = 0;
      for (const batch of plan.batches) {
        const rows = batch.flatMap((index) => plan.unique[index] ?? []);
        const answers = await model.run(rows);
        for (const [row, index] of batch.entries()) rewards[index] = answers[row] ?? [];
        for (const { ids } of rows) tokens += ids.length;
      }
      return { rewards: plan.slots.map((slot) => rewards[slot] ?? []), tokens };
    },
  };
}

async function openTree(
  manifest: PrmManifest,
  path: string,
  open: OpenSession,
  probe: readonly TokenSequence[],
  { precision, maxMemoryBytes }: RewarderOptions,
): Promise<Rewarder> {
  const model = new TreeModel(manifest, path, open);
  const rewarder = async (
    sequences: readonly TokenSequence[],
    maxTokens: number,
  ): ReturnType<Rewarder["reward"]> => {
    const tree = buildTokenTree(sequences);
    const outputs = await model.outputs(tree, maxTokens);
    const rewards = tree.readings.map((places) =>
      places.map((place) => toReward(outputs[place], manifest, path)),
    );
    return { rewards, tokens: tree.ids.length };
  };
  const together = (await rewarder(probe, MAX_CALL_TOKENS)).rewards.flat();
  const apart = (await rewarder(probe, 3)).rewards.flat();
  const gap = largestChange(together, apart);
  if (!(gap <= ROUNDING[precision])) {
    throw new FunprmError(
      "model",
      `${path}: expected rewards that do not depend on the company (${precision}: within ${ROUNDING[precision]}), ` +
        `got ones that change by ${gap}. Export the model again with training/, which quantises token by token.`,
    );
  }
  const { tokens: maxTokens, contextLength } = boundMemory(
    manifest,
    maxMemoryBytes,
    MAX_CALL_TOKENS,
    model.cacheRowBytes,
  );
  return {
    provider: open.provider,
    batches: true,
    contextLength,
    reward: (sequences) => rewarder(sequences, maxTokens),
  };
}

/** What fits the bound. Measured when the model has run once, on the probe, since loading is not over before. */
function boundMemory(
  { activations, contextLength }: PrmManifest,
  maxBytes: number | null,
  mostTokens: number,
  cacheRowBytes: number,
): MemoryPlan {
  if (maxBytes === null) return { tokens: mostTokens, contextLength };
  if (activations === undefined) {
    throw new FunprmError(
      "model",
      'expected the field "activations" in prm.json, by which --max-memory can be kept, got none. ' +
        "Export the model again, or leave out --max-memory.",
    );
  }
  const loadedBytes = process.memoryUsage.rss();
  return planMemory({ loadedBytes, activations, cacheRowBytes, contextLength }, maxBytes, mostTokens);
}
