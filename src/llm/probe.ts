import { FunprmError } from "../core/errors.ts";
import type { ChatMessage, Continuation, Llm, Sample, SampleRequest } from "./llm.ts";

/** What a few short questions show of one model of one server. */
export interface ApiProbe {
  /** Whether two samples came in answer to one request. */
  readonly severalAtOnce: boolean;
  readonly logprobs: boolean;
  /** Whether the server counts tokens; if not, costs are estimates. */
  readonly countsTokens: boolean;
  /** Whether the model thinks before it answers: apart from the reply, or within it. */
  readonly thinks: "apart" | "within" | "no";
  /** How a program that was begun can be continued, which `collect` needs. */
  readonly continues: readonly Continuation[];
  /** Tokens a second of one reply, its wait included. */
  readonly tokensPerSecond: number;
  /** What the server would not do as asked. */
  readonly warnings: readonly string[];
}

const QUESTION = "Write a Python program that prints the sum of 2 and 3. Answer with the program alone.";
const BEGUN = "```python\ntotal = 2 + 3\nprint(";
const MOST_TOKENS = 64;
const FEW_TOKENS = 8;

/**
 * Asks a few short questions, for a hundred tokens or two.
 *
 * @throws FunprmError `api` where the first is not answered, `interrupted` after `signal`
 */
export async function probeApi(llm: Llm, model: string, signal: AbortSignal): Promise<ApiProbe> {
  const ask: ChatMessage = { role: "user", content: QUESTION };
  const params = { temperature: 0.8, maxTokens: MOST_TOKENS, seed: 0, logprobs: true };
  const began = performance.now();
  const both = await replies(llm, { model, messages: [ask], params, indices: [0, 1] }, signal);
  const [one] = both;
  if (one === undefined) throw new FunprmError("api", `${llm.endpoint} gave no reply`);
  const continues: Continuation[] = [];
  for (const continuation of ["completions", "prefill"] as const) {
    const begun: ChatMessage = { role: "assistant", content: BEGUN };
    const few = { temperature: 0, maxTokens: FEW_TOKENS };
    const request = { model, messages: [ask, begun], params: few, continuation, indices: [0] };
    if (await goesOn(llm, request, signal)) continues.push(continuation);
  }
  const tokens = both.reduce((sum, { usage }) => sum + usage.completionTokens, 0);
  const isWithin = both.some(({ text }) => /<think|<\|channel\|>/i.test(text));
  return {
    severalAtOnce: both.some(({ usageSharedBy }) => usageSharedBy > 1),
    logprobs: both.every(({ logprobs }) => logprobs !== undefined),
    countsTokens: !one.usage.estimated,
    thinks: both.some(({ reasoning }) => reasoning !== undefined) ? "apart" : isWithin ? "within" : "no",
    continues,
    tokensPerSecond: (1000 * tokens) / (performance.now() - began),
    warnings: [...new Set(both.flatMap(({ warnings }) => warnings))].filter(
      (warning) => !warning.startsWith("cut off"),
    ),
  };
}

/** A server that starts a reply of its own has not gone on with the one that was begun. */
async function goesOn(llm: Llm, request: SampleRequest, signal: AbortSignal): Promise<boolean> {
  try {
    const [reply] = await replies(llm, request, signal);
    return (
      reply !== undefined && /^\s*(?:total|sum|["'(\w])/.test(reply.text) && !reply.text.includes("```python")
    );
  } catch (error) {
    if (error instanceof FunprmError && error.code === "api") return false;
    throw error;
  }
}

async function replies(llm: Llm, request: SampleRequest, signal: AbortSignal): Promise<Sample[]> {
  const all: Sample[] = [];
  for await (const batch of llm.sample(request, { signal })) all.push(...batch);
  return all;
}
