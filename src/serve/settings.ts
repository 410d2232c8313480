import { FunprmError } from "../core/errors.ts";
import { type Access, accessOf } from "../http/server/access.ts";
import type { Options } from "../settings/options.ts";

/** What a server is to be, all of it checked. */
export interface ServeSettings extends Access {
  /** Name of the upstream's model. */
  readonly model: string;
  readonly baseUrl: string | undefined;
  readonly apiKeyEnv: string;
  /** Samples of a request that does not say, and at most. */
  readonly defaultN: number;
  readonly mostN: number;
  /** For requests without one, or with 0. */
  readonly temperature: number;
  /** Requests to the upstream at once, for samples. */
  readonly concurrency: number;
  /** Requests that are answered with Best-of-N at once, and that may wait for it. */
  readonly chosenAtOnce: number;
  readonly queue: number;
  /** Requests that are passed through at once. */
  readonly passedAtOnce: number;
  /** Milliseconds for the samples of a request, and without a byte of what is passed through. */
  readonly timeoutMs: number;
  readonly mostBodyBytes: number;
}

const DEFAULT_PORT = 8790;
const DEFAULT_QUEUE = 64;
const DEFAULT_TIMEOUT_S = 600;
/** Each costs two sockets and its body. */
const PASSED_AT_ONCE = 256;

/** Errors: FunprmError `usage` for what cannot be served, or would be open to everybody without being told so. */
export function serveSettings(
  options: Options,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServeSettings {
  const { model, samples, maxN } = options;
  if (model === undefined) {
    throw new FunprmError(
      "usage",
      "serve needs --model NAME (and --base-url for a server other than OpenAI's)",
    );
  }
  if (samples > maxN) {
    throw new FunprmError(
      "usage",
      `-n ${samples} is more than --max-n ${maxN}: lower the one or raise the other`,
    );
  }
  return {
    ...accessOf(options, DEFAULT_PORT, environment),
    model,
    baseUrl: options.baseUrl,
    apiKeyEnv: options.apiKeyEnv,
    defaultN: samples,
    mostN: maxN,
    temperature: options.temperature,
    concurrency: options.concurrency,
    chosenAtOnce: options.atOnce,
    queue: options.queue ?? DEFAULT_QUEUE,
    passedAtOnce: PASSED_AT_ONCE,
    timeoutMs: 1000 * (options.timeout ?? DEFAULT_TIMEOUT_S),
    mostBodyBytes: options.maxBody * 2 ** 20,
  };
}
