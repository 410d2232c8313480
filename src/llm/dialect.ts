import type { ChatMessage, SampleRequest, SamplingParams } from "./llm.ts";
import { TOP_LOGPROBS } from "./self-certainty.ts";

/** Body fields that a request can do without, in the order in which they are given up when a refusal names several. */
const OPTIONAL = [
  "continue_final_message",
  "add_generation_prompt",
  "top_logprobs",
  "logprobs",
  "seed",
  "stop",
  "reasoning_effort",
  "top_p",
  "temperature",
] as const;
type Optional = (typeof OPTIONAL)[number];

/** A refusal of the parameter as such; a refusal of its value (`must be at most 2`) is the user's to mend. */
const REFUSAL =
  /unsupported|(?:not|n't|un)[ -]?(?:currently )?(?:supported?|recogni[sz]ed|permitted|allowed|compatible|available|implemented|known)|does(?:n't| not) (?:support|allow|accept)|unexpected|extra (?:input|field|parameter|argument)|extra_forbidden|additional propert|unknown|deprecated|only the default|may only be set|cannot (?:both )?be (?:used|set|specified)/i;

/** What a server says of a request that it refuses (HTTP 400 or 422). */
export interface Refusal {
  readonly message: string;
  readonly param?: string | undefined;
  readonly code?: string | undefined;
}

/**
 * How to talk to one model of one server. Servers that are compatible by name differ in what they accept; what a
 * refusal teaches is kept for the run, so that it happens once.
 */
export class Dialect {
  /** Choices to ask for at once; falls to what the server really delivers. */
  #choices: number;
  /** Most choices that a request was answered with. */
  #accepted = 1;
  /** Whether answers say how they ended; `missed`: one did not, and none has yet. */
  #end: "unknown" | "missed" | "told" = "unknown";
  #limitField: "max_completion_tokens" | "max_tokens" = "max_completion_tokens";
  #renamed = false;
  readonly #refused = new Set<Optional>();
  #revision = 0;

  constructor(choicesPerRequest: number) {
    this.#choices = choicesPerRequest;
  }

  get choices(): number {
    return this.#choices;
  }

  /** Grows whenever something was learnt. */
  get revision(): number {
    return this.#revision;
  }

  /** Wire names of the parameters that the model refused and that are no longer sent. */
  get refused(): readonly string[] {
    return [...this.#refused];
  }

  /** The server sent `delivered` choices although more were asked for: from now on that many at most. */
  learnChoices(delivered: number): void {
    if (delivered >= this.#choices) return;
    this.#choices = Math.max(1, delivered);
    this.#revision += 1;
  }

  /** A request for `choices` at once was answered in full. */
  learnAccepted(choices: number): void {
    this.#accepted = Math.max(this.#accepted, choices);
  }

  /** Whether a refused request may have been refused for asking for so many choices. */
  mayRefuse(choices: number): boolean {
    return choices > this.#accepted;
  }

  /**
   * Takes note of whether an answer had any of `finish_reason` and `usage`. true when having none is this server's
   * way: no answer ever had, and this is not the first. One answer alone may be broken.
   */
  learnEnd(told: boolean): boolean {
    const silent = !told && this.#end === "missed";
    if (told) this.#end = "told";
    else if (this.#end === "unknown") this.#end = "missed";
    return silent;
  }

  /** The server let a reply grow past `max_completion_tokens`: it does not know the name. */
  learnLimitIgnored(): void {
    if (!this.#renameLimit()) return;
    this.#revision += 1;
  }

  /** true when the refusal taught something and the request, built again, is worth sending again. */
  learnRefusal(refusal: Refusal, body: Readonly<Record<string, unknown>>): boolean {
    const text = `${refusal.code ?? ""} ${refusal.message}`;
    // How many alternatives we ask for is ours to mend, however the server calls them.
    if (body["top_logprobs"] !== undefined && /logprobs/i.test(`${refusal.param ?? ""} ${text}`)) {
      this.#refused.add("top_logprobs");
      this.#revision += 1;
      return true;
    }
    if (!REFUSAL.test(text)) return false;
    const names = (field: string): boolean => body[field] !== undefined && isNamed(field, refusal);
    if (names(this.#limitField) && this.#renameLimit()) {
      this.#revision += 1;
      return true;
    }
    const exact = OPTIONAL.find((field) => refusal.param === field && body[field] !== undefined);
    const field = exact ?? OPTIONAL.find(names);
    if (field === undefined) return false;
    this.#refused.add(field);
    this.#revision += 1;
    return true;
  }

  /** The request's body for the samples from `firstIndex` on, `choices` of them. */
  body(request: SampleRequest, firstIndex: number, choices: number): Record<string, unknown> {
    const { params } = request;
    const prefilled = request.continuation === "prefill";
    const completes = request.continuation === "completions";
    const wantsLogprobs = params.logprobs === true;
    const optional: Record<Optional, unknown> = {
      continue_final_message: prefilled ? true : undefined,
      add_generation_prompt: prefilled ? false : undefined,
      // Useless, and an error, without the other; completions have another form.
      top_logprobs: wantsLogprobs && !completes && !this.#refused.has("logprobs") ? TOP_LOGPROBS : undefined,
      logprobs: wantsLogprobs ? true : undefined,
      seed: params.seed === undefined ? undefined : params.seed + firstIndex,
      stop: params.stop,
      reasoning_effort: params.reasoningEffort,
      top_p: params.topP,
      temperature: params.temperature,
    };
    const asked = completes ? { prompt: promptText(request.messages) } : { messages: request.messages };
    const several = choices > 1 ? { n: choices } : {};
    const body: Record<string, unknown> = { model: request.model, ...asked, ...several };
    for (const name of OPTIONAL) {
      if (optional[name] !== undefined && !this.#refused.has(name)) body[name] = optional[name];
    }
    if (params.maxTokens !== undefined) body[completes ? "max_tokens" : this.#limitField] = params.maxTokens;
    return { ...body, ...params.extraBody };
  }

  /** Warnings for samples whose request asked for something that the model does not take. */
  warnings(params: SamplingParams): string[] {
    const asked: Record<string, unknown> = {
      top_logprobs: params.logprobs,
      logprobs: params.logprobs,
      seed: params.seed,
      stop: params.stop,
      reasoning_effort: params.reasoningEffort,
      top_p: params.topP,
      temperature: params.temperature,
    };
    return this.refused
      .filter((name) => asked[name] !== undefined)
      .map((name) => `the model does not take ${name}; its own default was used`);
  }

  #renameLimit(): boolean {
    if (this.#renamed) return false;
    this.#renamed = true;
    this.#limitField = "max_tokens";
    return true;
  }
}

/** The messages as one text; a prefix that is to be continued comes last, unchanged. */
function promptText(messages: readonly ChatMessage[]): string {
  return messages.map(({ content }) => content).join("\n\n");
}

function isNamed(field: string, refusal: Refusal): boolean {
  if (refusal.param !== undefined && refusal.param.split(".").at(-1) === field) return true;
  return new RegExp(`(?<![\\w])${field}(?![\\w])`, "i").test(refusal.message);
}
