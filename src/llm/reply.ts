import { answersOf } from "./answers.ts";
import type { Choice, Completion } from "./completion.ts";
import { failureOf } from "./failed-choice.ts";
import type { ChoiceFailure } from "./failed-choice.ts";
import type { LogprobSummary, Sample, SampleRequest, Usage } from "./llm.ts";
import type { Redact } from "../http/redact.ts";
import { selfCertainty } from "./self-certainty.ts";
import { estimatePromptTokens, estimateTokens } from "./cost/tokens.ts";
import { splitUsage } from "./cost/usage.ts";

/** What one response brought: samples of those `indices` whose choice came and is a reply, and the whole usage. */
export interface Reply {
  readonly samples: readonly Sample[];
  /** Why a choice was no reply, the first such; it is asked for again. */
  readonly failure: ChoiceFailure | undefined;
  /** Choices that came, wanted or not. */
  readonly delivered: number;
  readonly usage: Usage;
}

/**
 * Reads a response into samples: choice k becomes the sample `indices[k]`, unless it is a failure; choices beyond
 * those are dropped. The samples share what the failures cost too.
 */
export function readCompletion(
  completion: Completion,
  context: {
    readonly request: SampleRequest;
    readonly indices: readonly number[];
    readonly redact: Redact;
    readonly requestId?: string | undefined;
    readonly createdAt: string;
    readonly warnings: readonly string[];
    /** This server is known to say nothing of how a reply ended. */
    readonly silent: boolean;
  },
): Reply {
  const { request, indices, redact } = context;
  const ordered = [...completion.choices].sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
  const judged = indices.flatMap((index, k) => {
    const choice = ordered[k];
    return choice === undefined
      ? []
      : [{ index, choice, failure: failureOf(choice, completion, context.silent) }];
  });
  const replies = judged.filter(({ failure }) => failure === undefined);
  const usage = readUsage(completion, request);
  const parts = splitUsage(
    usage,
    replies.map(({ choice }) => choice.message.content.length + (reasoningOf(choice)?.length ?? 0)),
  );
  const samples = replies.map(({ index, choice }, k): Sample => {
    const part = parts[k];
    if (part === undefined) throw new RangeError(`no usage for choice ${k}`);
    const reasoning = reasoningOf(choice);
    const refusal = choice.message.refusal ?? undefined;
    const logprobs = summarise(choice);
    const answers = answersOf(choice, request.params.answers);
    return {
      index,
      text: redact(choice.message.content),
      ...(reasoning === undefined ? {} : { reasoning: redact(reasoning) }),
      finishReason: choice.finish_reason || "stop",
      ...(refusal === undefined ? {} : { refusal: redact(refusal) }),
      usage: part,
      usageSharedBy: replies.length,
      model: redact(completion.model ?? request.model),
      ...(context.requestId === undefined ? {} : { requestId: redact(context.requestId) }),
      createdAt: context.createdAt,
      ...(logprobs === undefined ? {} : { logprobs }),
      ...(answers === undefined ? {} : { answers }),
      warnings: [...choiceWarnings(choice), ...context.warnings],
    };
  });
  const failure = judged.find((one) => one.failure !== undefined)?.failure;
  return { samples, failure, delivered: completion.choices.length, usage };
}

function choiceWarnings(choice: Choice): string[] {
  const warnings: string[] = [];
  if (choice.finish_reason === "length") warnings.push("cut off at the token limit (finish_reason length)");
  if (choice.finish_reason === "content_filter") warnings.push("cut off by the server's content filter");
  const refused = choice.message.refusal !== null && choice.message.refusal !== undefined;
  if (refused) warnings.push("the model refused to answer");
  else if (choice.message.content.trim() === "") warnings.push("the reply is empty");
  return warnings;
}

export function reasoningOf(choice: Choice): string | undefined {
  return choice.message.reasoning_content ?? choice.message.reasoning ?? undefined;
}

function readUsage(completion: Completion, request: SampleRequest): Usage {
  const usage = completion.usage;
  if (usage === null || usage === undefined) {
    const replies = completion.choices.map(
      (choice) => estimateTokens(choice.message.content) + estimateTokens(reasoningOf(choice) ?? ""),
    );
    return {
      promptTokens: estimatePromptTokens(request.messages),
      cachedPromptTokens: 0,
      completionTokens: replies.reduce((a, b) => a + b, 0),
      reasoningTokens: 0,
      estimated: true,
    };
  }
  return {
    promptTokens: usage.prompt_tokens,
    cachedPromptTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    completionTokens: usage.completion_tokens,
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
    estimated: false,
  };
}

function summarise(choice: Choice): LogprobSummary | undefined {
  const tokens = choice.logprobs?.content ?? [];
  const logprobs = tokens.map((token) => token.logprob);
  if (logprobs.length === 0) return undefined;
  let sum = 0;
  let least = 0;
  for (const logprob of logprobs) {
    sum += logprob;
    least = Math.min(least, logprob);
  }
  const certainty = selfCertainty(
    tokens.map((token) => (token.top_logprobs ?? []).map(({ logprob }) => logprob)),
  );
  return {
    tokens: logprobs.length,
    meanLogprob: sum / logprobs.length,
    minLogprob: least,
    ...(certainty !== undefined && { selfCertainty: certainty }),
  };
}
