import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The files of a store's loose entries. */
export function looseFiles(store: string): string[] {
  return readdirSync(join(store, "loose"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.includes("/"))
    .map((name) => join(store, "loose", name));
}
