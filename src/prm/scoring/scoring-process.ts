import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { FunprmError } from "../../core/errors.ts";
import type {
  ChildMessage,
  LoadMessage,
  ParentMessage,
  ReadyMessage,
  ScoredMessage,
  ScoreMessage,
} from "./protocol.ts";

import { type StandstillOptions, watchForStandstill } from "./standstill.ts";

/** The process ended before it answered; a new one may do better. */
export class ProcessDied extends Error {
  override readonly name = "ProcessDied";
}

/** The end of the child's own output that is kept for a message about its death. */
const KEPT_OUTPUT = 2000;

/** One child process with one ONNX session. It answers one message at a time. */
export class ScoringProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #watch: StandstillOptions;
  #settle: { resolve(message: ChildMessage): void; reject(error: Error): void } | null = null;
  #output = "";
  #death: ProcessDied | null = null;

  constructor(watch: StandstillOptions = {}) {
    this.#watch = watch;
    const child = fork(new URL("./onnx-child.js", import.meta.url), [], {
      serialization: "advanced",
      // The native library writes warnings where it likes; they are kept for a message, never shown.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: [],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-KEPT_OUTPUT);
      });
    }
    child.on("message", (message: ChildMessage) => {
      const settle = this.#settle;
      this.#settle = null;
      settle?.resolve(message);
    });
    this.#exited = new Promise((resolve) => {
      child.on("error", (error) => {
        this.#die(`could not be started or reached: ${error.message}`);
        if (child.pid === undefined) resolve();
      });
      // `close` comes after the last of the child's output.
      child.on("close", (code, signal) => {
        const said = this.#output.trim();
        this.#die(
          `ended with ${signal === null ? `exit code ${code}` : signal}${said === "" ? "" : `; it said: ${said}`}`,
        );
        resolve();
      });
    });
  }

  get alive(): boolean {
    return this.#death === null;
  }

  async load(message: LoadMessage): Promise<ReadyMessage> {
    const answer = await this.#ask(message);
    if (answer.kind !== "ready") throw new Error(`the scoring process answered ${answer.kind} to load`);
    return answer;
  }

  async score(message: ScoreMessage): Promise<ScoredMessage> {
    const answer = await this.#ask(message);
    if (answer.kind !== "scored") throw new Error(`the scoring process answered ${answer.kind} to score`);
    return answer;
  }

  /** Ends the process at once; resolves when it is gone. A pending answer is rejected. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** @throws ProcessDied, or FunprmError("model") for what the child refuses. */
  async #ask(message: ParentMessage): Promise<Exclude<ChildMessage, { kind: "failed" }>> {
    const { pid } = this.#child;
    const endWatch =
      pid === undefined ? () => {} : watchForStandstill(pid, () => this.#giveUp(), this.#watch);
    const answer = await new Promise<ChildMessage>((resolve, reject) => {
      if (this.#death !== null) return reject(this.#death);
      this.#settle = { resolve, reject };
      // A failed send means that the process is going; its `close` says why.
      this.#child.send(message, () => {});
    }).finally(endWatch);
    if (answer.kind === "failed") throw new FunprmError("model", answer.message);
    return answer;
  }

  #giveUp(): void {
    this.#die("did not go on, as if somebody had stopped it, and was ended");
    this.#child.kill("SIGKILL");
  }

  #die(reason: string): void {
    this.#death ??= new ProcessDied(`the scoring process ${reason}`);
    const settle = this.#settle;
    this.#settle = null;
    settle?.reject(this.#death);
  }
}
