import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt } from "../http/attempt.ts";
import type { Budget, Reservation } from "./budget.ts";
import type { AdaptiveLimiter, Slot, SlotOutcome } from "../http/concurrency.ts";
import type { Dialect } from "./dialect.ts";
import { explainFailure } from "./explain.ts";
import type { FailureContext } from "./explain.ts";
import { interrupted } from "../http/interruption.ts";
import type { LlmActivity, Sample, SampleRequest } from "./llm.ts";
import { readCompletion } from "./reply.ts";
import type { Reply } from "./reply.ts";
import { delayMs, isThrottled, LONGEST_RETRY_AFTER_MS, retriesFor } from "../http/retry.ts";
import type { RetryPolicy } from "../http/retry.ts";
import { mostPromptTokens, mostTokens } from "./tokens.ts";
import type { Transport } from "../http/transport.ts";

/** Tells a replay server which recorded candidates belong to the samples; other servers ignore it. */
export const SAMPLE_INDICES_HEADER = "x-funprm-sample-indices";

/** However often a throttled request is forgiven because others succeed, it ends. */
const MOST_ATTEMPTS = 100;

export interface AskerOptions {
  readonly transport: Transport;
  readonly limiter: AdaptiveLimiter;
  readonly budget: Budget | undefined;
  readonly retries: RetryPolicy;
  readonly about: Pick<FailureContext, "url" | "apiKeyEnv" | "hasKey" | "redact">;
}

/** Samples wanted together, and the signals that stop them: `stop` before the next request, `cut` at once. */
export interface Ask {
  readonly request: SampleRequest;
  readonly wanted: readonly number[];
  readonly dialect: Dialect;
  readonly stop: AbortSignal;
  readonly cut: AbortSignal;
}

/** What an Ask came to; `missing` was wanted and is not among what the server delivered. */
export interface Answer {
  readonly samples: readonly Sample[];
  readonly missing: readonly number[];
}

/**
 * Sends a request until it is answered or has failed for good. The retries are ours and not the openai package's,
 * because a cut or malformed body has to be sent again too, a Retry-After holds for all requests and not for one,
 * and whoever waits must give back its slot.
 */
