import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type NodeRequest, toldOf } from "../../http/server/answer-error.ts";
import { decide, sampleRequest } from "./chat.ts";
import { type ChatRequest, readChatRequest } from "./chat-request.ts";
import { parseJsonObject } from "../../http/server/json-object.ts";
import { type ChosenReply, chooseReply } from "./choose-reply.ts";
import { answerHead, completionBody, completionEvents } from "./completion-body.ts";
import type { ServeContext } from "../context.ts";
import { EventStream } from "../event-stream.ts";
import { type Lifetime, lifetimeOf } from "../../http/server/lifetime.ts";
import { passedBody } from "../pass/passed-body.ts";
import { passOn } from "../pass/pass-on.ts";
import { problemOf } from "./problem-of-request.ts";
import { readBody } from "../../http/server/read-body.ts";
import { Refusal } from "../../http/server/refusal.ts";
import { tellerOf } from "../upstream-refusal.ts";
import { readWish } from "./wish.ts";

const PATH = "/chat/completions";
const CHOSEN = { "x-funprm": "best of n" };

/** Best-of-N for a request for a Python program; every other request goes to the upstream as it is. */
export async function answerChat(c: NodeRequest, context: ServeContext): Promise<Response> {
  const { settings, report } = context;
  const bytes = await readBody(c.env.incoming, settings.mostBodyBytes);
  const body = parseJsonObject(bytes);
  const wish = readWish((name) => c.req.header(name), body, settings);
  const request = readChatRequest(body);
  const decision =
    request === undefined
      ? ({ kind: "pass", why: "is no plain chat request", cannot: true } as const)
      : decide(request, wish, settings.model);
  if (decision.kind === "pass" || request === undefined) {
    const why = decision.kind === "pass" ? decision.why : "";
    if (wish.mode === "on")
      throw new Refusal(400, "not_one_reply", `Best-of-N cannot answer this request: it ${why}`);
    return passOn(c, context, { path: PATH, body: passedBody(bytes, body, settings.model), why });
  }
  const { outgoing } = c.env;
  const lifetime = lifetimeOf(outgoing, context.cut);
  const job: ChatJob = { request, text: decision.text, n: wish.n, outgoing, lifetime };
  const started = performance.now();
  try {
    return request.stream === true ? await stream(job, context) : await whole(job, context);
  } catch (error) {
    if (!lifetime.clientGone()) throw error;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    report.note(`${PATH}: the client went after ${seconds} s; nothing more is sampled`);
    return RESPONSE_ALREADY_SENT;
  } finally {
    lifetime.end();
  }
}

interface ChatJob {
  readonly request: ChatRequest;
  /** What its last message asks for. */
  readonly text: string;
  readonly n: number;
  readonly outgoing: ServerResponse;
  readonly lifetime: Lifetime;
}

async function whole(job: ChatJob, context: ServeContext): Promise<Response> {
  const chosen = await choose(job, context, () => {});
  return Response.json(completionBody(answerHead(), chosen), { headers: CHOSEN });
}

async function stream(job: ChatJob, context: ServeContext): Promise<Response> {
  const events = new EventStream(job.outgoing, CHOSEN, context.settings.timeoutMs);
  try {
    const chosen = await choose(job, context, (note) => events.tell(note));
    const includeUsage = job.request.stream_options?.include_usage === true;
    await events.send(completionEvents(answerHead(), chosen, includeUsage));
  } catch (error) {
    if (!events.begun || job.lifetime.clientGone()) throw error;
    // The status has gone out: clients read an error in the stream.
    const refusal = toldOf(error, tellerOf(context));
    context.report.note(`${PATH}: ${refusal.status} ${refusal.code}, in the stream`);
    await events.send([JSON.stringify(refusal.body)]);
  } finally {
    events.stop();
  }
  events.finish();
  return RESPONSE_ALREADY_SENT;
}

/** Samples and chooses in the request's turn. */
async function choose(
  { request, text, n, lifetime }: ChatJob,
  { settings, upstream, open, gates, report }: ServeContext,
  tell: (note: string) => void,
): Promise<ChosenReply> {
  const { signal } = lifetime;
  return gates.chosen.through(signal, async () => {
    const started = performance.now();
    const chosen = await chooseReply(problemOf(text), sampleRequest(request, n, settings), {
      llm: upstream.llm,
      method: open.methodUntil(signal),
      signal,
      timeoutMs: settings.timeoutMs,
      onSamples: (count) => tell(count < n ? `sampled ${count} of ${n}` : "choosing"),
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const { sample, of, decidedBy, usage } = chosen;
    const why = decidedBy === null ? "nothing told them apart" : `decided by ${decidedBy}`;
    const tokens = usage.promptTokens + usage.completionTokens;
    report.note(`${PATH}: sample ${sample.index} of ${of}, ${why}, ${seconds} s, ${tokens} tokens`);
    return chosen;
  });
}
