/** `init` against real HTTP servers on loopback, each with its own idea of the API. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "smol-toml";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiError, completion, json, type LocalServer, localServer } from "../../llm/local-server.ts";
import { funprm } from "../run-cli.ts";

const KEY = "a-key-that-nobody-may-see";
let folder: string;
let servers: LocalServer[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-init-"));
});
afterEach(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  servers = [];
  rmSync(folder, { recursive: true });
});

interface Habits {
  readonly models?: readonly string[];
  /** Choices to a request at most, however many were asked for. */
  readonly choices?: number;
  readonly logprobs?: boolean;
  readonly completions?: boolean;
  readonly reasoning?: string;
  /** Begins a reply of its own where it is to go on with one. */
  readonly restarts?: boolean;
}

async function server(habits: Habits = {}): Promise<LocalServer> {
  const { models = ["tiny"], choices = 16, logprobs = true, completions = true, restarts = false } = habits;
  const made = await localServer(({ path, body }, response) => {
    if (path === "/v1/models")
      return json(response, 200, { object: "list", data: models.map((id) => ({ id })) });
    if (path === "/v1/completions") {
      if (!completions) return apiError(response, 404, "no such route");
      return json(response, 200, {
        id: "c",
        object: "text_completion",
        model: "tiny",
        choices: [{ index: 0, text: "total)\n", finish_reason: "stop" }],
        usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
      });
    }
    if (body["logprobs"] === true && !logprobs)
      return apiError(response, 400, "logprobs is not supported by this model", { param: "logprobs" });
    const messages = body["messages"];
    const isBegun = Array.isArray(messages) && messages.length > 1;
    const text = isBegun && !restarts ? "total)\n" : "```python\nprint(2 + 3)\n```\n";
    const texts = Array.from({ length: Math.min(Number(body["n"] ?? 1), choices) }, () => text);
    const detail = { content: [{ token: "x", logprob: -0.5, bytes: null, top_logprobs: [] }] };
    const given = texts.map((content, index) => ({
      index,
      message: { role: "assistant", content, reasoning_content: habits.reasoning },
      finish_reason: "stop",
      logprobs: body["logprobs"] === true ? detail : null,
    }));
    json(response, 200, completion(texts, { choices: given }));
  });
  servers.push(made);
  return made;
}

function init(...args: string[]): ReturnType<typeof funprm> {
  const env = { XDG_CONFIG_HOME: join(folder, "home"), OPENAI_API_KEY: "", ROUTER_KEY: KEY };
  return funprm(["init", ...args], { cwd: folder, env });
}

const written = (path = "funprm.toml") => readFileSync(join(folder, path), "utf8");

describe("funprm init", () => {
  it("writes what a project's file may say, with what it found, and the other commands take it", async () => {
    const { url } = await server();
    const result = await init("--base-url", url);
    expect(result).toMatchObject({ code: 0, stdout: "" });
    expect(parse(written())).toEqual({ "base-url": url, model: "tiny" });
    expect(written()).toMatch(
      /# \d+ tokens a second; several samples to a request\n# gives log-probabilities/,
    );
    expect(written()).toContain("goes on with a program that was begun (completions, prefill)");
    writeFileSync(join(folder, "sum.md"), "# Sum\n\nPrint the sum of 2 and 3.\n");
    const sampled = await funprm(["sample", "sum.md", "-n", "2"], { cwd: folder });
    expect(sampled).toMatchObject({ code: 0 });
    expect(sampled.stdout.trim().split("\n")).toHaveLength(2);
  });

  it("says what a server will not do", async () => {
    const { url } = await server({ choices: 1, logprobs: false, completions: false, restarts: true });
    const result = await init("--base-url", url, "--out", "-");
    expect(result.code).toBe(0);
    expect(existsSync(join(folder, "funprm.toml"))).toBe(false);
    expect(result.stdout).toContain("one sample to a request");
    expect(result.stdout).toContain("gives no log-probabilities");
    expect(result.stdout).toContain("goes on with no program that was begun: collect needs --policy pool");
    expect(result.stdout).toMatch(/logprobs/);
    expect(parse(result.stdout)).toEqual({ "base-url": url, model: "tiny" });
  });

  it("sees a model that thinks", async () => {
    const { url } = await server({ reasoning: "Two and three." });
    expect((await init("--base-url", url, "--out", "-")).stdout).toContain("# thinks before it answers\n");
  });

  it("asks which of several models is meant, and takes one by its name", async () => {
    const { url } = await server({ models: ["small", "large"] });
    const which = await init("--base-url", url);
    expect(which).toMatchObject({ code: 2 });
    expect(which.stderr).toContain("one of small, large: name one with --model");
    const wrong = await init("--base-url", url, "--model", "largest");
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain("--model largest: expected a model of the API, one of small, large");
    expect(await init("--base-url", url, "--model", "large")).toMatchObject({ code: 0 });
    expect(parse(written())).toMatchObject({ model: "large" });
  });

  it("writes over nothing that is there unless it is told to", async () => {
    const { url, seen } = await server();
    writeFileSync(join(folder, "funprm.toml"), 'model = "mine"\n');
    const refused = await init("--base-url", url, "--model", "tiny");
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain("--replace writes over it");
    expect(written()).toBe('model = "mine"\n');
    // Nothing was paid for.
    expect(seen.every(({ path }) => path === "/v1/models")).toBe(true);
    expect(await init("--base-url", url, "--model", "tiny", "--replace")).toMatchObject({ code: 0 });
    expect(parse(written())).toMatchObject({ model: "tiny" });
  });

  it("puts the name of a key into the user's own file, and the key nowhere", async () => {
    const { url, seen } = await server();
    const result = await init("--base-url", url, "--api-key-env", "ROUTER_KEY");
    expect(result).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, "funprm.toml"))).toBe(false);
    const own = written(join("home", "funprm", "funprm.toml"));
    expect(parse(own)).toEqual({ "base-url": url, model: "tiny", "api-key-env": "ROUTER_KEY" });
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(own + result.stdout + result.stderr).not.toContain(KEY);
  });

  it("says what does not answer, without the key", async () => {
    const refusing = await localServer((_, response) => apiError(response, 401, `wrong key ${KEY}`));
    servers.push(refusing);
    const result = await init("--base-url", refusing.url, "--api-key-env", "ROUTER_KEY");
    expect(result.code).toBe(4);
    expect(result.stderr).toMatch(/does not list its models: 401 wrong key \S+/);
    expect(result.stderr).not.toContain(KEY);
  });
});
