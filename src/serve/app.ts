import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { guardedApp } from "../http/server/guarded-app.ts";
import { parseJsonObject } from "../http/server/json-object.ts";
import { readBody } from "../http/server/read-body.ts";
import { answerChat } from "./chat/answer-chat.ts";
import type { ServeContext } from "./context.ts";
import { listModels, modelById } from "./models.ts";
import { passedBody } from "./pass/passed-body.ts";
import { passOn } from "./pass/pass-on.ts";
import { answerRerank } from "./rerank.ts";
import { tellerOf } from "./upstream-refusal.ts";

const SERVED =
  "POST /v1/chat/completions, /v1/rerank, /v1/completions, /v1/embeddings and /v1/responses, GET /v1/models and /healthz";

/** Every route of the server. The last three POST routes under /v1 are passed through whatever they hold. */
export function createApp(context: ServeContext): Hono<{ Bindings: HttpBindings }> {
  const { settings, gates, stopping } = context;
  const app = guardedApp({
    access: settings,
    teller: tellerOf(context),
    stopping,
    served: SERVED,
    state: () => ({
      waiting: gates.chosen.waiting,
      choosing: gates.chosen.inside,
      passing: gates.passed.inside,
    }),
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
