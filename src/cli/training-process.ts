import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { FunprmError } from "../core/errors.ts";
import type { Options } from "../settings/options.ts";
import { printableFile } from "../console/printable.ts";
import type { Reporter } from "../console/reporter.ts";

/** The Python package next to src/ and dist/; an installed npm package does not have it. */
const TRAINING = fileURLToPath(new URL("../../training", import.meta.url));

/** A path inside training/, such as a configuration. */
export function trainingFile(...parts: readonly string[]): string {
  return join(TRAINING, ...parts);
}

/** A folder by its full path; what is no folder is a hub id, which training reads as it is. */
export function baseArgs(base: string | undefined): string[] {
  if (base === undefined) return [];
  return ["--base", existsSync(base) ? resolve(base) : base];
}

/**
 * Runs a module of training/ and passes its lines to `onLine`; its stderr goes to ours, but under --quiet. The interpreter is
 * training/.venv's unless --python names another.
 *
 * @throws FunprmError `usage` when the package or its interpreter is missing, with the one command that mends it;
 * `model` when the module fails; `interrupted`
 */
export async function runTraining(
  module: string,
  args: readonly string[],
  context: {
    readonly options: Options;
    readonly report: Reporter;
    readonly signal: AbortSignal;
    readonly onLine: (line: string) => void;
  },
): Promise<void> {
  const { options, signal } = context;
  const python = interpreter(options);
  signal.throwIfAborted();
  const child = spawn(python, ["-m", `funprm_training.${module}`, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PYTHONPATH: [trainingFile("src"), process.env["PYTHONPATH"]].filter(Boolean).join(":"),
      // -m would put the working directory first, where a candidate may be named json.py.
      PYTHONSAFEPATH: "1",
    },
  });
  // Ctrl-C reaches the child by itself; a signal to us alone does not.
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  let told = "";
  child.stderr.on("data", (chunk: Buffer) => {
    told = (told + chunk.toString()).slice(-4000);
    if (!options.quiet) process.stderr.write(printableFile(chunk.toString()));
  });
  const ended = new Promise<readonly [number | null, string | null]>((resolve, reject) => {
    child.once("error", (cause) => {
      reject(new FunprmError("usage", notSetUp(`${python} does not run`), { cause }));
    });
    child.once("close", (code, signalName) => resolve([code, signalName]));
  });
  createInterface({ input: child.stdout }).on("line", context.onLine);
  const [code, signalName] = await ended;
  signal.removeEventListener("abort", stop);
  context.report.clear();
  signal.throwIfAborted();
  if (code === 0) return;
  if (/^ModuleNotFoundError/m.test(told)) {
    throw new FunprmError("usage", notSetUp(`${python} lacks the packages of training/`));
  }
  const how = code === null ? `was ended by ${signalName ?? "a signal"}` : `ended with exit code ${code}`;
  const said = told.trim().split("\n").at(-1) ?? "";
  throw new FunprmError("model", `${module} ${how}${said === "" ? "" : `: ${said}`}`);
}

function interpreter({ python }: Options): string {
  if (!existsSync(trainingFile("pyproject.toml"))) {
    throw new FunprmError(
      "usage",
      "training is not part of the installed package: run this from a checkout of funprm, which has the folder training/",
    );
  }
  // python3 is the default of --python, which is meant for candidates.
  if (python !== "python3") return python;
  const own = trainingFile(".venv", "bin", "python");
  if (!existsSync(own)) throw new FunprmError("usage", notSetUp(`${own} does not exist`));
  return own;
}

function notSetUp(what: string): string {
  return `training is not set up: ${what}. Run training/setup once (it makes training/.venv), or give --python`;
}
