import { setMaxListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { interrupted } from "../interruption.ts";

/** How long work for one client goes on. */
export interface Lifetime {
  /** Aborted when the client has gone, or when the server has to end. */
  readonly signal: AbortSignal;
  /** Whether it is the client that went. */
  readonly clientGone: () => boolean;
  end(): void;
}

/** Work for a response: it ends with the client's connection, or with `cut`. */
export function lifetimeOf(outgoing: ServerResponse, cut: AbortSignal): Lifetime {
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal);
  let gone = false;
  const onClose = (): void => {
    if (outgoing.writableFinished) return;
    gone = true;
    controller.abort(interrupted());
  };
  const onCut = (): void => controller.abort(interrupted());
  outgoing.once("close", onClose);
  cut.addEventListener("abort", onCut, { once: true });
  if (cut.aborted) onCut();
  else if (outgoing.destroyed) onClose();
  return {
    signal,
    clientGone: () => gone,
    end() {
      outgoing.off("close", onClose);
      cut.removeEventListener("abort", onCut);
    },
  };
}

/** Ends a connection whose client has taken nothing for so long. */
export function leaveSlowReader(outgoing: ServerResponse, patienceMs: number): void {
  outgoing.setTimeout(patienceMs, () => outgoing.destroy());
}
