// A CPython process that answers about its own parser, one JSON line for one JSON line.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("ast_boundaries.py", import.meta.url));

export class PythonAst {
  #process;
  #lines;

  constructor(python) {
    this.#process = spawn(python, [SCRIPT], { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Functions of every program, in order: `{ok, functions: [kind, name, endLine][]}`. */
  async *boundaries(programs) {
    // A few requests ahead keep both processes busy; more would fill the pipe.
    const pending = [];
    for await (const program of programs) {
      this.#send({ code: program.code });
      pending.push(program);
      if (pending.length >= 16) yield { program: pending.shift(), ...(await this.#receive()) };
    }
    for (const program of pending) yield { program, ...(await this.#receive()) };
  }

  async *libraryFiles() {
    this.#send({ files: true });
    for (let file = await this.#receive(); !file.done; file = await this.#receive()) {
      yield { id: file.path, code: file.code };
    }
  }

  async load(programs) {
    this.#send({ load: programs });
    await this.#receive();
  }

  async secondsToParse() {
    this.#send({ time: true });
    return (await this.#receive()).seconds;
  }

  close() {
    this.#process.stdin.end();
  }

  #send(request) {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
  }

  async #receive() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("The Python process ended early.");
    return JSON.parse(value);
  }
}
