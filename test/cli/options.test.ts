import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOptions } from "../../src/cli/options.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-options-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function read(flags: Record<string, unknown>): ReturnType<typeof readOptions> {
  return readOptions({ args: [], flags, command: "solve", signal: new AbortController().signal }, directory);
}

function config(text: string): void {
  writeFileSync(join(directory, "funprm.toml"), text);
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
    [{ samples: "0" }, /--samples: .*got "0"/],
    [{ samples: "many" }, /--samples/],
    [{ aggregate: "median" }, /--aggregate: .*"mean"\|"min".*got "median"/],
    [{ steps: "token" }, /--steps/],
    [{ baseUrl: "ftp://x" }, /--base-url/],
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
});
