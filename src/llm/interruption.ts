import { setMaxListeners } from "node:events";
import { FunprmError } from "../core/errors.ts";

/** The error of work that the user stopped. */
export function interrupted(): FunprmError {
  return new FunprmError("interrupted", "interrupted: everything finished is kept; run again to resume");
}

export function isInterruption(error: unknown): boolean {
  return error instanceof FunprmError && error.code === "interrupted";
}

/** A signal that aborts with the first of those given, and that any number of requests may listen to. */
export function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const any = AbortSignal.any(signals.filter((signal) => signal !== undefined));
  setMaxListeners(0, any);
  return any;
}

/** A signal that follows `signal` after `graceMs`; `cut` and `clear` end the wait either way. */
export function afterGrace(
  signal: AbortSignal,
  graceMs: number,
): { readonly signal: AbortSignal; readonly cut: () => void; readonly clear: () => void } {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    timer = setTimeout(() => controller.abort(), graceMs);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  const clear = (): void => {
    signal.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  };
  return { signal: controller.signal, cut: () => controller.abort(), clear };
}
