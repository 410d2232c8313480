import { ApiFailure } from "./api-failure.ts";
import type { Attempt } from "../http/attempt.ts";
import type { Redact } from "../http/redact.ts";
import { isQuota, LONGEST_RETRY_AFTER_MS, mayHelp } from "../http/retry.ts";

/** What a user needs to know to mend a failed request. Nothing secret is among it. */
export interface FailureContext {
  readonly url: string;
  readonly model: string;
  /** Name of the environment variable that the key comes from. */
  readonly apiKeyEnv: string;
  readonly hasKey: boolean;
  /** The request's token limit, where it had one. */
  readonly maxTokens: number | undefined;
  /** Attempts made, all of which failed. */
  readonly attempts: number;
  /** No request of this run has succeeded since this one began: it is not about this prompt. */
  readonly nothingWorks: boolean;
  readonly redact: Redact;
}

/** Longest part of a server's own words (it may be a proxy's whole page), in characters. */
const EXCERPT = 400;

type Failed = Exclude<Attempt, { kind: "answered" } | { kind: "aborted" }>;

/** Turns the last failed attempt of a request into the error that the user sees. */
export function explainFailure(attempt: Failed, context: FailureContext): ApiFailure {
  const { url } = context;
  const quote = (words: string): string => {
    const clean = context.redact(words);
    return clean.length > EXCERPT ? `${clean.slice(0, EXCERPT)}...` : clean;
  };
  const tries = context.attempts > 1 ? ` after ${context.attempts} attempts` : "";
  const scope = context.nothingWorks ? "run" : "sample";
  switch (attempt.kind) {
    case "unreachable":
      return new ApiFailure(
        `cannot reach the LLM API at ${url}${tries}: ${quote(attempt.why)}; check --base-url, and that the server runs`,
        { scope: attempt.hopeless ? "run" : scope },
      );
    case "lost":
      return new ApiFailure(
        `no usable answer from ${url}${tries}: ${quote(attempt.why)}; check --base-url, or run again to resume`,
        { scope },
      );
    case "refused": {
      const { status, error, requestId } = attempt;
      const request = requestId === undefined ? "" : ` (request ${quote(requestId)})`;
      const what = `the LLM API at ${url} answered ${status}${tries}${request}: ${quote(error.message)}`;
      return new ApiFailure(`${what}; ${remedy(attempt, context)}`, {
        scope: concernsEveryRequest(attempt) ? "run" : mayHelp(attempt) ? scope : "prompt",
        status,
        retryAfterMs: attempt.retryAfterMs,
      });
    }
  }
}

function concernsEveryRequest(attempt: Extract<Failed, { kind: "refused" }>): boolean {
  return attempt.status === 401 || attempt.status === 403 || isQuota(attempt) || isUnknownModel(attempt);
}

function remedy(attempt: Extract<Failed, { kind: "refused" }>, context: FailureContext): string {
  const { apiKeyEnv, model, url } = context;
  if (attempt.status === 401) {
    return context.hasKey
      ? `the key in ${apiKeyEnv} is not valid for this server: check it, or name another variable with --api-key-env`
      : `no key was sent: set ${apiKeyEnv}, or name another variable with --api-key-env`;
  }
  if (attempt.status === 403)
    return `the key in ${apiKeyEnv} may not use ${model} here: check its rights and --model`;
  if (isUnknownModel(attempt)) {
    return `check --model (${model}) and --base-url (${url}, usually ending in /v1)`;
  }
  if (isQuota(attempt))
    return `the account behind ${apiKeyEnv} has no credit left: top it up, then run again to resume`;
  if ((attempt.retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS) {
    return `it asks to wait ${Math.ceil((attempt.retryAfterMs ?? 0) / 60_000)} minutes: run again then to resume`;
  }
  if (attempt.status === 429)
    return "the server keeps throttling: lower --concurrency, or run again later to resume";
  if (attempt.status >= 500) return "the fault is the server's: run again later to resume";
  if (concernsTokenLimit(attempt)) {
    return context.maxTokens === undefined
      ? "set --max-tokens to what the model can give, or shorten the prompt"
      : `set another --max-tokens (it is ${context.maxTokens}), or shorten the prompt`;
  }
  return `check the request's options and --model (${model})`;
}

/** A replay server's 404 for an unknown problem concerns that problem only. */
function isUnknownModel({ status, error }: Extract<Failed, { kind: "refused" }>): boolean {
  return status === 404 && error.code !== "unknown_problem";
}

/** The field under any of its names, and the room that the prompt and the limit share. */
const TOKEN_LIMIT =
  /max(?:imum)?[ _-]?(?:(?:completion|new|output|context|model)[ _-]?)?(?:tokens|length|len)\b|context[ _-]?(?:length|window|size)|completion tokens|maxOutputTokens/i;

function concernsTokenLimit({ error }: Extract<Failed, { kind: "refused" }>): boolean {
  return TOKEN_LIMIT.test(`${error.param ?? ""} ${error.code ?? ""} ${error.message}`);
}
