import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { leaveSlowReader } from "../http/server/lifetime.ts";

/** Milliseconds between comments: proxies and clients give up connections that are silent for half a minute or more. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Server-sent events. Nothing is sent before `begin`, so that an early failure still has its status; a request that
 * takes long begins by itself, with the first comment.
 */
export class EventStream {
  readonly #outgoing: ServerResponse;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #patienceMs: number;
  readonly #timer: NodeJS.Timeout;
  #note = "waiting";

  constructor(
    outgoing: ServerResponse,
    headers: Readonly<Record<string, string>>,
    /** Milliseconds in which a client must take something. */
    patienceMs: number,
  ) {
    this.#outgoing = outgoing;
    this.#headers = headers;
    this.#patienceMs = patienceMs;
    this.#timer = setInterval(() => this.#comment(), KEEP_ALIVE_MS);
  }

  get begun(): boolean {
    return this.#outgoing.headersSent;
  }

  /** What comments say from now on; the stream begins. */
  tell(note: string): void {
    this.#note = note;
    this.#comment();
  }

  /** Sends data, each one event, at the client's pace. */
  async send(events: Iterable<string>): Promise<void> {
    this.#begin();
    leaveSlowReader(this.#outgoing, this.#patienceMs);
    for (const data of events) {
      if (this.#outgoing.destroyed) return;
      if (this.#outgoing.write(`data: ${data}\n\n`)) continue;
      await Promise.race([once(this.#outgoing, "drain"), once(this.#outgoing, "close")]);
    }
  }

  /** No more comments; `finish` ends the response too. */
  stop(): void {
    clearInterval(this.#timer);
  }

  finish(): void {
    this.stop();
    if (!this.#outgoing.destroyed) this.#outgoing.end();
  }

  #comment(): void {
    if (this.#outgoing.destroyed || this.#outgoing.writableNeedDrain) return;
    this.#begin();
    this.#outgoing.write(`: funprm ${this.#note}\n\n`);
  }

  #begin(): void {
    if (this.#outgoing.headersSent || this.#outgoing.destroyed) return;
    this.#outgoing.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      // nginx would keep the comments back.
      "x-accel-buffering": "no",
      ...this.#headers,
    });
  }
}
