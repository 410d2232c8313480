import { FunprmError } from "../core/errors.ts";
import { scopeOf } from "./api-failure.ts";
import { Asker } from "./asker.ts";
import { AsyncQueue } from "./async-queue.ts";
import type { Budget } from "./cost/budget.ts";
import { AdaptiveLimiter } from "../http/concurrency.ts";
import { Dialect } from "./dialect.ts";
import { apiKeyIn, OPENAI_BASE_URL, parseEndpoint } from "../http/endpoint.ts";
import { Interruption, isInterruption } from "../http/interruption.ts";
import type { Llm, LlmActivity, Sample, SampleOptions, SampleRequest } from "./llm.ts";
import { redactor } from "../http/redact.ts";
import { checkRequest } from "./sample-request.ts";
import { Transport } from "../http/transport.ts";

export interface OpenAiOptions {
  /** Default https://api.openai.com/v1. */
  readonly baseUrl?: string | undefined;
  /** Environment variable that holds the key; default OPENAI_API_KEY. Servers other than OpenAI's may need none. */
  readonly apiKeyEnv?: string | undefined;
  /** Most requests under way at once; default 32. */
  readonly concurrency?: number | undefined;
  /** Most choices (`n`) to ask for in one request; default 16. */
  readonly choicesPerRequest?: number | undefined;
  /** Milliseconds until a request without a complete answer is given up and sent again; default 600,000. */
  readonly timeoutMs?: number | undefined;
  /** Times a failed request is sent again; default 8. A 429 does not count while other requests succeed. */
  readonly maxRetries?: number | undefined;
  /** Milliseconds before the first retry, doubling up to 16 times as long; default 500. */
  readonly backoffBaseMs?: number | undefined;
  /** Set aside before each request, settled after. */
  readonly budget?: Budget | undefined;
}

const DEFAULT_CHOICES = 16;

/**
 * Connects to an OpenAI-compatible chat completions API. Nothing is sent yet.
 * Errors: FunprmError `usage` for an unusable base URL, or no key where OpenAI itself is asked.
 */
export async function openAiLlm(options: OpenAiOptions = {}): Promise<Llm> {
  const endpoint = parseEndpoint(options.baseUrl ?? OPENAI_BASE_URL);
  const apiKeyEnv = options.apiKeyEnv ?? "OPENAI_API_KEY";
  const apiKey = apiKeyIn(apiKeyEnv);
  if (apiKey === undefined && endpoint.url === OPENAI_BASE_URL) {
    throw new FunprmError(
      "usage",
      `no API key: set ${apiKeyEnv}, name another variable with --api-key-env, or another server with --base-url`,
    );
  }
  const limiter = new AdaptiveLimiter(options.concurrency ?? 32);
  const transport = await Transport.open({
    endpoint,
    apiKey,
    timeoutMs: options.timeoutMs ?? 600_000,
    connections: limiter.max,
  });
  const asker = new Asker({
    transport,
    limiter,
    budget: options.budget,
    retries: { maxRetries: options.maxRetries ?? 8, backoffBaseMs: options.backoffBaseMs ?? 500 },
    about: {
      url: endpoint.url,
      apiKeyEnv,
      hasKey: apiKey !== undefined,
      redact: redactor([...(apiKey === undefined ? [] : [apiKey]), ...endpoint.secrets]),
    },
  });
  const choices = options.choicesPerRequest ?? DEFAULT_CHOICES;
  return new OpenAiLlm(endpoint.url, choices, { asker, limiter, transport });
}

interface Parts {
  readonly asker: Asker;
  readonly limiter: AdaptiveLimiter;
  readonly transport: Transport;
}

class OpenAiLlm implements Llm {
  readonly endpoint: string;
  readonly #choices: number;
  readonly #parts: Parts;
  readonly #dialects = new Map<string, Dialect>();

  constructor(endpoint: string, choices: number, parts: Parts) {
    this.endpoint = endpoint;
    this.#choices = choices;
    this.#parts = parts;
  }

  get concurrency(): number {
    return this.#parts.limiter.max;
  }

  get activity(): LlmActivity {
    return this.#parts.asker.activity;
  }

  async *sample(request: SampleRequest, options: SampleOptions = {}): AsyncGenerator<readonly Sample[]> {
    checkRequest(request);
    if (request.indices.length === 0) return;
    const batches = new AsyncQueue<readonly Sample[]>();
    const failures: unknown[] = [];
    const interruption = new Interruption(options.signal, options.graceMs ?? 0);
    const { stopSignal: stop, cutSignal: cut } = interruption;
    const dialect = this.#dialect(request.model);
    let open = 0;
    const start = (wanted: readonly number[]): void => {
      const size = dialect.choices;
      for (let at = 0; at < wanted.length; at += size) {
        open += 1;
        void this.#parts.asker
          .ask({ request, wanted: wanted.slice(at, at + size), dialect, stop, cut })
          .then(
            ({ samples, missing }) => {
              void batches.push(samples);
              start(missing);
            },
            (error: unknown) => {
              failures.push(error);
              // What is under way may still arrive; nothing else starts.
              if (scopeOf(error) !== "sample") interruption.stop();
            },
          )
          .finally(() => {
            open -= 1;
            if (open === 0) batches.close();
          });
      }
    };
    start(request.indices);
    try {
      yield* batches;
    } finally {
      if (open > 0) interruption.cut();
      interruption.close();
    }
    if (failures.length > 0) throw failures.find((error) => !isInterruption(error)) ?? failures[0];
  }

  async close(): Promise<void> {
    this.#parts.limiter.close();
    await this.#parts.transport.close();
  }

  #dialect(model: string): Dialect {
    const known = this.#dialects.get(model);
    if (known !== undefined) return known;
    const dialect = new Dialect(this.#choices);
    this.#dialects.set(model, dialect);
    return dialect;
  }
}
