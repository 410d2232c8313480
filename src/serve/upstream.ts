import type { Dispatcher } from "undici";
import { apiKeyIn, OPENAI_BASE_URL, parseEndpoint } from "../http/endpoint.ts";
import { type Redact, redactor } from "../http/redact.ts";
import type { Llm } from "../llm/llm.ts";
import { openAiLlm } from "../llm/openai-client.ts";
import type { ServeSettings } from "./settings.ts";

/** The LLM API behind the server. */
export interface Upstream {
  /** Samples of it; failed requests are sent again. */
  readonly llm: Llm;
  /** Base URL, without credentials. */
  readonly url: string;
  /** Query of every request, and what says who asks. */
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  /** Connections of what is passed through. */
  readonly dispatcher: Dispatcher;
  /** Takes the upstream's key, and the server's own, out of text. */
  readonly redact: Redact;
  close(): Promise<void>;
}

/** A client waits: what fails again is told to it soon, and SDKs ask again themselves. */
const RETRIES = 2;
/** Requests for samples end with their client's patience, which is looked after elsewhere; this is later. */
const PATIENCE = 2;

/** Connects the upstream; nothing is sent yet. Errors: FunprmError `usage`, as `openAiLlm`. */
export async function openUpstream(settings: ServeSettings): Promise<Upstream> {
  const { baseUrl = OPENAI_BASE_URL, apiKeyEnv, timeoutMs, concurrency, clientKey } = settings;
  const endpoint = parseEndpoint(baseUrl);
  const apiKey = apiKeyIn(apiKeyEnv);
  const llm = await openAiLlm({
    baseUrl,
    apiKeyEnv,
    concurrency,
    timeoutMs: PATIENCE * timeoutMs,
    maxRetries: RETRIES,
  });
  // undici's own client, because Node's fetch gives up after 300 s without headers; it also reads HTTP_PROXY.
  const { EnvHttpProxyAgent } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent({
    connections: settings.passedAtOnce,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const secrets = [...endpoint.secrets, ...[apiKey, clientKey].filter((key) => key !== undefined)];
  return {
    llm,
    url: endpoint.url,
    query: endpoint.query,
    authorization: endpoint.basicAuth ?? (apiKey === undefined ? undefined : `Bearer ${apiKey}`),
    dispatcher,
    redact: redactor(secrets),
    async close() {
      await Promise.all([llm.close(), dispatcher.destroy()]);
    },
  };
}
