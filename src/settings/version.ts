import { readFileSync } from "node:fs";
import { z } from "zod";

/** funprm's own version, part of every result. */
export const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))).version;
