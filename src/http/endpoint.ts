import { FunprmError } from "../core/errors.ts";

export const OPENAI_BASE_URL = "https://api.openai.com/v1";

/** The API key in an environment variable; an empty one is none. */
export function apiKeyIn(variable: string): string | undefined {
  return process.env[variable]?.trim() || undefined;
}

/** A base URL taken apart, so that what is secret in it stays out of keys, files and messages. */
export interface Endpoint {
  /** Origin and path, no trailing slash: safe to show and to store. */
  readonly url: string;
  /** Sent with every request (Azure's `api-version`). */
  readonly query: Readonly<Record<string, string>>;
  /** `Authorization: Basic ...`, where the URL names a user. */
  readonly basicAuth?: string;
  /** Everything of the URL that could be secret. */
  readonly secrets: readonly string[];
}

/** Errors: FunprmError `usage` for anything but an http(s) URL. */
export function parseEndpoint(baseUrl: string): Endpoint {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch (cause) {
    throw notHttp(cause);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") throw notHttp(undefined);
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const basic = Buffer.from(`${user}:${password}`).toString("base64");
  const query = Object.fromEntries(url.searchParams);
  return {
    url: url.origin + url.pathname.replace(/\/+$/, ""),
    query,
    ...(user === "" && password === "" ? {} : { basicAuth: `Basic ${basic}` }),
    secrets: [password, basic, ...Object.values(query)],
  };
}

/** The URL itself is not shown: a mistyped one can still hold a password. */
function notHttp(cause: unknown): FunprmError {
  return new FunprmError(
    "usage",
    `--base-url must be an http or https URL such as ${OPENAI_BASE_URL} or http://127.0.0.1:8000/v1`,
    { cause: cause instanceof Error ? new Error("not a URL") : undefined },
  );
}
