import { randomUUID } from "node:crypto";
import type { Usage } from "../../llm/llm.ts";
import type { ChosenReply } from "./choose-reply.ts";

/** Characters of a reply that one event carries. */
const PIECE = 2000;

/** What every answer to one request begins with. */
export interface AnswerHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
}

export function answerHead(): AnswerHead {
  return { id: `chatcmpl-funprm-${randomUUID()}`, created: Math.floor(Date.now() / 1000) };
}

/** Why this reply: the field `funprm` of an answer, with the names that `solve --json` uses. */
function explanation(chosen: ChosenReply): object {
  const { confidence, examplesPassed } = chosen;
  return {
    selected: chosen.sample.index,
    of: chosen.of,
    asked: chosen.asked,
    decided_by: chosen.decidedBy,
    confidence: confidence?.confidence ?? null,
    none_passes: confidence?.nonePasses ?? null,
    facts: confidence?.facts ?? [],
    ...(examplesPassed !== undefined && { examples_passed: examplesPassed }),
    ...(chosen.usage.estimated && { usage_estimated: true }),
    warnings: chosen.warnings,
  };
}

function usageRecord(usage: Usage): object {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedPromptTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}

/** The chosen reply as a chat completion. */
export function completionBody(head: AnswerHead, chosen: ChosenReply): object {
  const { sample } = chosen;
  const message = {
    role: "assistant",
    content: sample.refusal === undefined ? sample.text : null,
    refusal: sample.refusal ?? null,
    ...(sample.reasoning !== undefined && { reasoning_content: sample.reasoning }),
  };
  return {
    id: head.id,
    object: "chat.completion",
    created: head.created,
    model: sample.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: sample.finishReason }],
    usage: usageRecord(chosen.usage),
    funprm: explanation(chosen),
  };
}

/** The same as the data of server-sent events, in order, `[DONE]` included. */
export function* completionEvents(
  head: AnswerHead,
  chosen: ChosenReply,
  includeUsage: boolean,
): Generator<string> {
  const { sample } = chosen;
  const chunk = (delta: object, finishReason: string | null, more: object = {}): string =>
    JSON.stringify({
      id: head.id,
      object: "chat.completion.chunk",
      created: head.created,
      model: sample.model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...(includeUsage && { usage: null }),
      ...more,
    });
  yield chunk({ role: "assistant", content: "" }, null);
  for (const piece of pieces(sample.reasoning ?? "")) yield chunk({ reasoning_content: piece }, null);
  if (sample.refusal === undefined) {
    for (const piece of pieces(sample.text)) yield chunk({ content: piece }, null);
  } else yield chunk({ refusal: sample.refusal }, null);
  yield chunk({}, sample.finishReason, { funprm: explanation(chosen) });
  if (includeUsage) {
    yield JSON.stringify({
      id: head.id,
      object: "chat.completion.chunk",
      created: head.created,
      model: sample.model,
      choices: [],
      usage: usageRecord(chosen.usage),
    });
  }
  yield "[DONE]";
}

/** The text in parts; none ends within a pair of surrogates. */
function* pieces(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    let end = Math.min(text.length, start + PIECE);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    yield text.slice(start, end);
    start = end;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
