import { once } from "node:events";
import { join } from "node:path";
import { withOutput } from "../../console/output.ts";
import { createReporter, type Reporter } from "../../console/reporter.ts";
import { EXIT_CODE, FunprmError } from "../../core/errors.ts";
import { listen } from "../../http/server/listen.ts";
import { readWish } from "../../reward/item.ts";
import { rewardLines } from "../../reward/jsonl.ts";
import { Rewards } from "../../reward/rewards.ts";
import { createApp } from "../../reward/server/app.ts";
import { rewardSettings } from "../../reward/server/settings.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import { type Options, readOptions } from "../../settings/options.ts";
import { VERSION } from "../../settings/version.ts";
import { type OpenPrm, withPrm } from "../../solve/open-prm.ts";
import type { Invocation } from "../command.ts";
import { refuseProblemsFromStdin } from "../stdin-once.ts";

/** Milliseconds that requests under way get when the server is to stop: service managers kill after ten seconds. */
const GRACE_MS = 8000;

export async function run(invocation: Invocation): Promise<number> {
  const { signal, args } = invocation;
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  if (args.length > 0 && !options.jsonl) {
    throw new FunprmError("usage", "reward reads a file of items with --jsonl; as a server it takes none");
  }
  refuseProblemsFromStdin("reward", [options.problems]);
  if (options.unsafe)
    report.warn("--unsafe: programs run with all your rights; they can read and delete your files");
  if (options.prm === undefined) return withRewards(options, undefined, body);
  return withPrm(options, report, signal, (prm) => withRewards(options, prm, body));

  function body(rewards: Rewards, by: Readonly<Record<string, unknown>>): Promise<number> {
    return options.jsonl
      ? answerLines(args[0] ?? "-", rewards, options, report, signal)
      : serve(rewards, by, options, report, signal);
  }
}

async function withRewards(
  options: Options,
  prm: OpenPrm | undefined,
  body: (rewards: Rewards, by: Readonly<Record<string, unknown>>) => Promise<number>,
): Promise<number> {
  const sandbox = await openSandbox({
    python: options.python,
    unsafe: options.unsafe,
    ...(options.jobs !== undefined && { jobs: options.jobs }),
  });
  try {
    const rewards = await Rewards.open({
      sandbox,
      ...(options.problems !== undefined && { problems: options.problems }),
      ...(prm !== undefined && { scorer: prm.scoring.scorer }),
      grade: {
        memoryBytes: options.memory * 2 ** 20,
        cacheFolder: join(".funprm", "references"),
        ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
      },
    });
    try {
      const { prm: name, prm_sha256 } = prm?.by ?? {};
      return await body(rewards, {
        funprm: VERSION,
        sandbox: sandbox.identity,
        ...(name !== undefined && { prm: name, prm_sha256 }),
      });
    } finally {
      await rewards.close();
    }
  } finally {
    await sandbox.close();
  }
}

async function serve(
  rewards: Rewards,
  by: Readonly<Record<string, unknown>>,
  options: Options,
  report: Reporter,
  signal: AbortSignal,
): Promise<number> {
  const settings = rewardSettings(options);
  const server = await listen(settings, (ending) => createApp({ settings, rewards, report, by }, ending));
  process.stdout.write(`${server.url}/reward\n`);
  const problems = options.problems ?? "none: requests bring their own";
  report.note(`rewards from the tests of ${problems}; Ctrl-C stops`);
  if (!signal.aborted) await once(signal, "abort");
  await server.stop(GRACE_MS);
  return 0;
}

async function answerLines(
  source: string,
  rewards: Rewards,
  options: Options,
  report: Reporter,
  signal: AbortSignal,
): Promise<number> {
  const wish = readWish({
    steps: options.shape === undefined ? options.steps : "line",
    prm: options.prm !== undefined,
    outcome: options.outcome,
    ...(options.shape !== undefined && { shape: options.shape }),
  });
  let done = 0;
  let unscorable = 0;
  let reason: string | undefined;
  await withOutput(options.out, async (output) => {
    for await (const record of rewardLines(source, rewards, wish, signal)) {
      await output.write(`${JSON.stringify(record)}\n`);
      if (record.passed === null) {
        unscorable += 1;
        reason ??= record.unscorable?.reason;
      }
      report.progress("rewarded", (done += 1));
    }
  });
  report.clear();
  if (unscorable === 0) return 0;
  report.error(`${unscorable} of ${done} programs could not be judged; the first: ${reason}`);
  return EXIT_CODE.grading;
}
