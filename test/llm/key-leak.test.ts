import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { redactor } from "../../src/http/redact.ts";
import { apiError, completion, json, localServer } from "./local-server.ts";
import type { Seen } from "./local-server.ts";

const CHILD = fileURLToPath(new URL("sampling-child.mjs", import.meta.url));
const SECRET = 'sk-proj-Ab"c/0123456789+secret=';

/** Everything a child says, on both outputs, while the most talkative logging of the openai package is asked for. */
function saidBy(options: object, key = SECRET): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, JSON.stringify(options)], {
      env: { ...process.env, LEAK_TEST_KEY: key, OPENAI_LOG: "debug" },
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    }
    child.once("error", reject);
    child.once("close", () => resolve(text));
  });
}

async function filesOf(directory: string): Promise<string> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (file) => `${file}\n${await readFile(file, "utf8")}`));
  return texts.join("\n");
}

const echo = (seen: Seen): string => `you sent ${seen.headers.authorization}`;
const answers: [string, (seen: Seen, response: ServerResponse) => void][] = [
  ["a refusal that quotes it", (seen, response) => apiError(response, 401, echo(seen))],
  ["a server error that quotes it", (seen, response) => apiError(response, 500, echo(seen))],
  [
    "an unknown form that quotes it",
    (seen, response) => json(response, 400, { why: { deep: [echo(seen)] } }),
  ],
  [
    "a page that quotes it",
    (seen, response) => void response.writeHead(200, { "content-type": "text/html" }).end(echo(seen)),
  ],
  [
    "headers that quote it",
    (seen, response) =>
      apiError(
        response,
        400,
        "no",
        {},
        { "x-request-id": encodeURIComponent(echo(seen)), "x-echo": encodeURIComponent(echo(seen)) },
      ),
  ],
  ["a cut connection", (_, response) => void response.destroy()],
  [
    "a reply that quotes it",
    (seen, response) =>
      json(
        response,
        200,
        {
          ...(completion([echo(seen)]) as object),
          model: echo(seen),
          choices: [
            {
              finish_reason: "stop",
              message: { content: echo(seen), refusal: echo(seen), reasoning: echo(seen) },
            },
          ],
        },
        { "x-request-id": encodeURIComponent(echo(seen)) },
      ),
  ],
];

test.each(answers)("the key gets out nowhere: %s", async (_, answer) => {
  const store = await mkdtemp(join(tmpdir(), "funprm-leak-"));
  await using server = await localServer(answer);
  const said = await saidBy({
    baseUrl: server.url,
    apiKeyEnv: "LEAK_TEST_KEY",
    store,
    choices: 1,
    tellProgress: true,
    jobs: [{ problemId: "p", messages: [{ role: "user", content: "hello" }], indices: [0] }],
  });
  const files = await filesOf(store);
  await rm(store, { recursive: true });
  expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${SECRET}`);
  expect(said).toContain('"progress"');
  for (const form of [
    SECRET,
    JSON.stringify(SECRET).slice(1, -1),
    encodeURIComponent(SECRET),
    "0123456789+secret",
  ]) {
    expect(said).not.toContain(form);
    expect(files).not.toContain(form);
  }
});

test.each(["sk-proj-0123\n456789", "sk-proj-0123456789\u2026"])(
  "a key that no header can hold is a usage error that does not show it",
  async (key) => {
    const store = await mkdtemp(join(tmpdir(), "funprm-leak-"));
    await using server = await localServer((_, response) => json(response, 200, completion(["x"])));
    const jobs = [{ problemId: "p", messages: [{ role: "user", content: "hello" }], indices: [0] }];
    const said = await saidBy({ baseUrl: server.url, apiKeyEnv: "LEAK_TEST_KEY", store, jobs }, key);
    await rm(store, { recursive: true });
    expect(said).toContain('"code":"usage"');
    expect(said).not.toContain("sk-proj");
    expect(server.seen).toEqual([]);
  },
);

test("placeholders of local servers are no secrets: the word survives in a program", () => {
  expect(redactor(["EMPTY", "none"])("EMPTY = none")).toBe("EMPTY = none");
  expect(redactor(["long-enough-key"])("x long-enough-key y")).toBe("x [redacted] y");
});
