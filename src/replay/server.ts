import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isIPv6 } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { FunprmError } from "../core/errors.ts";
import { completionOf } from "./completion.ts";
import type { Fault } from "./fault.ts";
import { ReplayPool, putBack, take } from "./recorded-pool.ts";
import type { ReplayCandidate, ReplayProblem, ReplayShelf } from "./recorded-pool.ts";
import {
  ReplayRefusal,
  replacesAnswer,
  sendBroken,
  sendCompletion,
  sendJson,
  sendRefusal,
} from "./response.ts";
import { readBody, readRequest } from "./read-request.ts";
import { begunText, sampleIndices } from "./request.ts";
import type { ReplayRequest } from "./request.ts";

export interface ReplayOptions {
  readonly problems: Iterable<ReplayProblem>;
  /** Recorded candidates; those of a problem are given out in this order. */
  readonly candidates: Iterable<ReplayCandidate>;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1: the server asks nobody for a key. */
  readonly host?: string | undefined;
  /** Milliseconds before each answer; default 0. */
  readonly latencyMs?: number | undefined;
  readonly faults?: readonly Fault[] | undefined;
  /** Begin anew when a problem's candidates are used up, instead of answering 400. */
  readonly cycle?: boolean | undefined;
  /**
   * Answers requests that want a text continued, from the problem's programs; undefined when none fits. Default: such
   * requests are answered like others, as servers do that do not know them.
   */
  readonly continuations?: Continue | undefined;
  /** Told of every chat completion request when it has ended. */
  readonly onExchange?: ((exchange: ReplayExchange) => void) | undefined;
}

/** `positions` are the samples asked for: one text each. */
type Continue = (
  programs: readonly string[],
  begun: string,
  positions: readonly number[],
) => Promise<string[] | undefined>;

/**
 * One chat completion request and what became of it.
 * @internal for tests
 */
export interface ReplayExchange {
  /** Number of the request, from 1. */
  readonly request: number;
  readonly problemId: string | undefined;
  /** Positions of the given candidates among the problem's. */
  readonly positions: readonly number[];
  /** HTTP status; 0 when the connection ended without one. */
  readonly status: number;
  readonly faults: readonly Fault["kind"][];
  /** The whole answer was handed to the network, and it was a good one. */
  readonly delivered: boolean;
}

export interface ReplayServer {
  /** Base URL for an OpenAI client: `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  readonly port: number;
  readonly problems: number;
  readonly candidates: number;
  /** Ends at once, requests under way included. */
  close(): Promise<void>;
}

/**
 * Starts an OpenAI-compatible server that answers chat completions from recorded candidates. It knows the problem by
 * its statement, which the prompt holds word for word. The k-th choice asked for a problem is its k-th candidate; what
 * did not reach the client is given again. The count lives in memory, so a restarted server begins anew, but for
 * funprm's own client, which names the samples it wants: sample k is always candidate k. A request of a model that is among
 * the recorded ones is answered from its candidates alone.
 * Errors: FunprmError `usage` when the address cannot be used.
 */
