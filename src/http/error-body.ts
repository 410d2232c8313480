import { z } from "zod";
import { shownJson } from "../core/shown-json.ts";

const text = z.string();
const record = z.record(z.string(), z.unknown());
const openAiForm = z.looseObject({
  message: z.unknown().optional(),
  param: z.unknown().optional(),
  code: z.unknown().optional(),
});
const fastApiForm = z.array(
  z.looseObject({ loc: z.array(z.unknown()).optional(), msg: text.optional(), type: text.optional() }),
);

/** What a server says about a failed request, whichever form it uses. */
export interface ErrorBody {
  readonly message: string;
  readonly param?: string;
  readonly code?: string;
}

/**
 * Reads an error body: OpenAI's `{error: {message, param, code}}`, `{error: "..."}` (Ollama), `{message}` (vLLM),
 * `{detail}` as text or as FastAPI's list, or plain text. Whole, since half a secret is not recognised as one:
 * whoever shows it takes secrets out first and shortens it then.
 */
export function readErrorBody(body: string): ErrorBody {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    const visible = body
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
    return { message: visible || "(no body)" };
  }
  return readErrorValue(parsed) ?? { message: shownJson(parsed) };
}

/** The error that a JSON value states; undefined when it states none. */
export function readErrorValue(value: unknown): ErrorBody | undefined {
  const { data: fields } = record.safeParse(value);
  if (fields === undefined) return undefined;
  for (const candidate of [fields["error"], fields["message"], fields["detail"]]) {
    const plain = text.safeParse(candidate);
    if (plain.success) return withCode({ message: plain.data }, fields);
    const list = fastApiForm.safeParse(candidate);
    if (list.success && list.data.length > 0) return readFastApi(list.data);
    const object = openAiForm.safeParse(candidate);
    if (!object.success) continue;
    const { message, param } = object.data;
    return withCode(
      {
        message: typeof message === "string" ? message : shownJson(message ?? candidate),
        ...(typeof param === "string" ? { param } : {}),
      },
      object.data,
    );
  }
  return undefined;
}

function withCode(error: ErrorBody, fields: Readonly<Record<string, unknown>>): ErrorBody {
  const code = fields["code"];
  return typeof code === "string" || typeof code === "number" ? { ...error, code: String(code) } : error;
}

function readFastApi(details: z.infer<typeof fastApiForm>): ErrorBody {
  const [first] = details;
  const param = first?.loc?.at(-1);
  return {
    message: details.map(({ loc, msg }) => `${loc?.join(".") ?? "body"}: ${msg ?? "invalid"}`).join("; "),
    ...(typeof param === "string" ? { param } : {}),
    ...(first?.type === undefined ? {} : { code: first.type }),
  };
}
