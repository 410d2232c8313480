import type { SampleRequest, SamplingParams } from "../../llm/llm.ts";
import { whyNoProgram } from "./asks-for-program.ts";
import { type ChatRequest, textOf, type WireMessage } from "./chat-request.ts";
import type { ServeSettings } from "../settings.ts";
import { type Wish, WISH_FIELD } from "./wish.ts";

/** What is done with a chat request: `choose` a reply to what `text` asks for, or `pass` it on. */
export type Decision =
  | { readonly kind: "choose"; readonly text: string }
  /** `cannot`: Best-of-N could not answer it even if it were wanted. */
  | { readonly kind: "pass"; readonly why: string; readonly cannot: boolean };

const PREFIX = "funprm/";
/** Characters. Longer ones hold whole files; reading such a statement would hold up other requests. */
export const LONGEST_STATEMENT = 100_000;

/** The upstream's name of a model: `funprm/NAME` is NAME, `funprm` alone the server's own. */
export function upstreamModel(named: string, own: string): string {
  if (named === "funprm") return own;
  return named.startsWith(PREFIX) ? named.slice(PREFIX.length) : named;
}

/** Decides by what the request holds, then by what its client wants, then by what its last message says. */
export function decide(request: ChatRequest, wish: Wish, own: string): Decision {
  const cannot = whyNotOne(request);
  if (cannot !== undefined) return { kind: "pass", why: cannot, cannot: true };
  const texts = request.messages.map((message) => ({ role: message.role, text: textOf(message) ?? "" }));
  const text = texts.at(-1)?.text ?? "";
  if (text.length > LONGEST_STATEMENT)
    return { kind: "pass", why: "is too long for a problem", cannot: true };
  if (wish.mode === "off") return { kind: "pass", why: "mode off", cannot: false };
  if (wish.mode === "on") return { kind: "choose", text };
  if (wish.n === 1) return { kind: "pass", why: "n is 1", cannot: false };
  const isOurs = request.model === own || upstreamModel(request.model, own) !== request.model;
  if (!isOurs) return { kind: "pass", why: "another model", cannot: false };
  const system = texts.filter(({ role }) => isSystem(role)).map((message) => message.text);
  const why = whyNoProgram(text, system.join("\n"));
  return why === undefined ? { kind: "choose", text } : { kind: "pass", why, cannot: false };
}

/** Why a request wants something else than one reply in plain text to a user's message. */
function whyNotOne(request: ChatRequest): string | undefined {
  if ((request.n ?? 1) !== 1) return "n is not 1";
  for (const field of ["tools", "functions"]) {
    const list = request[field];
    if (list !== undefined && list !== null && !(Array.isArray(list) && list.length === 0))
      return "has tools";
  }
  const format = request["response_format"];
  if (format instanceof Object && "type" in format && format.type !== "text") return "has a response format";
  if (request["logprobs"] === true) return "wants log-probabilities";
  for (const field of ["audio", "web_search_options"])
    if (request[field] instanceof Object) return `has ${field}`;
  if (request.messages.some(({ role }) => !isSystem(role) && role !== "user" && role !== "assistant"))
    return "has messages of tools";
  if (request.messages.some((message) => textOf(message) === undefined)) return "has more than text";
  return request.messages.at(-1)?.role === "user" ? undefined : "does not end with a user's message";
}

function isSystem(role: string): boolean {
  return role === "system" || role === "developer";
}

/** Fields that the samples' requests say in their own way. */
const OWN: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "n",
  "stream",
  "stream_options",
  "temperature",
  "top_p",
  "seed",
  "stop",
  "reasoning_effort",
  "logprobs",
  "top_logprobs",
  WISH_FIELD,
]);

/**
 * The client's own conversation and parameters, asked for N times. Where it gave no temperature, or 0, the server's
 * own is taken: N equal samples would be no choice.
 */
export function sampleRequest(request: ChatRequest, n: number, settings: ServeSettings): SampleRequest {
  const { temperature, top_p: topP, seed, stop, reasoning_effort: effort } = request;
  const rest = Object.entries(request).filter(([name, value]) => !OWN.has(name) && value !== undefined);
  const params: SamplingParams = {
    temperature:
      temperature === undefined || temperature === null || temperature === 0
        ? settings.temperature
        : temperature,
    ...(typeof topP === "number" && { topP }),
    ...(typeof seed === "number" && { seed }),
    ...(stop !== undefined && stop !== null && { stop: typeof stop === "string" ? [stop] : stop }),
    ...(typeof effort === "string" && { reasoningEffort: effort }),
    extraBody: Object.fromEntries(rest),
  };
  return {
    model: upstreamModel(request.model, settings.model),
    messages: request.messages.map(chatMessage),
    params,
    indices: Array.from({ length: n }, (_, index) => index),
  };
}

/** Fields beside role and text, such as a name, travel along. */
function chatMessage(message: WireMessage): SampleRequest["messages"][number] {
  const role = ROLES.find((known) => known === message.role);
  if (role === undefined) throw new RangeError(`a message of ${message.role} is to be passed through`);
  return { ...message, role, content: textOf(message) ?? "" };
}

const ROLES = ["system", "developer", "user", "assistant"] as const;
