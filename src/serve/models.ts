import { z } from "zod";
import type { NodeRequest } from "../http/server/answer-error.ts";
import type { ServeContext } from "./context.ts";
import { request } from "./pass/pass-through.ts";
import { Refusal } from "../http/server/refusal.ts";

const listSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });
type Model = z.infer<typeof listSchema>["data"][number];

/** Milliseconds for the upstream's list; its own two models are there without it. */
const PATIENCE_MS = 10_000;

/** The upstream's models, and the server's own one under the name that says so. */
export async function listModels(c: NodeRequest, context: ServeContext): Promise<Response> {
  return c.json({ object: "list", data: await models(context) });
}

export async function modelById(c: NodeRequest, context: ServeContext): Promise<Response> {
  const id = decodeURIComponent(c.req.path.replace(/^\/v1\/models\//, ""));
  const model = (await models(context)).find((known) => known.id === id);
  if (model === undefined)
    throw new Refusal(404, "model_not_found", "there is no such model: GET /v1/models lists them");
  return c.json(model);
}

async function models(context: ServeContext): Promise<readonly Model[]> {
  const { model } = context.settings;
  const own = [`funprm/${model}`, model].map((id) => ({
    id,
    object: "model",
    created: 0,
    owned_by: "funprm",
  }));
  const listed = await upstreamModels(context);
  const known = new Set(listed.map(({ id }) => id));
  return [...own.filter(({ id }) => !known.has(id)), ...listed];
}

/** None where the upstream does not list any: chatting may work all the same. */
async function upstreamModels({ upstream }: ServeContext): Promise<readonly Model[]> {
  try {
    const asked = { method: "GET", path: "/models", search: "", headers: {}, body: undefined } as const;
    const { statusCode, body } = await request(asked, upstream, AbortSignal.timeout(PATIENCE_MS));
    if (statusCode !== 200) {
      await body.dump();
      return [];
    }
    return listSchema.parse(await body.json()).data;
  } catch {
    return [];
  }
}
