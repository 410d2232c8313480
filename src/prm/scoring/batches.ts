import type { TokenSequence } from "../tokens/sequence.ts";

/** Rows that travel through the model together; `maxTokens` counts padding. */
export interface BatchLimits {
  /** The most tokens in a batch, rows times the longest row. One longer row is a batch by itself. */
  readonly maxTokens: number;
  /** The most rows in a batch; 1 for graphs whose rewards depend on the company. */
  readonly maxRows: number;
}

/** What to run and whose results it gives. */
export interface Plan {
  /** The sequences without duplicates, in order of first appearance. */
  readonly unique: readonly TokenSequence[];
  /** For every sequence given, its index in `unique`. */
  readonly slots: readonly number[];
  /** Indices into `unique`; every one is in exactly one batch. */
  readonly batches: readonly (readonly number[])[];
}

/** The largest part of a batch that may be padding. */
const MAX_PADDING = 0.1;

/** Finds equal sequences and packs the different ones into batches of nearly equal lengths, shortest first. */
export function planBatches(sequences: readonly TokenSequence[], limits: BatchLimits): Plan {
  const unique: TokenSequence[] = [];
  const known = new Map<string, number>();
  const slots = sequences.map((sequence) => {
    const key = identityOf(sequence);
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, unique.length);
    return unique.push(sequence) - 1;
  });
  return { unique, slots, batches: pack(unique, limits) };
}

function pack(sequences: readonly TokenSequence[], { maxTokens, maxRows }: BatchLimits): number[][] {
  const byLength = [...sequences.entries()].sort(([, a], [, b]) => a.ids.length - b.ids.length);
  const batches: number[][] = [];
  let batch: number[] = [];
  let tokens = 0;
  for (const [index, { ids }] of byLength) {
    // Lengths ascend, so this row is the longest and every other one is padded to it.
    const padded = (batch.length + 1) * ids.length;
    const fits =
      batch.length < maxRows && padded <= maxTokens && padded - tokens - ids.length <= MAX_PADDING * padded;
    if (batch.length > 0 && !fits) {
      batches.push(batch);
      batch = [];
      tokens = 0;
    }
    batch.push(index);
    tokens += ids.length;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** The exact ids and marks as a string: equal for equal sequences, and for no others. */
function identityOf({ ids, marks }: TokenSequence): string {
  const bytes = Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength).toString("latin1");
  return marks === null ? `prefix:${bytes}` : `${marks.join(",")}:${bytes}`;
}
