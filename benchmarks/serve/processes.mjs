// `funprm replay` and `funprm serve` as processes of their own, as their users run them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { MAIN } from "../door.mjs";

/** Starts a command that prints its address; `said` is its stderr. */
async function started(args) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const [line] = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  if (child.exitCode !== null) throw new Error(`funprm ${args.join(" ")}: ${said}`);
  return {
    url: String(line).trim(),
    pid: child.pid,
    said: () => said,
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** A recorded pool behind `serve`; `stop` ends both. */
export async function serveReplayed({ candidates, problems, args = [] }) {
  const upstream = await started(["replay", candidates, "--problems", problems, "--cycle", "--quiet"]);
  const server = await started([
    "serve",
    "--model",
    "replay",
    "--base-url",
    upstream.url,
    "--port",
    "0",
    ...args,
  ]);
  return {
    upstream: upstream.url,
    url: server.url,
    pid: server.pid,
    said: server.said,
    async stop() {
      await server.stop();
      await upstream.stop();
    },
  };
}
