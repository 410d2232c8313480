import { setTimeout as sleep } from "node:timers/promises";
import { FunprmError } from "../../core/errors.ts";
import type { AdaptiveLimiter, SlotOutcome } from "../../http/concurrency.ts";
import { readErrorValue } from "../../http/error-body.ts";
import { interrupted } from "../../http/interruption.ts";
import type { Redact } from "../../http/redact.ts";
import { delayMs, isThrottled, LONGEST_RETRY_AFTER_MS, retriesFor } from "../../http/retry.ts";
import type { RetryPolicy } from "../../http/retry.ts";
import type { Failed, Received, Transport } from "../../http/transport.ts";
import { readPooled } from "./pooling-answer.ts";
import type { PoolingRules } from "./pooling-answer.ts";
import type { TokenSequence } from "../tokens/sequence.ts";

export interface PoolingOptions {
  readonly transport: Transport;
  readonly limiter: AdaptiveLimiter;
  readonly retries: RetryPolicy;
  readonly rules: PoolingRules;
  /** The model's name on the server. */
  readonly model: string;
  /** The server's address, for messages. */
  readonly url: string;
  readonly redact: Redact;
  /** Environment variable that the key comes from, for messages. */
  readonly apiKeyEnv: string;
}

/** However often a throttled request is forgiven because others succeed, it ends. */
const MOST_ATTEMPTS = 100;

/** Longest part of a server's own words, in characters. */
const EXCERPT = 400;

/** Asks a vLLM server's pooling endpoint for rewards, and asks again where that may help. */
export class PoolingClient {
  readonly #options: PoolingOptions;

  constructor(options: PoolingOptions) {
    this.#options = options;
  }

  /** The rewards of each sequence. @throws FunprmError("api"), or "interrupted" after an abort. */
  async pool(sequences: readonly TokenSequence[], signal?: AbortSignal): Promise<number[][]> {
    const { limiter, retries, rules, url } = this.#options;
    let failures = 0;
    for (let attempts = 1; ; attempts++) {
      const successes = limiter.successes;
      const ended = await this.#once(sequences, attempts > 1, signal);
      if (ended.kind === "received") return readPooled(ended.value, sequences, rules, url);
      if (ended.kind === "aborted") throw interrupted();
      const othersSucceed = limiter.successes > successes;
      if (!isThrottled(ended) || !othersSucceed) failures += 1;
      if (failures > retriesFor(ended, retries, limiter.successes > 0) || attempts >= MOST_ATTEMPTS) {
        throw this.#explain(ended, attempts);
      }
      try {
        await sleep(delayMs(ended, failures, retries), undefined, signal === undefined ? {} : { signal });
      } catch {
        throw interrupted();
      }
    }
  }

  /** One HTTP request, in a slot of its own. */
  async #once(
    sequences: readonly TokenSequence[],
    urgent: boolean,
    signal?: AbortSignal,
  ): Promise<Received | Failed> {
    const { transport, limiter, model, rules } = this.#options;
    const slot = await limiter.acquire({ urgent, ...(signal === undefined ? {} : { signal }) });
    let outcome: SlotOutcome = "failed";
    try {
      const body = {
        model,
        task: "token_classify",
        input: sequences.map(({ ids }) => [...ids]),
        encoding_format: "float",
        // What the manifest does not ask us to apply, the server has to.
        use_activation: rules.output.activation === "none",
      };
      const ended = asFailure(await transport.post("/pooling", body, { cut: signal }));
      if (ended.kind === "received") outcome = "ok";
      else if (isThrottled(ended)) {
        outcome = "throttled";
        const asked = ended.kind === "refused" ? (ended.retryAfterMs ?? 0) : 0;
        if (asked > 0 && asked <= LONGEST_RETRY_AFTER_MS) limiter.pause(asked);
      }
      return ended;
    } finally {
      slot.release(outcome);
    }
  }

  #explain(failure: Exclude<Failed, { kind: "aborted" }>, attempts: number): FunprmError {
    const { url, redact, apiKeyEnv, model } = this.#options;
    const words = failure.kind === "refused" ? failure.error.message : failure.why;
    const quote = redact(words).slice(0, EXCERPT);
    const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
    const status = failure.kind === "refused" ? failure.status : 0;
    const got = status === 0 ? `no usable answer${tries}` : `status ${status}${tries}`;
    const remedy =
      status === 401 || status === 403
        ? `set ${apiKeyEnv} to a key that is valid there`
        : status >= 400 && status < 500 && status !== 429
          ? `check that it serves ${model} for pooling (vllm serve --runner pooling) and that "endpoint" of prm.json names it`
          : 'check that the server runs and that "endpoint" of prm.json names it';
    return new FunprmError(
      "api",
      `the PRM server at ${url}: expected rewards, got ${got}: ${quote}; ${remedy}`,
    );
  }
}

/** Routers report a failure inside a 200. */
function asFailure(ended: Received | Failed): Received | Failed {
  if (ended.kind !== "received") return ended;
  const error = readErrorValue(ended.value);
  if (error === undefined) return ended;
  const code = Number(error.code);
  return { kind: "refused", status: code >= 400 && code < 600 ? code : 502, error };
}
