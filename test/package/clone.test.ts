import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, run } from "./npm.ts";

test("npm knows every key that this folder sets", async () => {
  const { code, stderr } = await run("npm", ["prefix"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

/**
 * npm runs the scripts of the packages that the lock file flags. onnxruntime-node's downloads some hundred megabytes of
 * CUDA libraries, so its flag is taken out; `npm install` may write it again.
 */
test("npm ci runs no script of onnxruntime-node", async () => {
  const lock: unknown = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8"));
  expect(lock).toMatchObject({ packages: { "node_modules/onnxruntime-node": { dev: true } } });
  expect(lock).not.toHaveProperty(["packages", "node_modules/onnxruntime-node", "hasInstallScript"]);
});
