import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt } from "../http/attempt.ts";
import type { Budget, Reservation } from "./cost/budget.ts";
import type { AdaptiveLimiter, Slot, SlotOutcome } from "../http/concurrency.ts";
import type { Dialect } from "./dialect.ts";
import { explainFailure } from "./explain.ts";
import type { FailureContext } from "./explain.ts";
import { interrupted } from "../http/interruption.ts";
import type { LlmActivity, Sample, SampleRequest, Usage } from "./llm.ts";
import { saysNothingOfItsEnd } from "./failed-choice.ts";
import { readCompletion, reasoningOf } from "./reply.ts";
import type { Completion } from "./completion.ts";
import type { Reply } from "./reply.ts";
import { delayMs, failedInside, isThrottled, LONGEST_RETRY_AFTER_MS, retriesFor } from "../http/retry.ts";
import type { RetryPolicy } from "../http/retry.ts";
import { mostPromptTokens, mostTokens } from "./cost/tokens.ts";
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
    // After a refusal that `n` may be the cause of: the same with one choice, which tells.
    let singly = false;
    for (let attempts = 1; ; attempts += 1) {
      const slot = await limiter.acquire({ urgent: attempts > 1, signal: ask.stop });
      const successes = limiter.successes;
      const result = await this.#once(ask, slot, singly);
      if (result.kind === "answer") {
        if (singly) ask.dialect.learnChoices(1);
        return result;
      }
      if (result.kind === "learnt" || result.kind === "singly") {
        singly = result.kind === "singly";
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
          maxTokens: ask.request.params.maxTokens,
          attempts,
          nothingWorks: allowed > 0 && limiter.successes === successesAtStart,
        });
      }
      this.#retried += 1;
      await this.#wait(delayMs(attempt, failures, retries), ask.stop);
    }
  }

  /** One HTTP request, in the given slot. */
  async #once(ask: Ask, slot: Slot, singly: boolean): Promise<Once> {
    const { request, wanted, dialect } = ask;
    const { limiter, budget, transport } = this.#options;
    let outcome: SlotOutcome = "failed";
    let reservation: Reservation | undefined;
    try {
      const most = singly ? 1 : Math.min(wanted.length, dialect.choices);
      const indices = wanted.slice(0, this.#fitting(request, most));
      reservation = await budget?.reserve(request, indices.length);
      const { revision } = dialect;
      const body = dialect.body(request, indices[0] ?? 0, indices.length);
      this.#requests += 1;
      const headers = { [SAMPLE_INDICES_HEADER]: indices.join(",") };
      const path = request.continuation === "completions" ? "/completions" : "/chat/completions";
      const sent = await transport.send(path, body, { headers, cut: ask.cut });
      let attempt: Failed;
      if (sent.kind === "answered") {
        const reply = this.#read(sent, ask, indices);
        reservation?.settle(billable(reply.usage, sent.completion, request));
        if (reply.failure === undefined || reply.samples.length > 0) {
          outcome = "ok";
          const have = new Set(reply.samples.map(({ index }) => index));
          const missing = wanted.filter((index) => !have.has(index));
          return { kind: "answer", samples: reply.samples, missing };
        }
        attempt = failedInside(reply.failure, sent.requestId);
      } else {
        attempt = sent;
        if (attempt.kind === "lost" || attempt.kind === "aborted") reservation?.forfeit();
      }
      if (isBadRequest(attempt)) {
        if (indices.length > 1 && dialect.mayRefuse(indices.length)) return { kind: "singly" };
        // Another request may have learnt the same while this one was under way.
        if (dialect.learnRefusal(attempt.error, body) || dialect.revision > revision) {
          return { kind: "learnt" };
        }
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
    const { completion } = attempt;
    const reply = readCompletion(completion, {
      request,
      indices,
      redact: this.#options.about.redact,
      requestId: attempt.requestId,
      createdAt: new Date().toISOString(),
      warnings: dialect.warnings(request.params),
      silent: dialect.learnEnd(!saysNothingOfItsEnd(completion)),
    });
    if (reply.delivered < indices.length) dialect.learnChoices(reply.delivered);
    else dialect.learnAccepted(indices.length);
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
  /** Refused, in words that need not be understood: it may be for `n`. Nothing was paid. */
  | { readonly kind: "singly" }
  | { readonly kind: "failed"; readonly attempt: Failed };

type Failed = Exclude<Attempt, { kind: "answered" }>;

/** Statuses by which servers refuse a parameter; 501: not implemented. */
const BAD_REQUEST: readonly number[] = [400, 422, 501];

function isBadRequest(attempt: Attempt): attempt is Extract<Attempt, { kind: "refused" }> {
  return attempt.kind === "refused" && BAD_REQUEST.includes(attempt.status);
}

/** What to book for an answer: the server's count, or an upper bound where it counts nothing. */
function billable(usage: Usage, { choices }: Completion, request: SampleRequest): Usage {
  const counted = !usage.estimated && usage.completionTokens > 0;
  if (counted) return usage;
  const most = choices.map(
    (choice) => mostTokens(choice.message.content) + mostTokens(reasoningOf(choice) ?? ""),
  );
  return {
    ...usage,
    promptTokens:
      usage.promptTokens > 0 && !usage.estimated ? usage.promptTokens : mostPromptTokens(request.messages),
    completionTokens: most.reduce((a, b) => a + b, 0),
  };
}
