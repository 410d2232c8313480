import { z } from "zod";
import { SAMPLE_INDICES_HEADER } from "./asker.ts";

const messageSchema = z.looseObject({
  role: z.string(),
  content: z
    .union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))])
    .nullish()
    .transform((content) =>
      typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join("\n"),
    ),
});

/** A chat completion request as far as a replay server reads it; sampling parameters change nothing. */
export const replayRequestSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1),
  n: z.number().int().min(1).max(1000).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
});
export type ReplayRequest = z.infer<typeof replayRequestSchema>;

/** The sample indices that funprm's client names; other clients name none. */
export function sampleIndices(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): number[] | undefined {
  const value = headers[SAMPLE_INDICES_HEADER];
  if (typeof value !== "string" || !/^\d+(,\d+)*$/.test(value)) return undefined;
  return value.split(",").map(Number);
}
