import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { answerChat } from "./chat/answer-chat.ts";
import { parseJsonObject } from "./chat/chat-request.ts";
import { answerError, refuse } from "./answer-error.ts";
import type { ServeContext } from "./context.ts";
import { clientKeyGuard, ownMachineGuard } from "./guards.ts";
import { listModels, modelById } from "./models.ts";
import { passedBody } from "./pass/passed-body.ts";
import { passOn } from "./pass/pass-on.ts";
import { readBody } from "./read-body.ts";
import { Refusal } from "./refusal.ts";
import { answerRerank } from "./rerank.ts";

const SERVED =
  "POST /v1/chat/completions, /v1/rerank, /v1/completions, /v1/embeddings and /v1/responses, GET /v1/models and /healthz";

/** Every route of the server. The last three POST routes under /v1 are passed through whatever they hold. */
export function createApp(context: ServeContext): Hono<{ Bindings: HttpBindings }> {
  const { settings, gates, stopping } = context;
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.onError((error, c) => answerError(error, c, context));
  app.notFound((c) =>
    refuse(
      c,
      new Refusal(404, "not_found", `${c.req.method} ${c.req.path} is not served here: only ${SERVED}`),
    ),
  );
  app.use(ownMachineGuard(settings));
  app.get("/healthz", (c) => {
    const state = {
      waiting: gates.chosen.waiting,
      choosing: gates.chosen.inside,
      passing: gates.passed.inside,
    };
    return c.json({ status: stopping.aborted ? "stopping" : "ok", ...state }, stopping.aborted ? 503 : 200);
  });
  app.use(clientKeyGuard(settings));
  app.use(async (_c, next) => {
    if (stopping.aborted) throw new Refusal(503, "stopping", "the server is stopping", { retryAfterS: 10 });
    await next();
  });
  app.get("/v1/models", (c) => listModels(c, context));
  app.get("/v1/models/*", (c) => modelById(c, context));
  app.post("/v1/chat/completions", (c) => answerChat(c, context));
  for (const path of ["/v1/rerank", "/v2/rerank", "/rerank"]) app.post(path, (c) => answerRerank(c, context));
  for (const path of ["/completions", "/embeddings", "/responses"]) {
    app.post(`/v1${path}`, async (c) => {
      const bytes = await readBody(c.env.incoming, settings.mostBodyBytes);
      const body = passedBody(bytes, parseJsonObject(bytes), settings.model);
      return passOn(c, context, { path, body, why: "not a chat" });
    });
  }
  return app;
}
