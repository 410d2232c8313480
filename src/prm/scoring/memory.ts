import { FunprmError } from "../../core/errors.ts";
import type { PrmManifest } from "../manifest/manifest.ts";

/** What a graph needs while it runs, as far as that decides how much may run at once. */
export interface MemoryNeeds {
  /** Resident bytes of the process with the model loaded and nothing running. */
  readonly loadedBytes: number;
  /** Numbers that live at once in a layer; see docs/design/prm-manifest.md. */
  readonly activations: NonNullable<PrmManifest["activations"]>;
  /** Bytes of keys and values of one cached token; 0 for graphs of rows. */
  readonly cacheRowBytes: number;
  readonly contextLength: number;
}

/** What fits: `tokens` at once, in sequences of at most `contextLength` tokens. */
export interface MemoryPlan {
  readonly tokens: number;
  readonly contextLength: number;
}

const FLOAT_BYTES = 4;
/**
 * Copies of a layer's activations that live at once: ONNX Runtime computes most operators into a second tensor, and its
 * arena takes new blocks while freed ones are too small. Measured with benchmarks/scoring/sweep.mjs.
 */
const COPIES = 4;
/** Beside the model: requests, token ids and the trees of a job, and what the allocator does not give back. */
const SLACK_BYTES = 64 * 2 ** 20;
/** Fewer tokens a call than this cost more than the memory they save. */
const FEWEST_TOKENS = 16;
/** A shorter context than this would leave out most code. */
const SHORTEST_CONTEXT = 256;

/**
 * Bytes for a call of `tokens` new tokens, each of which may see `context` tokens. A graph of rows takes a whole sequence at
 * once, however little may travel together.
 * @internal for tests
 */
export function bytesInUse(needs: MemoryNeeds, tokens: number, context: number): number {
  const { perToken, perPair } = needs.activations;
  const atOnce = needs.cacheRowBytes === 0 ? Math.max(tokens, context) : tokens;
  return (
    needs.loadedBytes +
    SLACK_BYTES +
    context * needs.cacheRowBytes +
    COPIES * FLOAT_BYTES * atOnce * (perToken + context * perPair)
  );
}

/**
 * Fits the work into `maxBytes`: first fewer tokens at once, halving from `mostTokens`; then, and only then, a shorter
 * context, which cuts statements.
 *
 * @throws FunprmError("usage") when not even the least work fits.
 */
export function planMemory(needs: MemoryNeeds, maxBytes: number, mostTokens: number): MemoryPlan {
  const { contextLength } = needs;
  const fits = (tokens: number, context: number): boolean => bytesInUse(needs, tokens, context) <= maxBytes;
  for (let tokens = mostTokens; tokens >= FEWEST_TOKENS; tokens = Math.floor(tokens / 2)) {
    if (fits(tokens, contextLength)) return { tokens, contextLength };
  }
  const least = Math.min(SHORTEST_CONTEXT, contextLength);
  if (!fits(FEWEST_TOKENS, least)) {
    const needed = Math.ceil(bytesInUse(needs, FEWEST_TOKENS, least) / 2 ** 20);
    throw new FunprmError(
      "usage",
      `expected --max-memory of at least ${needed} MiB for this model, got ${Math.floor(maxBytes / 2 ** 20)}. ` +
        "Allow more, or use a smaller model or its int8 weights.",
    );
  }
  let [fitting, tooLong] = [least, contextLength];
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (fits(FEWEST_TOKENS, middle)) fitting = middle;
    else tooLong = middle;
  }
  return { tokens: FEWEST_TOKENS, contextLength: fitting };
}
