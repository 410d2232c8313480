import type { Fault } from "./fault.ts";
import type { ReplayRequest } from "./request.ts";
import { estimatePromptTokens, estimateTokens } from "../llm/cost/tokens.ts";

interface ReplayChoice {
  readonly index: number;
  readonly message: {
    readonly role: "assistant";
    readonly content: string | null;
    readonly refusal: string | null;
  };
  readonly finish_reason: string;
  readonly logprobs: null;
}

interface ReplayUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

/** An OpenAI chat completion. */
export interface ReplayCompletion {
  readonly id: string;
  readonly object: "chat.completion";
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly choices: readonly ReplayChoice[];
  readonly usage?: ReplayUsage;
}

/** Answers a request with recorded replies; faults that concern the reply's contents are applied. */
export function completionOf(
  request: ReplayRequest,
  replies: readonly string[],
  about: { readonly id: string; readonly created: number; readonly faults: readonly Fault[] },
): ReplayCompletion {
  const choices = replies.map((reply, index) => choiceOf(reply, index, about.faults));
  const prompt = estimatePromptTokens(
    request.messages.map(({ content }) => ({ role: "user" as const, content })),
  );
  const completion = choices.reduce(
    (sum, { message }) => sum + estimateTokens(message.content ?? message.refusal ?? ""),
    0,
  );
  const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
  return {
    id: about.id,
    object: "chat.completion",
    created: about.created,
    model: request.model,
    choices,
    ...(about.faults.some(({ kind }) => kind === "no-usage") ? {} : { usage }),
  };
}

function choiceOf(reply: string, index: number, faults: readonly Fault[]): ReplayChoice {
  let content: string | null = reply;
  let refusal: string | null = null;
  let reason = "stop";
  for (const { kind } of faults) {
    if (kind === "length" || kind === "content-filter") {
      content = reply.slice(0, Math.floor(reply.length / 2));
      reason = kind === "length" ? "length" : "content_filter";
    }
    if (kind === "empty") content = "";
    if (kind === "refusal") {
      content = null;
      refusal = "I'm sorry, but I can't help with that.";
    }
  }
  return { index, message: { role: "assistant", content, refusal }, finish_reason: reason, logprobs: null };
}

/** The same as the completions endpoint says it. */
export function textCompletion({ choices, ...rest }: ReplayCompletion): object {
  return {
    ...rest,
    object: "text_completion",
    choices: choices.map(({ index, message, finish_reason, logprobs }) => ({
      index,
      text: message.content ?? "",
      finish_reason,
      logprobs,
    })),
  };
}

/** Characters of a reply that one streamed chunk carries. */
const CHUNK = 200;

/** The same completion as server-sent events (`stream: true`), each a line of the body. */
export function* streamOf(completion: ReplayCompletion, includeUsage: boolean): Generator<string> {
  const { id, created, model } = completion;
  const event = (choices: readonly object[], usage?: ReplayUsage | null): string =>
    `data: ${JSON.stringify({
      id,
      object: "chat.completion.chunk",
      created,
      model,
      choices,
      ...(usage === undefined ? {} : { usage }),
    })}\n\n`;
  const noUsage = includeUsage ? null : undefined;
  for (const { index, message, finish_reason } of completion.choices) {
    const choice = (delta: object, reason: string | null): object => ({
      index,
      delta,
      finish_reason: reason,
    });
    yield event([choice({ role: "assistant", content: "" }, null)], noUsage);
    const text = message.content ?? "";
    for (let at = 0; at < text.length; at += CHUNK) {
      yield event([choice({ content: text.slice(at, at + CHUNK) }, null)], noUsage);
    }
    if (message.refusal !== null) yield event([choice({ refusal: message.refusal }, null)], noUsage);
    yield event([choice({}, finish_reason)], noUsage);
  }
  if (includeUsage && completion.usage !== undefined) yield event([], completion.usage);
  yield "data: [DONE]\n\n";
}
