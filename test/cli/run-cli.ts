import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** A tiny PRM with random weights: real files, real ONNX Runtime, no learned opinion. */
export const TINY_PRM = fileURLToPath(new URL("../fixtures/prm-encoder-tiny", import.meta.url));
export const EXAMPLE = fileURLToPath(new URL("../../examples/interval-merge/", import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built funprm as a user's shell would; `input` is its stdin. */
export async function funprm(
  args: readonly string[],
  options: {
    readonly input?: string | Buffer;
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    ...(options.signal === undefined ? {} : { signal: options.signal, killSignal: "SIGKILL" }),
  });
  // A command may end before it has read all its input.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const code = await new Promise<number | null>((resolve) => {
    child.on("error", () => {});
    child.on("close", resolve);
  });
  return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

const HOST = fileURLToPath(new URL("cli-host.mjs", import.meta.url));

/** One process that runs many commands, one at a time, where nothing depends on how the process begins and ends. */
export class FunprmHost implements AsyncDisposable {
  readonly #process: ChildProcess = fork(HOST, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  readonly #ended = once(this.#process, "exit");
  #last: Promise<unknown> = Promise.resolve();

  run(
    args: readonly string[],
    options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<CliResult> {
    const result = this.#last.then(async (): Promise<CliResult> => {
      const answered = once(this.#process, "message");
      this.#process.send({ args, cwd: options.cwd, env: options.env ?? {} });
      const died = this.#ended.then(([code]) => {
        throw new Error(`the process ended with ${code} in funprm ${args.join(" ")}`);
      });
      const [answer] = await Promise.race([answered, died]);
      return answer;
    });
    this.#last = result;
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.disconnect();
    await this.#ended;
  }
}

/** The JSON objects of JSON Lines. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
