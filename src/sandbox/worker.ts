import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Readable, Writable } from "node:stream";
import type { Launch } from "./bubblewrap.ts";
import { encodeFrame, FrameDecoder, type Frame } from "./frames.ts";
import { runEnd } from "./container/launch.ts";
import { killMarked, marked } from "./orphans.ts";
import type { LookOut } from "./sandbox.ts";

/** A fork server's answer for one job, or why there is none. */
export type WorkerAnswer =
  | { readonly frame: Frame; readonly failure?: never }
  | { readonly failure: string; readonly frame?: never };

/** Preloaded libraries can take seconds each, more on a busy machine. */
const START_LIMIT_MS = 120_000;
const STDERR_CHARS = 2_000;
/** A longer one would go off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One fork server process. It runs one job at a time and is thrown away at the first sign of trouble. */
export class Worker {
  readonly #process: ChildProcess;
  readonly #stdin: Writable | null;
  readonly #decoder = new FrameDecoder();
  #waiting: ((answer: WorkerAnswer) => void) | undefined;
  #lookOut: LookOut | undefined;
  #serverPid: number | undefined;
  #stderr = "";
  #ended: string | undefined;
  #exit: Promise<void>;
  #ending: Promise<void> | undefined;
  readonly #token = randomUUID();
  readonly #finish: () => Promise<void>;
  #isReady = false;
  /** What the server said of itself when it was ready: Python's version, whether system calls are filtered. */
  readonly ready: Promise<WorkerAnswer>;

  constructor(launch: Launch) {
    this.#process = spawn(launch.command, launch.args, {
      stdio: [
        "pipe",
        "pipe",
        "pipe",
        launch.isolated ? "pipe" : "ignore",
        ...launch.files.map(() => "pipe" as const),
      ],
      // bubblewrap gives the server another one.
      env: launch.isolated ? { ...launch.env, ...marked(this.#token) } : launch.env,
    });
    const { end } = launch;
    this.#finish = async () => (end === undefined ? undefined : runEnd(end));
    const { stdin, stdout, stderr, stdio } = this.#process;
    this.#stdin = stdin;
    this.#readServerPid(stdio[3]);
    launch.files.forEach((text, at) => giveFile(stdio[4 + at], text));
    this.#exit = new Promise((resolve) => {
      this.#process.once("close", () => resolve());
    });
    this.#process.once("error", (error) => this.#end(`could not be started: ${error.message}`));
    // What it started and has not let go has our pipes too, which would never close.
    this.#process.once("exit", () => {
      if (launch.isolated && !this.#isReady) killMarked(this.#token);
    });
    this.#process.once("close", (code, signal) => this.#end(`ended (${signal ?? `exit code ${code}`})`));
    stdin?.on("error", () => this.#end("closed its input"));
    stdout?.on("data", (chunk: Buffer) => this.#receive(chunk));
    stderr?.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_CHARS);
    });
    this.ready = this.#answer(START_LIMIT_MS);
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  /**
   * Sends a job and waits for its answer; past `limitMs` the worker is killed and the answer is a failure. `lookOut` sees the lines
   * of a watched job's report as they come.
   */
  ask(
    header: Readonly<Record<string, unknown>>,
    texts: readonly string[],
    limitMs: number,
    lookOut?: LookOut,
  ): Promise<WorkerAnswer> {
    const answer = this.#answer(limitMs);
    this.#lookOut = lookOut;
    if (this.alive) this.#stdin?.write(encodeFrame(header, texts));
    return answer;
  }

  /** Ends the process and everything inside its namespace (bubblewrap's --die-with-parent). */
  async kill(): Promise<void> {
    this.#kill("was killed");
    await Promise.all([this.#exit, this.#ending]);
  }

  /**
   * bubblewrap's --die-with-parent does not reach a server that has changed its user id, and a stopped server does not notice
   * that its pipes were closed. So the server is killed by its own id; its namespace ends with it.
   */
  #kill(reason: string): void {
    if (this.#serverPid !== undefined && this.alive) {
      try {
        process.kill(this.#serverPid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
    this.#process.kill("SIGKILL");
    this.#ending ??= this.#finish();
    this.#end(reason);
  }

  #readServerPid(info: unknown): void {
    if (!(info instanceof Readable)) return;
    info.on("error", () => undefined);
    let text = "";
    info.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      // Not as JSON: whoever is killed while it writes leaves half an object.
      const pid = /"child-pid": (\d+)\D/.exec(text)?.[1];
      if (pid !== undefined) this.#serverPid = Number(pid);
    });
  }

  #answer(limitMs: number): Promise<WorkerAnswer> {
    return new Promise((resolve) => {
      if (this.#ended !== undefined) return resolve({ failure: this.#ended });
      const watchdog = setTimeout(
        () => {
          this.#kill(`did not answer within ${limitMs} ms`);
        },
        Math.min(limitMs, LONGEST_TIMER_MS),
      );
      this.#waiting = (answer) => {
        clearTimeout(watchdog);
        this.#waiting = undefined;
        resolve(answer);
      };
    });
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#decoder.push(chunk)) {
        this.#isReady = true;
        if (frame.header["partial"] === true) this.#look(frame);
        else this.#waiting?.({ frame });
      }
    } catch (error) {
      this.#kill(`sent something that is no frame: ${String(error)}`);
    }
  }

  #look({ header, blobs }: Frame): void {
    const lines = (blobs[0]?.toString("utf8") ?? "").split("\n").slice(0, -1);
    if (this.#lookOut?.(lines) !== true) return;
    this.#lookOut = undefined;
    this.#stdin?.write(encodeFrame({ stop: header["id"] }, []));
  }

  #end(reason: string): void {
    if (this.#ended !== undefined) return;
    const said = this.#stderr.trim();
    this.#ended = `the sandbox worker ${reason}${said === "" ? "" : `; it said: ${said}`}`;
    this.#waiting?.({ failure: this.#ended });
  }
}

/** A file for a process that reads it from a descriptor; one that has ended before is told of by its end. */
function giveFile(stream: unknown, text: string): void {
  if (!(stream instanceof Writable)) return;
  stream.on("error", () => undefined);
  stream.end(text);
}
