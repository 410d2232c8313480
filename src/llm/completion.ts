import { z } from "zod";

const count = z.number().int().nonnegative();

/** Text, or text in parts; other parts (images, audio) are no code. */
const contentSchema = z
  .union([z.string(), z.array(z.looseObject({ type: z.string().optional(), text: z.string().optional() }))])
  .nullish()
  .transform((content) =>
    typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join(""),
  );

const chatChoiceSchema = z.object({
  index: z.number().optional(),
  finish_reason: z.string().nullish(),
  /** OpenRouter: the generation failed after it had begun. */
  error: z.unknown().optional(),
  message: z.object({
    content: contentSchema,
    refusal: z.string().nullish(),
    /** DeepSeek, vLLM, SGLang. */
    reasoning_content: z.string().nullish(),
    /** OpenRouter, newer vLLM. */
    reasoning: z.string().nullish(),
    tool_calls: z.array(z.unknown()).nullish().catch(undefined),
  }),
  logprobs: z
    .object({
      content: z
        .array(
          z.object({
            token: z.string().catch(""),
            logprob: z.number(),
            top_logprobs: z
              .array(z.object({ token: z.string().catch(""), logprob: z.number() }))
              .nullish()
              .catch(undefined),
          }),
        )
        .nullish(),
    })
    .nullish()
    .catch(undefined),
});

/** The completions endpoint sends `text` where a chat sends a message; its log-probabilities have another form. */
const textChoiceSchema = z
  .object({
    index: z.number().optional(),
    finish_reason: z.string().nullish(),
    error: z.unknown().optional(),
    text: z.string(),
  })
  .transform(({ text, ...choice }): z.infer<typeof chatChoiceSchema> => ({
    ...choice,
    message: { content: text },
  }));

const choiceSchema = z.union([chatChoiceSchema, textChoiceSchema]);

/** A chat completion as far as we read it; whatever else a server adds is let through. */
export const completionSchema = z.object({
  model: z.string().optional(),
  choices: z.array(choiceSchema).min(1),
  /** Beside the choices: what came of them is not to be used. */
  error: z.unknown().optional(),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish().catch(undefined),
      completion_tokens_details: z.object({ reasoning_tokens: count.nullish() }).nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
});
export type Completion = z.infer<typeof completionSchema>;
export type Choice = Completion["choices"][number];
