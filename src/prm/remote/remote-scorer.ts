import { setMaxListeners } from "node:events";
import type { ProgramRewards, Scorer, ScoreRequest } from "../../core/scorer.ts";
import { AdaptiveLimiter } from "../../http/concurrency.ts";
import { parseEndpoint } from "../../http/endpoint.ts";
import { redactor } from "../../http/redact.ts";
import { Transport } from "../../http/transport.ts";
import type { RemotePrmFolder } from "../manifest/folder.ts";
import { planJobs } from "../scoring/request-jobs.ts";
import { planBatches } from "../scoring/batches.ts";
import { PoolingClient } from "./pooling-client.ts";
import { scorePrograms } from "../scoring/score-programs.ts";
import type { LoadedPrm } from "../scoring/score-programs.ts";
import type { TokenSequence } from "../tokens/sequence.ts";
import { roomForText } from "../tokens/sequence.ts";
import { loadTokenizer } from "../tokens/tokenizer.ts";

export interface RemoteScorerOptions {
  /** Sent as bearer token; servers of one's own may need none. */
  readonly apiKey?: string | undefined;
  /** Most requests under way at once; default 8. */
  readonly concurrency?: number | undefined;
  /** Milliseconds until a request without a complete answer is given up and sent again; default 600,000. */
  readonly timeoutMs?: number | undefined;
  /** Times a failed request is sent again; default 8. */
  readonly maxRetries?: number | undefined;
  /** Milliseconds before the first retry, doubling up to 16 times as long; default 500. */
  readonly backoffBaseMs?: number | undefined;
}

/** Where the key of a PRM server comes from; never from a manifest, which is passed on. */
export const PRM_API_KEY_ENV = "FUNPRM_PRM_API_KEY";

/** Sequences in a request. The server makes batches of its own; this bounds what a lost answer costs. */
const REQUEST_LIMITS = { maxTokens: 32_768, maxRows: 32 };

/**
 * A Scorer whose model runs on a vLLM server (`vllm serve MODEL --runner pooling`). Tokens are made and cut here, by the
 * manifest, so that the server sees the very sequences that the ONNX scorer would run. Nothing is sent yet.
 *
 * @throws FunprmError("model") for a tokenizer that does not fit, "usage" for an unusable address.
 */
export async function openRemoteScorer(
  prm: RemotePrmFolder,
  options: RemoteScorerOptions = {},
): Promise<Scorer> {
  const { encode, template } = await loadTokenizer(prm.manifest, prm.paths);
  const manifest = { ...prm.manifest, template };
  roomForText(manifest, encode(template.afterCode));
  const endpoint = parseEndpoint(prm.endpoint.url);
  const limiter = new AdaptiveLimiter(options.concurrency ?? 8);
  const transport = await Transport.open({
    endpoint,
    apiKey: options.apiKey,
    timeoutMs: options.timeoutMs ?? 600_000,
    connections: limiter.max,
  });
  const client = new PoolingClient({
    transport,
    limiter,
    retries: { maxRetries: options.maxRetries ?? 8, backoffBaseMs: options.backoffBaseMs ?? 500 },
    rules: { ...manifest, column: prm.endpoint.column },
    model: prm.endpoint.model,
    url: endpoint.url,
    redact: redactor(options.apiKey === undefined ? [] : [options.apiKey]),
    apiKeyEnv: PRM_API_KEY_ENV,
  });
  return new RemoteScorer({ ...prm, manifest }, encode, { client, limiter, transport });
}

interface Parts {
  readonly client: PoolingClient;
  readonly limiter: AdaptiveLimiter;
  readonly transport: Transport;
}

class RemoteScorer implements Scorer {
  readonly identity: Scorer["identity"];
  readonly usage = { tokens: 0, programs: 0 };
  readonly #manifest: LoadedPrm["manifest"];
  readonly #encode: LoadedPrm["encode"];
  readonly #parts: Parts;

  constructor({ manifest, sha256 }: RemotePrmFolder, encode: LoadedPrm["encode"], parts: Parts) {
    this.identity = {
      name: manifest.name,
      sha256,
      defaultAggregate: manifest.aggregate,
      stepSize: manifest.stepSize,
    };
    this.#manifest = manifest;
    this.#encode = encode;
    this.#parts = parts;
  }

  async score(
    requests: readonly ScoreRequest[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<ProgramRewards[]> {
    const { jobs, slots } = planJobs(requests);
    const reward = (sequences: readonly TokenSequence[]): ReturnType<LoadedPrm["reward"]> =>
      this.#reward(sequences, signal);
    const prm = { manifest: this.#manifest, encode: this.#encode, reward };
    const { results, tokens } = await scorePrograms(jobs.flat(), prm);
    this.usage.tokens += tokens;
    this.usage.programs += requests.length;
    return slots.flatMap((slot) => results[slot] ?? []);
  }

  async close(): Promise<void> {
    this.#parts.limiter.close();
    await this.#parts.transport.close();
  }

  /** Runs the different sequences in requests of like length. The first failure stops the others. */
  async #reward(
    sequences: readonly TokenSequence[],
    outer: AbortSignal | undefined,
  ): ReturnType<LoadedPrm["reward"]> {
    const plan = planBatches(sequences, REQUEST_LIMITS);
    const failed = new AbortController();
    const signal = outer === undefined ? failed.signal : AbortSignal.any([outer, failed.signal]);
    // Every request under way listens; the default of 10 is a warning against leaks.
    setMaxListeners(0, signal);
    const rewards: (readonly number[])[] = [];
    let tokens = 0;
    const runs = plan.batches.map(async (batch) => {
      const rows = batch.flatMap((index) => plan.unique[index] ?? []);
      const answers = await this.#parts.client.pool(rows, signal);
      for (const [row, index] of batch.entries()) rewards[index] = answers[row] ?? [];
      for (const { ids } of rows) tokens += ids.length;
    });
    try {
      await Promise.all(runs);
    } catch (error) {
      failed.abort();
      await Promise.allSettled(runs);
      throw error;
    }
    return { rewards: plan.slots.map((slot) => rewards[slot] ?? []), tokens };
  }
}
