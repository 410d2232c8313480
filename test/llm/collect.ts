import type { Llm, Sample, SampleOptions, SampleRequest } from "../../src/llm/llm.ts";

export function request(
  content: string,
  indices: readonly number[] = [0],
  params: SampleRequest["params"] = {},
): SampleRequest {
  return { messages: [{ role: "user", content }], model: "test-model", params, indices };
}

export function range(end: number): number[] {
  return Array.from({ length: end }, (_, index) => index);
}

/** All samples of a request by index, and the error that ended it, if one did. */
export async function collect(
  llm: Llm,
  wanted: SampleRequest,
  options?: SampleOptions,
): Promise<{ samples: Sample[]; batches: number[]; error: unknown }> {
  const samples: Sample[] = [];
  const batches: number[] = [];
  let error: unknown;
  try {
    for await (const batch of llm.sample(wanted, options)) {
      batches.push(batch.length);
      samples.push(...batch);
    }
  } catch (caught) {
    error = caught;
  }
  samples.sort((a, b) => a.index - b.index);
  return { samples, batches, error };
}

/** A small generator with a seed (mulberry32), in [0, 1). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
