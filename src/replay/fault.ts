import { createHash } from "node:crypto";
import { FunprmError } from "../core/errors.ts";

/** What a replay server can do wrong, each a thing that real servers do. */
const FAULT_KINDS = [
  /** HTTP status NUMBER; `429:2` adds `Retry-After: 2`, `429:date:2` the same as an HTTP date. */
  "status",
  /** The connection is cut in the middle of the body. */
  "cut",
  /** The request is accepted and never answered. */
  "stall",
  /** The headers come, half of the body, then nothing. */
  "stall-body",
  /** 200 with JSON that is cut off. */
  "malformed",
  /** 200 with an HTML page. */
  "html",
  /** One choice, whatever `n` says. */
  "ignore-n",
  /** Twice as many choices as asked for. */
  "over-deliver",
  /** The second half of the reply is missing, finish_reason `length`. */
  "length",
  /** A prefix is not continued: the answer begins anew. */
  "ignore-prefix",
  /** Empty content. */
  "empty",
  "refusal",
  /** finish_reason `content_filter`, content cut. */
  "content-filter",
  /** No usage in the answer. */
  "no-usage",
  /** ARGUMENT milliseconds later than the others. */
  "slow",
  /** 400, unsupported parameter ARGUMENT, where the request has it. */
  "reject",
  /** 429 for whatever exceeds ARGUMENT requests under way. */
  "capacity",
] as const;
type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault and when it happens. */
export interface Fault {
  readonly kind: FaultKind;
  /** HTTP status of `status`. */
  readonly status: number | undefined;
  /** What follows the kind's colon; "" when nothing does. */
  readonly argument: string;
  /** Whether it happens to the request with this number, from 1. */
  readonly hits: (request: number) => boolean;
}

const EXPECTED =
  "expected KIND[:ARGUMENT][@WHEN], such as 429:1@every=3, 500@p=0.1, stall@first=2, cut@5 or reject:temperature; " +
  `KIND is an HTTP status or one of ${FAULT_KINDS.slice(1).join(", ")}; ` +
  "WHEN is every=N, first=N, p=SHARE or a request's number from 1 (default: always)";

/**
 * Reads a fault specification. `seed` decides which requests `p=SHARE` hits: the same ones in every run.
 * Errors: FunprmError `usage`.
 */
export function parseFault(spec: string, seed = 0): Fault {
  const [what = "", when, ...rest] = spec.trim().split("@");
  const [name = "", ...argument] = what.split(":");
  const status = /^[45]\d\d$/.test(name) ? Number(name) : undefined;
  const kind = status === undefined ? FAULT_KINDS.slice(1).find((known) => known === name) : "status";
  const hits = parseWhen(when, seed, spec);
  const joined = argument.join(":");
  const needsNumber = kind === "slow" || kind === "capacity";
  if (kind === undefined || hits === undefined || rest.length > 0) throw unreadable(spec);
  if (needsNumber && !/^\d+$/.test(joined)) throw unreadable(spec);
  if (kind === "reject" && joined === "") throw unreadable(spec);
  return { kind, status, argument: joined, hits };
}

function parseWhen(when: string | undefined, seed: number, spec: string): Fault["hits"] | undefined {
  if (when === undefined) return () => true;
  const [, name, value] = /^(?:(every|first|p)=)?(\d+(?:\.\d+)?)$/.exec(when) ?? [];
  const number = Number(value);
  if (value === undefined || (name === "every" && number < 1)) return undefined;
  switch (name) {
    case "every":
      return (request) => request % number === 0;
    case "first":
      return (request) => request <= number;
    case "p":
      return number > 1 ? undefined : (request) => share(`${seed} ${spec} ${request}`) < number;
    default:
      return (request) => request === number;
  }
}

/** A number in [0, 1) that only depends on the text. */
function share(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}

function unreadable(spec: string): FunprmError {
  return new FunprmError("usage", `cannot read the fault ${JSON.stringify(spec)}: ${EXPECTED}`);
}
