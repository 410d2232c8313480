import type { Reporter } from "../../../src/console/reporter.ts";
import type { Problem } from "../../../src/core/problem.ts";
import type { Scorer } from "../../../src/core/scorer.ts";
import { listen, type RunningServer } from "../../../src/http/server/listen.ts";
import { Rewards } from "../../../src/reward/rewards.ts";
import { createApp } from "../../../src/reward/server/app.ts";
import { rewardSettings } from "../../../src/reward/server/settings.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { readOptions } from "../../../src/settings/options.ts";

export interface Rewarding extends AsyncDisposable {
  /** Where rewards are asked for. */
  readonly url: string;
  readonly server: RunningServer;
  /** What it said on stderr. */
  readonly said: readonly string[];
  /** Programs that it holds. */
  held(): Promise<number>;
  post(body: unknown, options?: PostOptions): Promise<Response>;
}

interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly path?: string;
}

export const CLIENT_KEY = "sk-clients-0123456789";

/** A reward server in this process, with the sandbox and the problems of a test. */
export async function rewarding(
  sandbox: Sandbox,
  problems: readonly Problem[],
  options: {
    readonly flags?: Readonly<Record<string, unknown>>;
    readonly scorer?: Scorer;
    /** CPU time of a test. */
    readonly timeoutMs?: number;
  } = {},
): Promise<Rewarding> {
  const { signal } = new AbortController();
  const flags = { port: "0", ...options.flags };
  const settings = rewardSettings(readOptions({ args: [], flags, command: "reward", signal }, "/", {}), {
    CLIENT_KEY,
  });
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  const report: Reporter = { note: say, warn: say, error: say, progress() {}, clear() {} };
  const { scorer, timeoutMs = 10_000 } = options;
  const grade = { timeoutMs };
  const rewards = await Rewards.open({
    sandbox,
    problems,
    grade,
    ...(scorer !== undefined && { scorer }),
  });
  const by = { funprm: "test", sandbox: sandbox.identity };
  const server = await listen(settings, (ending) => createApp({ settings, rewards, report, by }, ending));
  const root = server.url.replace(/\/v1$/, "");
  return {
    url: `${server.url}/reward`,
    server,
    said,
    async held() {
      const health = await fetch(`${root}/healthz`);
      return JSON.parse(await health.text()).programs;
    },
    post: (body, { headers, signal: until, path = "" } = {}) =>
      fetch(`${server.url}/reward${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...(until !== undefined && { signal: until }),
      }),
    async [Symbol.asyncDispose]() {
      await server.stop(0);
      await rewards.close();
    },
  };
}

/** Waits until something is so; a test that waits in vain ends with its time. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}
