import { FunprmError } from "../core/errors.ts";

/** The error of work that the user stopped. */
export function interrupted(): FunprmError {
  return new FunprmError("interrupted", "interrupted: everything finished is kept; run again to resume");
}

export function isInterruption(error: unknown): boolean {
  return error instanceof FunprmError && error.code === "interrupted";
}

/** A signal that follows `signal` after `graceMs`; `cut` and `clear` end the wait either way. */
export function afterGrace(
  signal: AbortSignal | undefined,
  graceMs: number,
): { readonly signal: AbortSignal; readonly cut: () => void; readonly clear: () => void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    timer = setTimeout(() => controller.abort(), graceMs);
  };
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  const clear = (): void => {
    signal?.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  };
  return { signal: controller.signal, cut: () => controller.abort(), clear };
}
