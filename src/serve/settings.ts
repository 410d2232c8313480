import { FunprmError } from "../core/errors.ts";
import type { Options } from "../settings/options.ts";

/** What a server is to be, all of it checked. */
export interface ServeSettings {
  readonly host: string;
  readonly port: number;
  /** Whether the host is this machine to itself. */
  readonly isLoopback: boolean;
  /** What clients must send; undefined: nothing. */
  readonly clientKey: string | undefined;
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
const DEFAULT_TIMEOUT_S = 600;
/** Each costs two sockets and its body. */
const PASSED_AT_ONCE = 256;
/** Shorter keys can be guessed. */
const SHORTEST_KEY = 8;

/** Errors: FunprmError `usage` for what cannot be served, or would be open to everybody without being told so. */
export function serveSettings(
  options: Options,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServeSettings {
  const { model, host, samples, maxN, clientKeyEnv } = options;
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
  const clientKey = clientKeyEnv === undefined ? undefined : keyIn(clientKeyEnv, environment);
  const isLoopback = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  if (!isLoopback && clientKey === undefined && !options.openToAll) {
    throw new FunprmError(
      "usage",
      `--host ${host} lets other machines ask at your expense: name the variable of a key that they must send with ` +
        "--client-key-env, or say that nobody needs one with --open-to-all",
    );
  }
  return {
    host,
    port: options.port ?? DEFAULT_PORT,
    isLoopback,
    clientKey,
    model,
    baseUrl: options.baseUrl,
    apiKeyEnv: options.apiKeyEnv,
    defaultN: samples,
    mostN: maxN,
    temperature: options.temperature,
    concurrency: options.concurrency,
    chosenAtOnce: options.atOnce,
    queue: options.queue,
    passedAtOnce: PASSED_AT_ONCE,
    timeoutMs: 1000 * (options.timeout ?? DEFAULT_TIMEOUT_S),
    mostBodyBytes: options.maxBody * 2 ** 20,
  };
}

function keyIn(name: string, environment: Readonly<Record<string, string | undefined>>): string {
  const key = environment[name]?.trim() ?? "";
  if (key.length >= SHORTEST_KEY) return key;
  const got = key === "" ? "it is not set" : "it is shorter";
  throw new FunprmError(
    "usage",
    `--client-key-env: expected a key of at least 8 characters in ${name}; ${got}`,
  );
}
