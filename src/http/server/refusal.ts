import { FunprmError } from "../../core/errors.ts";

/** An answer that is no answer: told to the client in OpenAI's form, `{"error": {message, type, param, code}}`. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: string;
  /** The field or header that is to blame. */
  readonly param: string | null;
  /** Seconds after which to ask again. */
  readonly retryAfterS: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    about: { readonly param?: string; readonly retryAfterS?: number } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.param = about.param ?? null;
    this.retryAfterS = about.retryAfterS;
  }

  get body(): { readonly error: object } {
    const type = this.status >= 500 ? "server_error" : "invalid_request_error";
    return { error: { message: this.message, type, param: this.param, code: this.code } };
  }

  get headers(): Readonly<Record<string, string>> {
    return this.retryAfterS === undefined ? {} : { "retry-after": String(this.retryAfterS) };
  }
}

/** Seconds after which a server that stops may be there again. */
const RETRY_AFTER_S = 10;

/** What a client is told of an error; undefined for a defect, of which it is told nothing. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (!(error instanceof FunprmError)) return undefined;
  const options = { cause: error };
  switch (error.code) {
    case "usage":
    case "input":
      return new Refusal(400, "invalid_request", error.message, {}, options);
    case "interrupted":
      return new Refusal(503, "stopping", "the server is stopping", { retryAfterS: RETRY_AFTER_S }, options);
    case "grading":
      return new Refusal(500, "no_sandbox", "programs cannot be run on the server's machine", {}, options);
    case "no-candidate":
    case "api":
    case "budget":
    case "model":
      return new Refusal(502, "failed", error.message, {}, options);
  }
}
