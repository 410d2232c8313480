import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOptions } from "../../src/settings/options.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-options-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function read(flags: Record<string, unknown>): ReturnType<typeof readOptions> {
  const invocation = { args: [], flags, command: "solve", signal: new AbortController().signal };
  return readOptions(invocation, directory, { XDG_CONFIG_HOME: join(directory, ".config") });
}

function config(text: string): void {
  writeFileSync(join(directory, "funprm.toml"), text);
}

/** The user's own file. */
function ownConfig(text: string): void {
  mkdirSync(join(directory, ".config", "funprm"), { recursive: true });
  writeFileSync(join(directory, ".config", "funprm", "funprm.toml"), text);
}

describe("readOptions", () => {
  it("lets a flag win over funprm.toml, and funprm.toml over the default", () => {
    config('samples = 4\naggregate = "min"\nbase-url = "http://127.0.0.1:1/v1"\n');
    const options = read({ samples: "16" });
    expect(options).toMatchObject({
      samples: 16,
      aggregate: "min",
      baseUrl: "http://127.0.0.1:1/v1",
      seed: 0,
    });
  });

  it("finds funprm.toml upward", () => {
    config("samples = 3\n");
    const below = join(directory, "a", "b");
    mkdirSync(below, { recursive: true });
    const invocation = { args: [], flags: {}, command: "solve", signal: new AbortController().signal };
    expect(readOptions(invocation, below).samples).toBe(3);
  });

  it("takes --problem for --problems, but not both", () => {
    expect(read({ problem: "p.json" }).problems).toBe("p.json");
    expect(() => read({ problem: "p.json", problems: "q.json" })).toThrow(/not both/);
  });

  it.each([
    [{ samples: "0" }, /^--samples: expected a number above 0, got "0"\. See funprm solve --help\.$/],
    [{ samples: "many" }, /^--samples: expected a number, got "many"\./],
    [{ samples: "1.5" }, /^--samples: expected a whole number, got "1\.5"\./],
    [{ samples: "" }, /^--samples: expected a number, got ""\./],
    [{ temperature: true }, /^--temperature: expected a number, got true\./],
    [{ quiet: "yes" }, /^--quiet: expected true or false, got "yes"\./],
    [{ aggregate: "median" }, /--aggregate: .*"mean"\|"min".*got "median"/],
    [{ steps: "token" }, /--steps/],
    [
      { baseUrl: "ftp://x" },
      /^--base-url: expected an address that begins with http:\/\/ or https:\/\/, got "ftp/,
    ],
    [{ baseUrl: "127.0.0.1:8000" }, /^--base-url: expected an address that begins with http:\/\//],
    [{ apiKeyEnv: "sk-abc" }, /--api-key-env: expected the name of an environment variable/],
    [{ maxCost: "-1" }, /--max-cost/],
    [{ temperature: "3" }, /--temperature/],
  ])("refuses %j", (flags, message) => {
    expect(() => read(flags)).toThrow(message);
  });

  it("never repeats what was given as the name of the key's variable", () => {
    expect(() => read({ apiKeyEnv: "sk-secret" })).not.toThrow(/secret/);
  });

  it("names the file and the keys it knows when funprm.toml has another", () => {
    config("sample = 4\n");
    expect(() => read({})).toThrow(/funprm\.toml: unknown key "sample"; expected one of .*samples/);
    config("api_key = 'x'\n");
    expect(() => read({})).toThrow(/unknown key "api_key"/);
    config("samples = [\n");
    expect(() => read({})).toThrow(/not readable as TOML/);
    config("samples = -2\n");
    expect(() => read({})).toThrow(/samples in .*funprm\.toml/);
  });

  it("lets a project's funprm.toml win over the user's own, key by key", () => {
    ownConfig("samples = 4\nseed = 7\n");
    config("samples = 5\n");
    expect(read({})).toMatchObject({ samples: 5, seed: 7 });
    ownConfig("seed = 1.5\n");
    expect(() => read({})).toThrow(/seed in .*\.config\/funprm\/funprm\.toml/);
  });

  it.each([
    ["python", "./run-me", "python"],
    ["api-key-env", "AWS_SECRET_ACCESS_KEY", "apiKeyEnv"],
    ["prm", "./prm", "prm"],
    ["base-url", "https://elsewhere.example/v1", "baseUrl"],
    ["base-url", "http://127.0.0.1.elsewhere.example/v1", "baseUrl"],
    ["base-url", "http://localhost@elsewhere.example/v1", "baseUrl"],
    ["store", "/etc", "store"],
    ["store", "samples/../../elsewhere", "store"],
    ["verdicts", "..", "verdicts"],
  ])("takes %s = %j from a flag or the user's own file, not from a folder's", (key, value, option) => {
    config(`${key} = ${JSON.stringify(value)}\n`);
    const refusal = new RegExp(
      `${directory}/funprm.toml: "${key}".* --${key}, .*\\.config/funprm/funprm\\.toml`,
    );
    expect(() => read({})).toThrow(refusal);
    expect(() => read({ samples: "2" })).toThrow(refusal);
    expect(read({ [option]: value })).toMatchObject({ [option]: value });
    config("");
    ownConfig(`${key} = ${JSON.stringify(value)}\n`);
    expect(read({})).toMatchObject({ [option]: value });
  });

  it.each([
    ["base-url", "http://localhost:8000/v1", "baseUrl"],
    ["base-url", "http://[::1]:8000/v1", "baseUrl"],
    ["store", "..samples/mine", "store"],
    ["verdicts", "a/../verdicts", "verdicts"],
  ])("takes %s = %j, which stays here, from a folder's file", (key, value, option) => {
    config(`${key} = ${JSON.stringify(value)}\n`);
    expect(read({})).toMatchObject({ [option]: value });
  });
});
