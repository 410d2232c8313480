import { createHash } from "node:crypto";
import { z } from "zod";
import type { Sample } from "../llm.ts";

const FORMAT = "funprm-sample/1";
const count = z.number().int().nonnegative();

const sampleSchema = z.object({
  index: count,
  text: z.string(),
  reasoning: z.string().exactOptional(),
  finishReason: z.string(),
  refusal: z.string().exactOptional(),
  usage: z.object({
    promptTokens: count,
    cachedPromptTokens: count,
    completionTokens: count,
    reasoningTokens: count,
    estimated: z.boolean(),
  }),
  usageSharedBy: count,
  model: z.string(),
  requestId: z.string().exactOptional(),
  createdAt: z.string(),
  logprobs: z
    .object({
      tokens: count,
      meanLogprob: z.number(),
      minLogprob: z.number(),
      selfCertainty: z.number().exactOptional(),
    })
    .exactOptional(),
  answers: z.record(z.string(), z.number()).exactOptional(),
  warnings: z.array(z.string()),
});

/** A sample as a file: a line that names format, key, index and the sha256 of the second line, which is the sample. */
export function encodeSample(key: string, sample: Sample): string {
  const payload = JSON.stringify(sample);
  return `${JSON.stringify({ format: FORMAT, key, index: sample.index, sha256: sha256(payload) })}\n${payload}\n`;
}

/** undefined for anything but what `encodeSample` wrote for this key and index, to the byte. */
export function decodeSample(key: string, index: number, content: string): Sample | undefined {
  const [header, payload, end, ...rest] = content.split("\n");
  if (header === undefined || payload === undefined || end !== "" || rest.length > 0) return undefined;
  const expected = JSON.stringify({ format: FORMAT, key, index, sha256: sha256(payload) });
  if (header !== expected) return undefined;
  // A file of a later funprm may have the right sum and another form.
  const parsed = sampleSchema.safeParse(JSON.parse(payload));
  return parsed.success && parsed.data.index === index ? parsed.data : undefined;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
