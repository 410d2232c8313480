import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { Access } from "./access.ts";
import { answerError, type ErrorTeller, refuse } from "./answer-error.ts";
import { clientKeyGuard, ownMachineGuard } from "./guards.ts";
import { Refusal } from "./refusal.ts";

export interface GuardedAppOptions {
  readonly access: Access;
  readonly teller: ErrorTeller;
  /** Aborted: nothing new is taken. */
  readonly stopping: AbortSignal;
  /** The routes, as a client that asks for another one is told. */
  readonly served: string;
  /** What /healthz says besides the status; it needs no key. */
  readonly state: () => Readonly<Record<string, number>>;
}

/** An app without routes: errors in OpenAI's form, the guards, /healthz, and nothing new while the server stops. */
export function guardedApp(options: GuardedAppOptions): Hono<{ Bindings: HttpBindings }> {
  const { access, teller, stopping, served, state } = options;
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.onError((error, c) => answerError(error, c, teller));
  app.notFound((c) =>
    refuse(
      c,
      new Refusal(404, "not_found", `${c.req.method} ${c.req.path} is not served here: only ${served}`),
    ),
  );
  app.use(ownMachineGuard(access));
  app.get("/healthz", (c) =>
    c.json({ status: stopping.aborted ? "stopping" : "ok", ...state() }, stopping.aborted ? 503 : 200),
  );
  app.use(clientKeyGuard(access));
  app.use(async (_c, next) => {
    if (stopping.aborted) throw new Refusal(503, "stopping", "the server is stopping", { retryAfterS: 10 });
    await next();
  });
  return app;
}
