import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { diagnoseSandbox } from "../../../src/sandbox/diagnose.ts";
import { funprm, TINY_PRM } from "../run-cli.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-doctor-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const NO_KEY = { OPENAI_API_KEY: "", OTHER_KEY: "" };
const doctor = (...args: readonly string[]) =>
  funprm(["doctor", "--prm", TINY_PRM, "--api-key-env", "NO_SUCH_KEY", ...args], {
    cwd: directory,
    env: NO_KEY,
  });

it("exits with 0 where only what is optional is missing", async () => {
  const runs = (await diagnoseSandbox()).every(({ ok }) => ok);
  const { code, stdout } = await doctor();
  expect(stdout).toMatch(/^missing LLM API: not set up/m);
  expect(code).toBe(runs ? 0 : 2);
  expect(stdout).toMatch(runs ? /Everything is there that solve needs/ : /To be mended: /);
});

it("exits with 2 and names what solve needs to choose: no bubblewrap, no Python", async () => {
  const { code, stdout } = await funprm(["doctor", "--prm", TINY_PRM], {
    cwd: directory,
    env: { ...NO_KEY, PATH: directory },
  });
  expect(code).toBe(2);
  expect(stdout).toMatch(/^missing bubblewrap: .*needed by solve/m);
  expect(stdout).toMatch(/^missing Python: .*needed by solve/m);
  expect(stdout).toMatch(/^To be mended: bubblewrap, namespaces, Python\.$/m);
});

it.each([
  [["--python", "no-such-python"], "Python"],
  [["--prm", "no-such-folder/"], "PRM"],
])("exits with 2 for what a flag names and is not there: %j", async (flags, name) => {
  const { code, stdout } = await doctor(...flags);
  expect(code).toBe(2);
  expect(stdout).toMatch(new RegExp(`^To be mended: .*${name}`, "m"));
});

it("an API that was named and does not answer as it must is needed", async () => {
  const server = createServer((_, response) => response.writeHead(401).end("no key"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const { code, stdout } = await doctor("--base-url", `http://127.0.0.1:${port}/v1`);
  server.close();
  expect(code).toBe(2);
  expect(stdout).toMatch(/^BROKEN {2}LLM API: .*needed by sampling$/m);
});
