import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXAMPLE, funprm, TINY_PRM } from "../cli/run-cli.ts";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "funprm-home-"));
});
afterAll(() => rm(home, { recursive: true }));

test("ONNX Runtime keeps no device id in the user's home: its reports to its maker are off", async () => {
  const files = [`${EXAMPLE}candidates.jsonl`, "--problem", `${EXAMPLE}problem.json`];
  const env = { HOME: home, XDG_CACHE_HOME: join(home, "cache"), ORT_DISABLE_TELEMETRY: "" };
  expect(await funprm(["rank", ...files, "--prm", TINY_PRM], { env })).toMatchObject({ code: 0 });
  expect(await readdir(home)).toEqual([]);
});

test("every platform that the package has a library for has its two files in the build", async () => {
  const folder = (path: string): string => fileURLToPath(new URL(`../../${path}/`, import.meta.url));
  const whole = folder("node_modules/onnxruntime-node/bin/napi-v6");
  const files = await readdir(whole, { recursive: true });
  const platforms = files.filter((path) => path.endsWith(".node")).map((path) => join(path, ".."));
  expect(platforms).toContain(join(process.platform, process.arch));
  for (const platform of platforms) {
    const placed = await readdir(join(folder("dist/bundled/onnxruntime"), platform));
    expect({ platform, placed }).toEqual({
      platform,
      placed: [expect.stringMatching(/^(libonnxruntime\.|onnxruntime\.dll)/), "onnxruntime_binding.node"],
    });
  }
});
