import type { ChatMessage } from "../llm.ts";

/** Tokens that chat templates put around each message, and around the reply (OpenAI's cookbook: 3 to 4). */
const TOKENS_PER_MESSAGE = 4;

/**
 * Tokens of a text, estimated without the model's tokenizer: an ASCII character counts a quarter, any other a whole.
 * English prose and code come out within about a fifth; it is an estimate and shown as one.
 */
export function estimateTokens(text: string): number {
  let ascii = 0;
  let other = 0;
  for (const character of text) {
    if (character.length === 1 && character.charCodeAt(0) < 128) ascii += 1;
    else other += 1;
  }
  return Math.ceil(ascii / 4) + other;
}

/** Estimated tokens of a prompt, the chat template's included. */
export function estimatePromptTokens(messages: readonly ChatMessage[]): number {
  return messages.reduce(
    (sum, message) => sum + TOKENS_PER_MESSAGE + estimateTokens(message.content),
    TOKENS_PER_MESSAGE,
  );
}

/** An upper bound instead of an estimate: no byte-level tokenizer makes more tokens than UTF-8 bytes. */
export function mostPromptTokens(messages: readonly ChatMessage[]): number {
  return messages.reduce(
    (sum, message) => sum + 2 * TOKENS_PER_MESSAGE + mostTokens(message.content),
    2 * TOKENS_PER_MESSAGE,
  );
}

export function mostTokens(text: string): number {
  return Buffer.byteLength(text);
}