export async function startReplayServer(options: ReplayOptions): Promise<ReplayServer> {
  const pool = new ReplayPool(options.problems, options.candidates);
  const replay = new Replay(pool, options);
  const host = options.host ?? "127.0.0.1";
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void replay.answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new FunprmError(
          "usage",
          `cannot listen on ${host}:${options.port ?? 0}: ${cause.message}; give another --port`,
          {
            cause,
          },
        ),
      ),
    );
    server.listen({ port: options.port ?? 0, host, backlog: 1024 }, resolve);
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${port}/v1`,
    port,
    problems: pool.problems,
    candidates: pool.candidates,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Replay {
  readonly #pool: ReplayPool;
  readonly #options: ReplayOptions;
  readonly #created = Math.floor(Date.now() / 1000);
  #requests = 0;
  #underWay = 0;

  constructor(pool: ReplayPool, options: ReplayOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (incoming.url ?? "").replace(/\?.*$/, "").replace(/\/+$/, "");
    try {
      if (incoming.method === "POST" && /\/(?:chat\/)?completions$/.test(path)) {
        await this.#answerChat(incoming, response, !path.endsWith("/chat/completions"));
      } else if (incoming.method === "GET" && path.endsWith("/models")) {
        const data = ["replay", ...this.#pool.models].map((id) => ({
          id,
          object: "model",
          created: this.#created,
          owned_by: "funprm",
        }));
        sendJson(response, 200, { object: "list", data });
      } else {
        throw new ReplayRefusal(
          404,
          "not_found",
          `${incoming.method ?? ""} ${path} is not served here: only POST /v1/chat/completions, POST /v1/completions and GET /v1/models`,
        );
      }
    } catch (error) {
      if (response.destroyed) return;
      if (error instanceof ReplayRefusal) sendRefusal(response, error);
      else sendRefusal(response, new ReplayRefusal(500, "server_error", String(error)));
    }
  }

  async #answerChat(incoming: IncomingMessage, response: ServerResponse, isText: boolean): Promise<void> {
    this.#requests += 1;
    const number = this.#requests;
    let shelf: ReplayShelf | undefined;
    let problemId: string | undefined;
    let positions: number[] = [];
    let good = false;
    let faults: readonly Fault[] = [];
    this.#underWay += 1;
    response.once("close", () => {
      this.#underWay -= 1;
      const delivered = good && response.writableFinished;
      if (!delivered && shelf !== undefined) putBack(shelf, positions);
      this.#options.onExchange?.({
        request: number,
        problemId,
        positions,
        status: response.headersSent ? response.statusCode : 0,
        faults: faults.map(({ kind }) => kind),
        delivered,
      });
    });
    const request = readRequest(await readBody(incoming), isText);
    faults = (this.#options.faults ?? []).filter((fault) => this.#applies(fault, number, request));
    // The answer is made ready before the wait, so that it leaves when it is due.
    const due = dueAfter((this.#options.latencyMs ?? 0) + slowness(faults));
    const broken = faults.find(replacesAnswer);
    if (broken !== undefined) {
      await due();
      sendBroken(response, broken);
      return;
    }
    const prompt = request.messages.map(({ content }) => content).join("\n\n");
    shelf = this.#pool.find(prompt, request.model);
    if (shelf === undefined) {
      throw new ReplayRefusal(
        404,
        "unknown_problem",
        `the prompt contains the statement of none of the ${this.#pool.problems} problems of this replay server: sample with the problems that the pool was recorded for`,
      );
    }
    ({ problemId } = shelf);
    const begun = faults.some(({ kind }) => kind === "ignore-prefix") ? undefined : begunText(request);
    const { continuations } = this.#options;
    if (begun !== undefined && continuations !== undefined) {
      const asked = sampleIndices(incoming.headers) ?? Array.from({ length: request.n ?? 1 }, (_, at) => at);
      positions = asked.slice(0, choicesFor(request, faults));
      const { programs } = shelf;
      // Continuations are not used up.
      shelf = undefined;
      const texts = await continuations(programs, begun, positions);
      if (texts === undefined) {
        throw new ReplayRefusal(
          400,
          "no_continuation",
          "no recorded program of this problem continues the prefix",
        );
      }
      const about = { id: `cmpl-replay-${number}`, created: this.#created, faults };
      await due();
      good = sendCompletion(response, completionOf(request, texts, about), request, faults);
      return;
    }
    const count = choicesFor(request, faults);
    const wanted = sampleIndices(incoming.headers);
    const given = take(shelf, count, { positions: wanted, cycle: this.#options.cycle === true });
    if (given === undefined) {
      throw new ReplayRefusal(
        400,
        "pool_exhausted",
        `problem ${shelf.problemId} has ${shelf.replies.length} recorded candidates, and more were asked for: ask for fewer samples, or start the replay server with --cycle`,
      );
    }
    positions = given;
    if (response.closed) putBack(shelf, positions);
    const { replies } = shelf;
    const completion = completionOf(
      request,
      given.map((position) => replies[position % replies.length] ?? ""),
      { id: `chatcmpl-replay-${number}`, created: this.#created, faults },
    );
    await due();
    good = sendCompletion(response, completion, request, faults);
  }

  #applies(fault: Fault, number: number, request: ReplayRequest): boolean {
    if (fault.kind === "capacity") return this.#underWay > Number(fault.argument);
    if (fault.kind === "reject" && request[fault.argument] === undefined) return false;
    return fault.hits(number);
  }
}

/** Ends `ms` after now, however much later it is asked to. */
function dueAfter(ms: number): () => Promise<void> {
  const due = performance.now() + ms;
  return async () => {
    const left = due - performance.now();
    if (left > 0) await sleep(left);
  };
}

function choicesFor(request: ReplayRequest, faults: readonly Fault[]): number {
  const asked = request.n ?? 1;
  if (faults.some(({ kind }) => kind === "ignore-n")) return 1;
  return faults.some(({ kind }) => kind === "over-deliver") ? 2 * asked : asked;
}

function slowness(faults: readonly Fault[]): number {
  return faults
    .filter(({ kind }) => kind === "slow")
    .reduce((sum, { argument }) => sum + Number(argument), 0);
}
