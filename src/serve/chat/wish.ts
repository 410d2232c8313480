import { z } from "zod";
import { Refusal } from "../../http/server/refusal.ts";

const MODES = ["auto", "on", "off"] as const;

/** `auto`: requests for a Python program get Best-of-N; `on`, `off`: this one does, or does not, whatever it says. */
type Mode = (typeof MODES)[number];

/** What a client wants of funprm itself. */
export interface Wish {
  /** Samples to choose from. */
  readonly n: number;
  readonly mode: Mode;
}

export const N_HEADER = "x-funprm-n";
export const MODE_HEADER = "x-funprm-mode";
/** Field of the body; the upstream never sees it. */
export const WISH_FIELD = "funprm";

const fieldSchema = z.strictObject({
  n: z.number().nullish(),
  mode: z.string().nullish(),
});

/**
 * Reads budget and mode from the headers, else from the body's field, else from `defaults`.
 * Errors: Refusal 400 that names what was expected.
 */
export function readWish(
  header: (name: string) => string | undefined,
  body: Readonly<Record<string, unknown>>,
  { defaultN, mostN }: { readonly defaultN: number; readonly mostN: number },
): Wish {
  const field = fieldSchema.safeParse(body[WISH_FIELD] ?? {});
  if (!field.success) {
    const expected = `expected ${WISH_FIELD} to be an object such as {"n": 8, "mode": "auto"}`;
    throw new Refusal(400, "invalid_funprm", expected, { param: WISH_FIELD });
  }
  const inHeader = header(N_HEADER);
  const n = inHeader === undefined ? field.data.n : /^\d+$/.test(inHeader) ? Number(inHeader) : Number.NaN;
  if (typeof n === "number" && !(Number.isInteger(n) && n >= 1 && n <= mostN)) {
    const param = inHeader === undefined ? `${WISH_FIELD}.n` : "X-Funprm-N";
    const got = inHeader ?? String(n);
    const told = `expected ${param} to be a whole number from 1 to ${mostN} (--max-n), got ${got.slice(0, 40)}`;
    throw new Refusal(400, "n_out_of_bounds", told, { param });
  }
  const wanted = header(MODE_HEADER) ?? field.data.mode ?? "auto";
  const mode = MODES.find((known) => known === wanted);
  if (mode === undefined) {
    const param = header(MODE_HEADER) === undefined ? `${WISH_FIELD}.mode` : "X-Funprm-Mode";
    const told = `expected ${param} to be one of ${MODES.join(", ")}, got ${wanted.slice(0, 40)}`;
    throw new Refusal(400, "unknown_mode", told, { param });
  }
  return { n: n ?? defaultN, mode };
}
