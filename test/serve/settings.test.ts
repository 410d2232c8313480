import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { serveSettings } from "../../src/serve/settings.ts";
import { readOptions } from "../../src/settings/options.ts";

const { signal } = new AbortController();
const KEY = { FUNPRM_SERVE_KEY: "a-long-enough-key" };

function settings(flags: object, environment: Record<string, string> = {}, directory = "/") {
  const options = readOptions(
    { args: [], flags: { model: "llm", ...flags }, command: "serve", signal },
    directory,
    { XDG_CONFIG_HOME: "/nowhere" },
  );
  return serveSettings(options, environment);
}

it("serves this machine alone unless it is told otherwise", () => {
  expect(settings({})).toMatchObject({
    host: "127.0.0.1",
    port: 8790,
    isLoopback: true,
    clientKey: undefined,
  });
  expect(() => settings({ host: "0.0.0.0" })).toThrow(/--client-key-env, or say that nobody needs one/);
  expect(() => settings({ host: "::" })).toThrow(/--open-to-all/);
  expect(settings({ host: "0.0.0.0", openToAll: true }).isLoopback).toBe(false);
  const closed = settings({ host: "0.0.0.0", clientKeyEnv: "FUNPRM_SERVE_KEY" }, KEY);
  expect(closed.clientKey).toBe(KEY.FUNPRM_SERVE_KEY);
});

it("takes no key that is missing or can be guessed, and shows none", () => {
  expect(() => settings({ clientKeyEnv: "FUNPRM_SERVE_KEY" })).toThrow(/it is not set/);
  const short = () => settings({ clientKeyEnv: "FUNPRM_SERVE_KEY" }, { FUNPRM_SERVE_KEY: "secret" });
  expect(short).toThrow(/it is shorter/);
  expect(short).not.toThrow(/secret/);
  expect(() => settings({ clientKeyEnv: "sk-typed here" })).not.toThrow(/sk-typed/);
  expect(() => settings({ clientKeyEnv: "sk-typed here" })).toThrow(/name of an environment variable/);
});

it("needs a model, and a default within its own bounds", () => {
  expect(() => settings({ model: undefined })).toThrow(/--model/);
  expect(() => settings({ samples: "64" })).toThrow(/-n 64 is more than --max-n 32/);
  expect(settings({ samples: "64", maxN: "64" }).defaultN).toBe(64);
});

it.each([
  ['host = "0.0.0.0"', /"host" cannot be set in a project's file/],
  ['client-key-env = "HOME"', /"client-key-env" cannot be set in a project's file/],
  ["open-to-all = true", /unknown key "open-to-all"/],
])("a folder's own funprm.toml does not open it: %s", (line, message) => {
  const folder = mkdtempSync(join(tmpdir(), "funprm-serve-"));
  writeFileSync(join(folder, "funprm.toml"), `${line}\n`);
  try {
    expect(() => settings({}, {}, folder)).toThrow(message);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