export class Asker {
  readonly #options: AskerOptions;
  #requests = 0;
  #throttled = 0;
  #retried = 0;

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  get activity(): LlmActivity {
    return { requests: this.#requests, throttled: this.#throttled, retried: this.#retried };
  }

  /** Errors: ApiFailure, or FunprmError `budget`, `interrupted` or `usage`. */
  async ask(ask: Ask): Promise<Answer> {
    const { limiter, retries, about } = this.#options;
    const successesAtStart = limiter.successes;
    let failures = 0;
    for (let attempts = 1; ; attempts += 1) {
      const slot = await limiter.acquire({ urgent: attempts > 1, signal: ask.stop });
      const successes = limiter.successes;
      const result = await this.#once(ask, slot);
      if (result.kind === "answer") return result;
      if (result.kind === "learnt") {
        if (attempts < MOST_ATTEMPTS) continue;
        throw new RangeError(`${about.url} refuses its own corrections`);
      }
      const { attempt } = result;
      if (attempt.kind === "aborted") throw interrupted();
      const othersSucceed = limiter.successes > successes;
      if (!isThrottled(attempt) || !othersSucceed) failures += 1;
      const allowed = retriesFor(attempt, retries, limiter.successes > 0);
      if (failures > allowed || attempts >= MOST_ATTEMPTS) {
        throw explainFailure(attempt, {
          ...about,
          model: ask.request.model,
          attempts,
          nothingWorks: allowed > 0 && limiter.successes === successesAtStart,
        });
      }
      this.#retried += 1;
      await this.#wait(delayMs(attempt, failures, retries), ask.stop);
    }
  }

  /** One HTTP request, in the given slot. */
  async #once(ask: Ask, slot: Slot): Promise<Once> {
    const { request, wanted, dialect } = ask;
    const { limiter, budget, transport } = this.#options;
    let outcome: SlotOutcome = "failed";
    let reservation: Reservation | undefined;
    try {
      const indices = wanted.slice(0, this.#fitting(request, Math.min(wanted.length, dialect.choices)));
      reservation = await budget?.reserve(request, indices.length);
      const { revision } = dialect;
      const body = dialect.body(request, indices[0] ?? 0, indices.length);
      this.#requests += 1;
      const headers = { [SAMPLE_INDICES_HEADER]: indices.join(",") };
      const path = request.continuation === "completions" ? "/completions" : "/chat/completions";
      const attempt = await transport.send(path, body, { headers, cut: ask.cut });
      if (attempt.kind === "answered") {
        outcome = "ok";
        const reply = this.#read(attempt, ask, indices);
        reservation?.settle(billable(reply, request));
        return { kind: "answer", samples: reply.samples, missing: wanted.slice(reply.samples.length) };
      }
      if (attempt.kind === "lost" || attempt.kind === "aborted") reservation?.forfeit();
      // Another request may have learnt the same while this one was under way.
      if (
        isBadRequest(attempt) &&
        (dialect.learnRefusal(attempt.error, body) || dialect.revision > revision)
      ) {
        return { kind: "learnt" };
      }
      if (isThrottled(attempt)) {
        outcome = "throttled";
        this.#throttled += 1;
        const asked = attempt.kind === "refused" ? (attempt.retryAfterMs ?? 0) : 0;
        if (asked > 0 && asked <= LONGEST_RETRY_AFTER_MS) limiter.pause(asked);
      }
      return { kind: "failed", attempt };
    } finally {
      reservation?.cancel();
      slot.release(outcome);
    }
  }

  /** Reads an answer, and what it says about the server: choices left out, a token limit not kept. */
  #read(attempt: Extract<Attempt, { kind: "answered" }>, ask: Ask, indices: readonly number[]): Reply {
    const { request, dialect } = ask;
    const reply = readCompletion(attempt.completion, {
      request,
      indices,
      redact: this.#options.about.redact,
      requestId: attempt.requestId,
      createdAt: new Date().toISOString(),
      warnings: dialect.warnings(request.params),
    });
    if (reply.delivered < indices.length) dialect.learnChoices(reply.delivered);
    const { maxTokens } = request.params;
    if (maxTokens !== undefined && reply.usage.completionTokens > maxTokens * reply.delivered) {
      dialect.learnLimitIgnored();
    }
    return reply;
  }

  /** Fewer choices at once when the budget has no room for the worst case of all. */
  #fitting(request: SampleRequest, choices: number): number {
    const { budget } = this.#options;
    if (budget === undefined) return choices;
    let fitting = choices;
    while (fitting > 1 && !budget.affords(request, fitting)) {
      fitting = Math.floor(fitting / 2);
    }
    return fitting;
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await sleep(ms, undefined, { signal });
    } catch {
      throw interrupted();
    }
  }
}

type Once =
  | ({ readonly kind: "answer" } & Answer)
  /** The refusal taught how to ask; nothing was paid. */
  | { readonly kind: "learnt" }
  | { readonly kind: "failed"; readonly attempt: Exclude<Attempt, { kind: "answered" }> };

function isBadRequest(attempt: Attempt): attempt is Extract<Attempt, { kind: "refused" }> {
  return attempt.kind === "refused" && (attempt.status === 400 || attempt.status === 422);
}

/** What to book for an answer: the server's count, or an upper bound where it counts nothing. */
function billable(reply: Reply, request: SampleRequest): Reply["usage"] {
  if (!reply.usage.estimated) return reply.usage;
  const most = reply.samples.map(({ text, reasoning }) => mostTokens(text) + mostTokens(reasoning ?? ""));
  return {
    ...reply.usage,
    promptTokens: mostPromptTokens(request.messages),
    completionTokens: most.reduce((a, b) => a + b, 0),
  };
}
