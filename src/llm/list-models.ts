import { FunprmError } from "../core/errors.ts";
import { OPENAI_BASE_URL, parseEndpoint } from "../http/endpoint.ts";
import { redactor } from "../http/redact.ts";

/**
 * Names of the models that an OpenAI-compatible API lists, asked once.
 *
 * @throws FunprmError `api` where it does not answer so within the time; keys never stand in the message
 */
export async function listModels({
  baseUrl = OPENAI_BASE_URL,
  apiKey,
  timeoutMs = 10_000,
}: {
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly timeoutMs?: number;
}): Promise<string[]> {
  const { url, secrets } = parseEndpoint(baseUrl);
  const { default: OpenAI } = await import("openai");
  const client = new OpenAI({
    apiKey: apiKey ?? "none",
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: timeoutMs,
  });
  try {
    return (await client.models.list()).data.map((model) => model.id);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    // Some servers echo the key that they refuse.
    const clean = redactor([...(apiKey === undefined ? [] : [apiKey]), ...secrets])(reason);
    throw new FunprmError("api", `${url} does not list its models: ${clean}`);
  }
}
