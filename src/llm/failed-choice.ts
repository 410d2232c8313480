import { readErrorValue } from "../http/error-body.ts";
import type { ErrorBody } from "../http/error-body.ts";
import type { Choice, Completion } from "./completion.ts";

/** Why a choice is no reply of the model although a 200 carried it; `error` where the server states one. */
export interface ChoiceFailure {
  readonly why: string;
  readonly error?: ErrorBody;
}

/**
 * Reasons by which servers say that the generation broke: OpenRouter and Mistral `error`, Zhipu `network_error`,
 * DeepSeek `insufficient_system_resource`, vLLM and SGLang `abort`, and their like in other words.
 */
const BROKEN =
  /error|abort|cancel|fail|crash|kill|preempt|tim(?:e|ed)[ _-]?out|network|resource|unavailable|overload|interrupt|connect/i;
/** Reasons that claim a finished reply; after any other one (`length`, `content_filter`, ...) no text is no riddle. */
const FINISHED = /^(?:|stop|stop_sequence|end_turn|eos|eos_token|completed?)$/i;

/**
 * The failure that a choice stands for; undefined when it is a reply, however little that is worth. A failed one is
 * asked for again: what came of it is the server's doing and says nothing about the model.
 *
 * @param silent whether this server is known to send neither `finish_reason` nor `usage`, ever
 */
export function failureOf(
  choice: Choice,
  completion: Completion,
  silent: boolean,
): ChoiceFailure | undefined {
  const error = statedError(choice.error) ?? statedError(completion.error);
  if (error !== undefined) return { why: error.message, error };
  const reason = choice.finish_reason ?? "";
  if (BROKEN.test(reason)) return { why: `the server broke the reply off (finish_reason ${reason})` };
  if (reason === "" && !hasUsage(completion) && !silent) {
    return { why: "the server says neither why the reply ended nor what it used: it was broken off" };
  }
  if (FINISHED.test(reason) && isEmpty(choice) && paidForNothing(completion)) {
    return { why: `the server counts ${completion.usage?.completion_tokens ?? 0} tokens and sent no text` };
  }
  return undefined;
}

/** Whether neither the field `finish_reason` nor the field `usage` is there at all. */
export function saysNothingOfItsEnd({ choices, usage }: Completion): boolean {
  return usage === undefined && choices.every(({ finish_reason: reason }) => reason === undefined);
}

/** The error in an `error` field; null, false, "" and {} are none. */
function statedError(error: unknown): ErrorBody | undefined {
  const none = error === "" || (typeof error === "object" && Object.keys(error ?? {}).length === 0);
  return none ? undefined : readErrorValue({ error });
}

function hasUsage({ usage }: Completion): boolean {
  return (usage?.completion_tokens ?? 0) > 0;
}

function isEmpty({ message }: Choice): boolean {
  const { content, refusal, reasoning, reasoning_content: thoughts, tool_calls: calls } = message;
  return (
    [content, refusal, reasoning, thoughts].every((text) => (text ?? "").trim() === "") && !calls?.length
  );
}

/**
 * Whether tokens other than reasoning were counted and no choice has a text. A model that ends at once is counted one
 * token a choice, its end: that is an empty reply. Of one choice among others nobody knows its count.
 */
function paidForNothing({ choices, usage }: Completion): boolean {
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens ?? 0;
  return choices.every(isEmpty) && (usage?.completion_tokens ?? 0) - reasoning > choices.length;
}
