import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { NodeRequest } from "../../http/server/answer-error.ts";
import type { ServeContext } from "../context.ts";
import { lifetimeOf } from "../../http/server/lifetime.ts";
import { passThrough } from "./pass-through.ts";

/** Passes a request on, if not too many are. */
export async function passOn(
  c: NodeRequest,
  { gates, settings, upstream, report, cut }: ServeContext,
  { path, body, why }: { readonly path: string; readonly body: Uint8Array; readonly why: string },
): Promise<Response> {
  const { incoming, outgoing } = c.env;
  const lifetime = lifetimeOf(outgoing, cut);
  try {
    const search = new URL(c.req.url).search;
    const passed = { method: "POST", path, search, headers: incoming.headers, body, why } as const;
    const status = await gates.passed.through(lifetime.signal, () =>
      passThrough(passed, outgoing, upstream, lifetime, settings.timeoutMs),
    );
    report.note(`${path}: passed, ${why}: ${status === 0 ? "broke off" : status}`);
    return RESPONSE_ALREADY_SENT;
  } finally {
    lifetime.end();
  }
}
