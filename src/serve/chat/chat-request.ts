import { z } from "zod";

/** Text, or parts; `null` beside tool calls. */
const contentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string().optional(), text: z.string().optional() })),
  z.null(),
]);

const messageSchema = z.looseObject({ role: z.string(), content: contentSchema.optional() });
export type WireMessage = z.infer<typeof messageSchema>;

/**
 * A chat completion request as far as a decision and an answer need it. What else it holds is sent on as it came, and
 * what an API would refuse, the upstream refuses.
 */
const chatRequestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  n: z.number().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  reasoning_effort: z.string().nullish(),
});
export type ChatRequest = z.infer<typeof chatRequestSchema>;

/** undefined when it is no request that we could answer ourselves: the upstream is to say why. */
export function readChatRequest(body: Readonly<Record<string, unknown>>): ChatRequest | undefined {
  return chatRequestSchema.safeParse(body).data;
}

/** The text of a message; undefined where it holds anything else, such as an image. */
export function textOf({ content }: WireMessage): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.map(({ type, text }) => (type === "text" ? text : undefined));
  return texts.every((text) => text !== undefined) ? texts.join("\n") : undefined;
}
