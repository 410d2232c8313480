import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { FunprmError } from "../core/errors.ts";

/** A Python that runs candidates. */
export interface Interpreter {
  /** The real executable, behind the shims of version managers. */
  readonly executable: string;
  /** `3.11.7` */
  readonly version: string;
  /** Folders it needs to see: its prefix, a virtual environment's base, its library folders. */
  readonly folders: readonly string[];
  /** Where it looks for modules, with what .pth files and virtual environments add. */
  readonly path: readonly string[];
  readonly prefix: string;
  /** Its version, machine and installed libraries as one short text: programs run the same wherever it is the same. */
  readonly fingerprint: string;
}

const answerSchema = z.object({
  executable: z.string(),
  version: z.string(),
  folders: z.array(z.string()),
  path: z.array(z.string()),
  prefix: z.string(),
  machine: z.string(),
  libraries: z.array(z.string()),
});

const OLDEST = [3, 8] as const;

/** Forgets the working directory before it imports anything: it may hold candidates, one of them named json.py. */
const QUESTION = `
import sys
sys.path[:] = [folder for folder in sys.path if folder]
import json
import platform
from importlib import metadata
print(json.dumps({
    "executable": sys.executable,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "path": sys.path,
    "prefix": sys.prefix,
    "machine": platform.machine(),
    "libraries": sorted({"%s==%s" % (found.metadata["Name"], found.version) for found in metadata.distributions()}),
    "folders": [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, *sys.path],
}))
`;

/**
 * Asks a Python about itself. It is asked once: a version manager's shim costs 60 to 130 ms a start.
 * @param command a path or a name on PATH, such as `python3` or `venv/bin/python`
 * @throws FunprmError `usage` when it does not run or is older than 3.8
 */
export async function resolveInterpreter(command: string): Promise<Interpreter> {
  const found = await askInterpreter(command, [], command);
  return { ...found, folders: wholeFolders(found.folders, found.executable) };
}

/**
 * The same for a Python that a command starts which gets `args` before Python's own; its folders are named as they are there,
 * wherever that is.
 * @param name what a message calls it
 */
export async function askInterpreter(
  command: string,
  args: readonly string[],
  name: string,
): Promise<Interpreter> {
  let answer: z.infer<typeof answerSchema>;
  try {
    const asked = [...args, "-E", "-c", QUESTION];
    const { stdout } = await promisify(execFile)(command, asked, { timeout: 30_000 });
    answer = answerSchema.parse(JSON.parse(stdout));
  } catch (cause) {
    throw new FunprmError(
      "usage",
      `expected a Python interpreter at ${name}, but it did not run. Install Python 3.8 or newer, or name one with --python PATH.`,
      { cause },
    );
  }
  const [major = 0, minor = 0] = answer.version.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new FunprmError(
      "usage",
      `expected Python 3.8 or newer, ${name} is ${answer.version}. Name another one with --python PATH.`,
    );
  }
  // A virtual environment's executable is a link and must stay one: Python finds the environment by it.
  const executable = resolve(answer.executable);
  const folders = absolute(answer.folders);
  const { version, machine, libraries } = answer;
  const digest = createHash("sha256").update(libraries.join("\n")).digest("hex").slice(0, 12);
  return {
    executable,
    version,
    folders,
    path: absolute(answer.path),
    prefix: resolve(answer.prefix),
    fingerprint: `Python ${version} ${machine}, libraries ${digest}`,
  };
}

/** How a sandbox names itself and what it depends on. */
export function described(
  name: string,
  isolation: string,
  { version, fingerprint }: Interpreter,
): { readonly identity: string; readonly fingerprint: string } {
  return { identity: `${name}, Python ${version}`, fingerprint: `${isolation}, ${fingerprint}` };
}

function absolute(folders: readonly string[]): string[] {
  return folders.filter((folder) => folder.startsWith("/")).map((folder) => resolve(folder));
}

/** The folders that exist, without those inside others; a symbolic link brings its target along. */
function wholeFolders(candidates: readonly string[], executable: string): string[] {
  const named = candidates.filter((folder) => existsSync(folder));
  const real = [...named, executable].map((path) => realpathSync(path));
  const executableFolder = (real.at(-1) ?? "").replace(/\/[^/]*$/, "");
  const all = [...new Set([...named, ...real.slice(0, -1), executableFolder])].filter((path) => path !== "/");
  return all.filter((path) => !all.some((other) => other !== path && path.startsWith(`${other}/`)));
}
