import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { z } from "zod";

const SOURCES = new URL("../../src/", import.meta.url);

const MODULES = new URL("../../benchmarks/modules.json", import.meta.url);
const modules = z.record(z.string(), z.array(z.string())).parse(JSON.parse(readFileSync(MODULES, "utf8")));
const exported = Object.entries(modules).flatMap(([path, names]) =>
  names.map((name) => [name, path] as const),
);

it.each(exported)("benchmarks find %s in %s", (name, path) => {
  const source = readFileSync(fileURLToPath(new URL(path.replace(/\.js$/, ".ts"), SOURCES)), "utf8");
  const declared = new RegExp(`export (?:async )?(?:function\\*? |const |class )${name}\\b`);
  const passedOn = new RegExp(`export \\{[^}]*\\b${name}\\b[^}]*\\} from`);
  expect(declared.test(source) || passedOn.test(source)).toBe(true);
});
