import { z } from "zod";
import { SAMPLE_INDICES_HEADER } from "../llm/asker.ts";

const messageSchema = z.looseObject({
  role: z.string(),
  content: z
    .union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))])
    .nullish()
    .transform((content) =>
      typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join("\n"),
    ),
});

const sharedFields = {
  model: z.string().min(1),
  n: z.number().int().min(1).max(1000).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
};

/** A chat completion request as far as a replay server reads it; sampling parameters change nothing. */
export const chatRequestSchema = z.looseObject({ ...sharedFields, messages: z.array(messageSchema).min(1) });

/** A request of the completions endpoint, read as a chat whose only message is the prompt. */
export const textRequestSchema = z
  .looseObject({ ...sharedFields, prompt: z.string().min(1) })
  .transform(({ prompt, ...rest }): z.infer<typeof chatRequestSchema> => ({
    ...rest,
    messages: [{ role: "prompt", content: prompt }],
  }));

export type ReplayRequest = z.infer<typeof chatRequestSchema>;

/** Whether the request came to the completions endpoint. */
export function isText({ messages }: ReplayRequest): boolean {
  return messages.at(-1)?.role === "prompt";
}

/**
 * The text that a request wants continued: a prompt of the completions endpoint, or a last message of the assistant.
 * undefined for a request that wants an answer.
 */
export function begunText({ messages }: ReplayRequest): string | undefined {
  const last = messages.at(-1);
  return last?.role === "assistant" || last?.role === "prompt" ? last.content : undefined;
}

/** The sample indices that funprm's client names; other clients name none. */
export function sampleIndices(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): number[] | undefined {
  const value = headers[SAMPLE_INDICES_HEADER];
  if (typeof value !== "string" || !/^\d+(,\d+)*$/.test(value)) return undefined;
  return value.split(",").map(Number);
}
