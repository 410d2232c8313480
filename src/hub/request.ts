import { type ErrorCode, FunprmError } from "../core/errors.ts";

const MOST_REDIRECTS = 5;

/** A file on the hub. */
export interface HubFile {
  readonly address: string;
  readonly token: string | null;
  readonly signal?: AbortSignal;
  readonly wording: Wording;
}

/** How messages about a file speak. */
interface Wording {
  readonly code: ErrorCode;
  /** What the hub keeps files in: `repository`, `data set`. */
  readonly collection: string;
  /** What somebody may do who cannot get it. */
  readonly otherwise: string;
}

export interface Answer {
  /** 200, 206, or 416 for a range behind the end. */
  readonly status: number;
  readonly body: Response["body"];
  /** X-Linked-ETag or ETag of the hub's first answer, without quotes. */
  readonly tag: string | null;
  readonly totalBytes: number | null;
}

/**
 * Asks for a file's bytes from an offset on. Follows redirects itself: size and sum are in the hub's own answer, and
 * the token is for the hub alone.
 *
 * @throws FunprmError for what the hub refuses; any other error may pass
 */
export async function request(file: HubFile, from: number): Promise<Answer> {
  let address = new URL(file.address);
  const { origin } = address;
  let tag: string | null = null;
  let linkedSize: number | null = null;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const response = await fetch(address, {
      redirect: "manual",
      headers: {
        // A packed answer would make sizes and ranges mean something else.
        "accept-encoding": "identity",
        ...(file.token !== null && address.origin === origin && { authorization: `Bearer ${file.token}` }),
        ...(from > 0 && { range: `bytes=${from}-` }),
      },
      ...(file.signal !== undefined && { signal: file.signal }),
    });
    const { headers, status } = response;
    tag ??= unquoted(headers.get("x-linked-etag"));
    linkedSize ??= sizeOf(headers.get("x-linked-size"));
    const location = headers.get("location");
    if (status >= 300 && status < 400 && location !== null) {
      await response.body?.cancel();
      address = new URL(location, address);
      continue;
    }
    if (!response.ok && status !== 416) {
      await response.body?.cancel();
      if (status >= 500 || status === 429) throw new Error(`HTTP ${status}`);
      throw refusal(file, "the file", `HTTP ${status}${hint(status, file.wording)}`);
    }
    const length = sizeOf(headers.get("content-length"));
    const range = sizeOf(/\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1] ?? null);
    const totalBytes = linkedSize ?? range ?? (status === 200 ? length : null);
    return { status, body: response.body, tag: tag ?? unquoted(headers.get("etag")), totalBytes };
  }
  throw refusal(file, `at most ${MOST_REDIRECTS} redirects`, "more");
}

/** The error of a file that cannot be had. */
export function refusal(
  { address, wording }: HubFile,
  expected: string,
  got: string,
  cause?: unknown,
): FunprmError {
  const message =
    `${address}: expected ${expected}, got ${got}. ` +
    `Run the command again to go on where it stopped, or ${wording.otherwise}.`;
  // HF_ENDPOINT may hold a name and a password.
  return new FunprmError(wording.code, message.replaceAll(/\/\/[^/\s]*@/g, "//"), { cause });
}

function unquoted(tag: string | null): string | null {
  return tag === null ? null : tag.replace(/^W\//, "").replaceAll('"', "");
}

function sizeOf(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

function hint(status: number, { collection }: Wording): string {
  if (status === 401 || status === 403)
    return `: no such ${collection}, or one that needs a token in HF_TOKEN`;
  if (status === 404) return `: no such ${collection} or revision, or one without this file`;
  return "";
}
