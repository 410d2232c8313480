import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { ExampleTest } from "./example-files.ts";

/** The interpreter itself: a version manager's shim would cost more time than most programs here. */
const PYTHON = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).trim();

/** Runs each program that comes in, a line of JSON, in a fork with a CPU limit: a busy machine must change no verdict. */
const DRIVER = `
import json, os, resource, sys, tempfile, traceback

CPU_LIMIT_S = 1

def run(program):
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
    code = 0
    try:
        exec(compile(program, "program", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

for line in sys.stdin:
    job = json.loads(line)
    files = [tempfile.TemporaryFile() for _ in range(3)]
    files[0].write(job["stdin"].encode())
    files[0].seek(0)
    child = os.fork()
    if child == 0:
        for number, file in enumerate(files):
            os.dup2(file.fileno(), number)
        run(job["program"])
    status = os.waitpid(child, 0)[1]
    texts = []
    for file in files[1:]:
        file.seek(0)
        texts.append(file.read().decode())
        file.close()
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps({"code": code, "stdout": texts[0], "stderr": texts[1]}), flush=True)
`;

const endedSchema = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

/** `pass`, `wrong_answer`, `time_limit`, or the name of the exception that ended the program. */
export type Outcome = string;

/** One Python process that runs many of our own programs. It is no sandbox: this is for programs of examples/ only. */
export class ExamplePython {
  readonly #process: ChildProcessWithoutNullStreams = spawn(PYTHON, ["-I", "-S", "-c", DRIVER]);
  readonly #answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();

  /** The first outcome that is no pass, or `pass`. Calls must not overlap. */
  async runUntilFailure(
    code: string,
    entryPoint: string | undefined,
    tests: readonly ExampleTest[],
  ): Promise<Outcome> {
    for (const test of tests) {
      const outcome = await this.#run(code, entryPoint, test);
      if (outcome !== "pass") return outcome;
    }
    return "pass";
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    if (this.#process.exitCode === null) await once(this.#process, "close");
  }

  async #run(code: string, entryPoint: string | undefined, test: ExampleTest): Promise<Outcome> {
    const stdin = "input" in test ? test.input : JSON.stringify(test.args);
    const call = `import json, sys\nprint(json.dumps(${entryPoint}(*json.loads(sys.stdin.read()))))`;
    const program = "input" in test ? code : `${code}\n${call}\n`;
    this.#process.stdin.write(`${JSON.stringify({ program, stdin })}\n`);
    const { value } = await this.#answers.next();
    const ended = endedSchema.parse(JSON.parse(String(value)));
    // Ended by a signal, which only the CPU limit sends.
    if (ended.code < 0) return "time_limit";
    if (ended.code !== 0) return exceptionOf(ended.stderr);
    return matches(ended.stdout, test) ? "pass" : "wrong_answer";
  }
}

/** The name that the last line of a traceback begins with. */
function exceptionOf(stderr: string): string {
  const last = stderr.slice(stderr.trimEnd().lastIndexOf("\n") + 1);
  return /^(\w+)[^\n]*\s*$/.exec(last)?.[1] ?? stderr;
}

/** stdout line by line without outer blanks; returned values as JSON. */
function matches(stdout: string, test: ExampleTest): boolean {
  if ("input" in test) return trimLines(stdout) === trimLines(test.output);
  return JSON.stringify(JSON.parse(stdout)) === JSON.stringify(test.expected);
}

function trimLines(output: string): string {
  return output
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .join("\n");
}
