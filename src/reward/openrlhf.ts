import { z } from "zod";
import { FunprmError } from "../core/errors.ts";
import { parseObject } from "../formats/text/json-text.ts";
import { Refusal } from "../http/server/refusal.ts";
import { readRequest, type RewardRequest } from "./item.ts";
import type { RewardRecord } from "./record.ts";

/** OpenRLHF's request to `--reward.remote_url`: a label is a problem's id, or a problem as JSON text. */
const requestSchema = z.object({
  query: z.array(z.string()).min(1),
  prompts: z.array(z.string()),
  labels: z.array(z.string()),
});

const EXPECTED = '{"query": [TEXT, ...], "prompts": [TEXT, ...], "labels": [PROBLEM ID, ...]}';

/**
 * OpenRLHF's request as one of ours; `?outcome=share` and `?prm=true` are what is wanted.
 * Errors: FunprmError `input` for another form, and for a query that does not begin with its prompt.
 */
export function openRlhfRequest(json: string, wish: URLSearchParams): RewardRequest {
  const read = requestSchema.safeParse(parseObject(json, "request"));
  if (!read.success) throw new FunprmError("input", `expected ${EXPECTED}: ${read.error.message}`);
  const { query, prompts, labels } = read.data;
  if (prompts.length !== query.length || labels.length !== query.length) {
    throw new FunprmError(
      "input",
      `expected ${EXPECTED} of one length, got ${query.length}, ${prompts.length} and ${labels.length}`,
    );
  }
  const items = query.map((text, at) => ({
    problem: problemOf(labels[at] ?? ""),
    completion: responseOf(text, prompts[at] ?? "", at),
  }));
  const wanted = Object.fromEntries([...wish].map(([name, value]) => [name, value === "true" || value]));
  return readRequest(JSON.stringify({ ...wanted, items }), "request");
}

/**
 * OpenRLHF's answer: `rewards` train, `scores` filter prompts by their accuracy. It has no place for "not known", and
 * OpenRLHF asks again five times when it gets an error; then the sample has no reward.
 * Errors: Refusal 503 when a program is unscorable.
 */
export function openRlhfAnswer(records: readonly RewardRecord[]): object {
  const rewards = records.map(({ reward, unscorable }) => {
    if (reward !== null) return reward;
    throw new Refusal(
      503,
      "unscorable",
      `a program could not be judged: ${unscorable?.reason ?? "no reward is known"}`,
    );
  });
  const passed = records.map((record) => Number(record.passed));
  return { rewards, scores: passed, extra_logs: { passed, share: records.map(({ share }) => share) } };
}

function problemOf(label: string): unknown {
  return label.trimStart().startsWith("{") ? parseObject(label, "label") : label;
}

/** Characters at a prompt's end by which it is found where its beginning was cut to fit the context. */
const PROMPT_END = 64;

/** What the model wrote: what stands behind the prompt, which may have lost its beginning or won a first token. */
function responseOf(query: string, prompt: string, at: number): string {
  const end = prompt.slice(-PROMPT_END);
  const found = query.includes(prompt)
    ? query.indexOf(prompt) + prompt.length
    : query.indexOf(end) + end.length;
  if (query.includes(end)) return query.slice(found);
  throw new FunprmError(
    "input",
    `query[${at}]: expected a text that holds the end of its prompt, got another one: the response cannot be told from it`,
  );
}
