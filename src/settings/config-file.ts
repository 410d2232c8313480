import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, normalize, resolve } from "node:path";
import { parse as parseToml } from "smol-toml";
import { FunprmError } from "../core/errors.ts";
import { readSmallFile } from "../files/small-file.ts";
import { FLAGS } from "../cli/flags.ts";

export const CONFIG_NAME = "funprm.toml";

export interface Config {
  /** By the options' names. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The file that an option comes from. */
  readonly source: ReadonlyMap<string, string>;
  /** Options that a project's file may not set so, with what to say when no flag says otherwise. */
  readonly refused: ReadonlyMap<string, FunprmError>;
}

/** One-off inputs and outputs, and what must be said each time, have no place in a file that is shared and committed. */
const NOT_IN_CONFIG: ReadonlySet<string> = new Set([
  "out",
  "best",
  "explain",
  "jsonl",
  "candidates",
  "pool",
  "resume",
  "shard",
  "shards",
  "compact",
  "replace",
  "unsafe",
  "open-to-all",
  "run",
  "name",
]);

/**
 * Why a project's file may not set a key to a value; undefined: it may. The working directory may be somebody else's, a
 * repository or an archive: what lies there must not run code, send keys or programs elsewhere or write outside.
 */
const REFUSED_IN_PROJECT: ReadonlyMap<string, (value: unknown) => string | undefined> = new Map([
  ["python", () => "it names a program that runs with your rights"],
  ["api-key-env", () => "it says which of your secrets is sent"],
  ["prm", () => "the folder may name a server, which gets statements, programs and your key"],
  [
    "base-url",
    (url) =>
      isLoopback(url)
        ? undefined
        : "the server would get your API key; only one on this machine is allowed there",
  ],
  ["host", (host) => (isOwnAddress(host) ? undefined : "it would let other machines ask at your expense")],
  ["client-key-env", () => "it says which of your secrets lets clients in"],
  ["store", writesOutside],
  ["verdicts", writesOutside],
]);

/** Where the user's own file is, or would be. */
export function ownConfigPath(environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment["XDG_CONFIG_HOME"] ?? "";
  return join(isAbsolute(home) ? home : join(homedir(), ".config"), "funprm", CONFIG_NAME);
}

/** Whether a project's file may set a key to a value. */
export function isAllowedInProject(key: string, value: unknown): boolean {
  return REFUSED_IN_PROJECT.get(key)?.(value) === undefined;
}

/** The user's own file, and the nearest one from `directory` upward, which wins. */
export function readConfig(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const own = ownConfigPath(environment);
  const project = findUpward(resolve(directory));
  const values: Record<string, unknown> = {};
  const source = new Map<string, string>();
  const refused = new Map<string, FunprmError>();
  const take = (path: string): void => {
    for (const [key, value] of Object.entries(readTable(path))) {
      const reason = path === own ? undefined : REFUSED_IN_PROJECT.get(key)?.(value);
      if (reason !== undefined) {
        const message = `${path}: "${key}" cannot be set in a project's file, since ${reason}. Give --${key}, or set it in ${own}`;
        refused.set(camel(key), new FunprmError("usage", message));
      }
      values[camel(key)] = value;
      source.set(camel(key), path);
    }
  };
  if (existsSync(own)) take(own);
  if (project !== undefined && project !== own) take(project);
  return { values, source, refused };
}

/** The file's keys, all of them known. */
function readTable(path: string): Readonly<Record<string, unknown>> {
  let table: Record<string, unknown>;
  try {
    table = parseToml(readSmallFile(path).toString("utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FunprmError("usage", `${path}: not readable as TOML: ${reason}`, { cause: error });
  }
  for (const key of Object.keys(table)) {
    if (Object.hasOwn(FLAGS, key) && !NOT_IN_CONFIG.has(key)) continue;
    const known = Object.keys(FLAGS).filter((name) => !NOT_IN_CONFIG.has(name));
    throw new FunprmError("usage", `${path}: unknown key "${key}"; expected one of ${known.join(", ")}`);
  }
  return table;
}

function findUpward(directory: string): string | undefined {
  const path = join(directory, CONFIG_NAME);
  if (existsSync(path)) return path;
  const parent = dirname(directory);
  return parent === directory ? undefined : findUpward(parent);
}

function isLoopback(url: unknown): boolean {
  if (typeof url !== "string" || !URL.canParse(url)) return false;
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

function isOwnAddress(host: unknown): boolean {
  return typeof host === "string" && /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
}

function writesOutside(path: unknown): string | undefined {
  if (typeof path === "string" && !isAbsolute(path) && !/^\.\.(\/|$)/.test(normalize(path))) return undefined;
  return "it writes outside of the working directory";
}

function camel(key: string): string {
  return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
