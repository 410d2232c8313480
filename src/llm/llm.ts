/** One message of a chat. `assistant` at the end is a prefix that the model is to continue, where the server can. */
export interface ChatMessage {
  readonly role: "system" | "developer" | "user" | "assistant";
  readonly content: string;
}

/** Everything about sampling that changes what comes back. An absent field leaves the server's own default. */
export interface SamplingParams {
  /** From 0; not sent again to a model that refused it once. */
  readonly temperature?: number;
  /** In (0, 1]. */
  readonly topP?: number;
  /** Upper bound of a reply's tokens, reasoning included. */
  readonly maxTokens?: number;
  /** Base seed: the request for sample i travels with `seed + i`, or its samples would be equal. */
  readonly seed?: number;
  readonly stop?: readonly string[];
  readonly reasoningEffort?: string;
  /** Ask for log-probabilities; samples then carry their summary. */
  readonly logprobs?: boolean;
  /** Words that a reply may answer with: samples then carry the log-probability of each, where the server gives it. */
  readonly answers?: readonly string[];
  /** Further body fields, sent as they are: `{ "chat_template_kwargs": { "enable_thinking": false } }`. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
}

/**
 * How a prompt that ends with an assistant message is to be continued from there on. `prefill`: a chat completion whose
 * last message is the assistant's, with the flags of vLLM and SGLang; `completions`: the text of all messages to the
 * completions endpoint, which continues it whatever the server.
 */
export type Continuation = "prefill" | "completions";

/** Samples wanted for one prompt. `indices` are positions among the prompt's samples, from 0, without repeats. */
export interface SampleRequest {
  readonly messages: readonly ChatMessage[];
  readonly model: string;
  readonly params: SamplingParams;
  /** Absent: the messages are answered, not continued. */
  readonly continuation?: Continuation;
  readonly indices: readonly number[];
}

/** Tokens as the server counted them. */
export interface Usage {
  readonly promptTokens: number;
  /** Part of `promptTokens` that the server had in its cache. */
  readonly cachedPromptTokens: number;
  /** Reasoning included. */
  readonly completionTokens: number;
  /** Part of `completionTokens`. */
  readonly reasoningTokens: number;
  /** true when the server sent no usage and the numbers are our own estimate. */
  readonly estimated: boolean;
}

export interface LogprobSummary {
  readonly tokens: number;
  /** Natural logarithm, mean over the reply's tokens. */
  readonly meanLogprob: number;
  readonly minLogprob: number;
  /** As self-certainty.ts estimates it; absent where the server sent no alternatives. */
  readonly selfCertainty?: number;
}

/** One reply of the model: data, however little it is worth. Only requests fail, replies do not. */
export interface Sample {
  /** Which of the request's `indices` this is. */
  readonly index: number;
  /** The reply as it came; "" when there was none. */
  readonly text: string;
  /** Thoughts that the server sent apart from the reply. */
  readonly reasoning?: string;
  /** `stop`, `length`, `content_filter`, or what else the server says. */
  readonly finishReason: string;
  /** The model's words when it declined. */
  readonly refusal?: string;
  /** This sample's part of its request's usage; the parts of a request add up to what the server reported. */
  readonly usage: Usage;
  /** Number of samples that the request's usage was divided among; with 1 `usage` is exact. */
  readonly usageSharedBy: number;
  /** The model that the server says has answered. */
  readonly model: string;
  readonly requestId?: string;
  /** Time of arrival by our clock, ISO 8601. */
  readonly createdAt: string;
  readonly logprobs?: LogprobSummary;
  /** Log-probabilities of the words in `params.answers`, where the reply gives one of them. */
  readonly answers?: Readonly<Record<string, number>>;
  /** What a user should know before trusting the reply: cut off, empty, refused, a parameter not applied. */
  readonly warnings: readonly string[];
}

export interface SampleOptions {
  /** Aborted: no further request starts. Those under way get `graceMs` to arrive. */
  readonly signal?: AbortSignal;
  /** Milliseconds; default 0. */
  readonly graceMs?: number;
}

/** What an Llm has done so far. */
export interface LlmActivity {
  /** HTTP requests started, retries included. */
  readonly requests: number;
  /** Requests that were answered 429 or 503. */
  readonly throttled: number;
  /** Requests sent again after a failure. */
  readonly retried: number;
}

/** The costly border to a language model. */
export interface Llm {
  /** Where samples come from, without credentials; part of the store's key. */
  readonly endpoint: string;
  /** Requests that may be under way at once. */
  readonly concurrency: number;
  readonly activity: LlmActivity;
  /**
   * Yields every wanted index once, in order of arrival, in batches: one batch is what one response carried.
   * What arrives is yielded before a failure is thrown. Errors: FunprmError `api` after retries,
   * `budget` when the next request could pass the limit, `interrupted` after `signal`, `usage` for an unusable request.
   */
  sample(request: SampleRequest, options?: SampleOptions): AsyncIterable<readonly Sample[]>;
  close(): Promise<void>;
}
