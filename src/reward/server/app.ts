import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Hono } from "hono";
import type { Reporter } from "../../console/reporter.ts";
import type { NodeRequest } from "../../http/server/answer-error.ts";
import { Backlog } from "../../http/server/backlog.ts";
import { guardedApp } from "../../http/server/guarded-app.ts";
import { leaveSlowReader, lifetimeOf } from "../../http/server/lifetime.ts";
import type { Ending } from "../../http/server/listen.ts";
import { readBody } from "../../http/server/read-body.ts";
import { refusalOf } from "../../http/server/refusal.ts";
import { redactor } from "../../http/redact.ts";
import { readRequest, type RewardRequest } from "../item.ts";
import { openRlhfAnswer, openRlhfRequest } from "../openrlhf.ts";
import type { RewardRecord } from "../record.ts";
import type { Rewards } from "../rewards.ts";
import type { RewardSettings } from "./settings.ts";

export interface RewardContext {
  readonly settings: RewardSettings;
  readonly rewards: Rewards;
  readonly report: Reporter;
  /** What rewards come from: versions, sandbox and PRM; part of every answer. */
  readonly by: Readonly<Record<string, unknown>>;
}

const SERVED = "POST /v1/reward and /v1/reward/openrlhf, GET /healthz";
/** Milliseconds in which a client must take something of its answer. */
const PATIENCE_MS = 60_000;

/** Every route of the reward server. */
export function createApp(context: RewardContext, ending: Ending): Hono<{ Bindings: HttpBindings }> {
  const { settings, report } = context;
  const backlog = new Backlog(settings.queue, "programs");
  const secrets = settings.clientKey === undefined ? [] : [settings.clientKey];
  const app = guardedApp({
    access: settings,
    teller: { report, redact: redactor(secrets), refusalOf },
    stopping: ending.stopping,
    served: SERVED,
    state: () => ({ programs: backlog.held }),
  });
  const answering = { ...context, backlog, cut: ending.cut };
  app.post("/v1/reward", (c) =>
    answer(c, answering, {
      read: (json) => readRequest(json, "request"),
      write: (items) => ({ items, by: context.by }),
    }),
  );
  app.post("/v1/reward/openrlhf", (c) =>
    answer(c, answering, {
      read: (json) => openRlhfRequest(json, new URL(c.req.url).searchParams),
      write: openRlhfAnswer,
    }),
  );
  return app;
}

interface Answering extends RewardContext {
  readonly backlog: Backlog;
  /** Aborted: what is under way ends. */
  readonly cut: AbortSignal;
}

/** A form of requests and answers. */
interface Form {
  readonly read: (json: string) => RewardRequest;
  readonly write: (records: readonly RewardRecord[]) => object;
}

async function answer(c: NodeRequest, context: Answering, form: Form): Promise<Response> {
  const { settings, rewards, report, backlog, cut } = context;
  const bytes = await readBody(c.env.incoming, settings.mostBodyBytes);
  const request = form.read(new TextDecoder().decode(bytes));
  const { outgoing } = c.env;
  const lifetime = lifetimeOf(outgoing, cut);
  const count = request.items.length;
  const started = performance.now();
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
  try {
    const records = await backlog.holding(count, () => rewards.all(request, lifetime.signal));
    const passed = records.filter((record) => record.passed === true).length;
    const unscorable = records.filter((record) => record.passed === null);
    const lost = unscorable.length === 0 ? "" : `, ${unscorable.length} unscorable`;
    report.note(`${c.req.path}: ${count} programs, ${passed} pass${lost}, ${seconds()} s`);
    const [first] = unscorable;
    if (first !== undefined) report.warn(`unscorable, the first: ${first.unscorable?.reason}`);
    leaveSlowReader(outgoing, PATIENCE_MS);
    return c.json(form.write(records));
  } catch (error) {
    if (!lifetime.clientGone()) throw error;
    report.note(`${c.req.path}: the client went after ${seconds()} s; what it waited for is dropped`);
    return RESPONSE_ALREADY_SENT;
  } finally {
    lifetime.end();
  }
}
