// The one door from the benchmarks into the build. modules.json says which module holds what they measure; a file that
// moves is changed there and nowhere else.
// Another build than dist/ is named with --dist FOLDER, or with FUNPRM_DIST for child processes.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const flag = process.argv.indexOf("--dist");
const named = flag < 0 ? process.env["FUNPRM_DIST"] : process.argv[flag + 1];

/** The build under measurement: a folder. */
export const DIST = named === undefined ? fileURLToPath(new URL("../dist", import.meta.url)) : resolve(named);

/** The command of that build, for `node MAIN ...`. */
export const MAIN = `${DIST}/main.js`;

const modules = JSON.parse(readFileSync(new URL("modules.json", import.meta.url), "utf8"));
/** The module of every export that a benchmark measures. */
const moduleOf = new Map(
  Object.entries(modules).flatMap(([path, names]) => names.map((name) => [name, path])),
);

/** Exports of the build by name; only the modules that hold them are loaded. */
export async function open(...names) {
  const found = {};
  for (const name of names) {
    const path = moduleOf.get(name);
    if (path === undefined)
      throw new Error(`benchmarks/modules.json does not say which module exports ${name}`);
    const module = await import(pathToFileURL(`${DIST}/${path}`).href);
    if (!(name in module)) throw new Error(`${DIST}/${path} does not export ${name}`);
    found[name] = module[name];
  }
  return found;
}
