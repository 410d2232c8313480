import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import type { Access } from "./access.ts";
import { Refusal } from "./refusal.ts";

const OWN_NAME = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/**
 * Keeps web pages out. A page that its user looks at may send requests to this machine: one of another name (DNS
 * rebinding) is refused, and so is a form's content type, which browsers send without asking the server first.
 */
export function ownMachineGuard({ isLoopback }: Access): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header("host") ?? "localhost";
    const origin = c.req.header("origin");
    if (isLoopback && !OWN_NAME.test(host)) {
      throw new Refusal(
        403,
        "foreign_host",
        "expected this machine's own name as host: localhost or 127.0.0.1",
      );
    }
    if (isLoopback && origin !== undefined && !OWN_NAME.test(origin.replace(/^https?:\/\//, ""))) {
      throw new Refusal(403, "foreign_origin", "web pages of other hosts may not ask this server");
    }
    const type = c.req.header("content-type") ?? "";
    if (c.req.method === "POST" && !/^application\/json\b/i.test(type)) {
      throw new Refusal(415, "not_json", "expected content-type: application/json");
    }
    await next();
  };
}

/** Lets in whoever has the key; without one, everybody. The time it takes tells nothing of the key. */
export function clientKeyGuard({ clientKey }: Access): MiddlewareHandler {
  if (clientKey === undefined) return (_c, next) => next();
  const expected = digest(clientKey);
  return async (c, next) => {
    const given = /^bearer[ ]+(.+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    if (!timingSafeEqual(digest(given.trim()), expected)) {
      throw new Refusal(401, "invalid_api_key", "expected the key of this server: Authorization: Bearer KEY");
    }
    await next();
  };
}

/** Equally long whatever is given. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
