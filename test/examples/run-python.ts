import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { ExampleTest } from "./example-files.ts";

/** The interpreter itself: a version manager's shim would cost more time than most programs here. */
const PYTHON = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).trim();

/** CPU seconds, not wall time: a busy machine must not change a verdict. */
const CPU_LIMIT_S = 2;

/** `pass`, `wrong_answer`, `time_limit`, or the name of the exception that ended the program. */
export type Outcome = string;

/**
 * Runs one of our own programs on one test in a Python process with a CPU limit. There is no sandbox: this is for
 * programs of examples/ only.
 */
export async function runExampleTest(
  code: string,
  entryPoint: string | undefined,
  test: ExampleTest,
): Promise<Outcome> {
  const stdin = "input" in test ? test.input : JSON.stringify(test.args);
  const call = `import json, sys\nprint(json.dumps(${entryPoint}(*json.loads(sys.stdin.read()))))`;
  const program = "input" in test ? code : `${code}\n${call}\n`;
  const child = spawn("sh", ["-c", `ulimit -t ${CPU_LIMIT_S} && exec "$0" -I -S -c "$1"`, PYTHON, program]);
  // A program may end before it has read its input; its verdict does not depend on the unread rest.
  child.stdin.on("error", () => undefined).end(stdin);
  const [stdout, stderr, [exitCode, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (signal === "SIGKILL" || signal === "SIGXCPU") return "time_limit";
  if (exitCode !== 0)
    return /^(\w+)[^\n]*\s*$/.exec(stderr.slice(stderr.trimEnd().lastIndexOf("\n") + 1))?.[1] ?? stderr;
  return matches(stdout, test) ? "pass" : "wrong_answer";
}

/** The first outcome that is no pass, or `pass`. */
export async function runUntilFailure(
  code: string,
  entryPoint: string | undefined,
  tests: readonly ExampleTest[],
): Promise<Outcome> {
  for (const test of tests) {
    const outcome = await runExampleTest(code, entryPoint, test);
    if (outcome !== "pass") return outcome;
  }
  return "pass";
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
