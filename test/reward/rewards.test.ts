import { expect, it } from "vitest";
import type { Scorer } from "../../src/core/scorer.ts";
import { Rewards } from "../../src/reward/rewards.ts";
import type { RunOptions, RunResult, Sandbox } from "../../src/sandbox/sandbox.ts";
import { FakeSandbox } from "../sandbox/fake-sandbox.ts";
import { DOUBLE } from "./server/problems.ts";

const PROGRAM = "n = int(input())\n# 😀 why\nprint(2 * n)\n";
/** A PRM that gives 3/4 to every step, and says what it was asked. */
function scorer() {
  const batches: number[] = [];
  const made: Scorer = {
    identity: { name: "three quarters", sha256: "0", defaultAggregate: "mean", stepSize: "line" },
    async score(requests) {
      batches.push(requests.length);
      const none = { truncatedTokens: 0, truncatedCodeTokens: 0 };
      return requests.map(({ steps }) => ({ rewards: steps.map(() => 0.75), ...none }));
    },
    usage: { tokens: 0, programs: 0 },
    async close() {},
  };
  return { batches, scorer: made };
}
/** Every program answers 2: right for the input 1 alone. */
const says2 = () => ({ stdout: "2\n" });
const sandbox = () => new FakeSandbox(new Map([PROGRAM, PROGRAM.trimEnd()].map((code) => [code, says2])));

it("shapes by tests and PRM, at characters of the text that was sent", async () => {
  const { scorer: prm } = scorer();
  const rewards = await Rewards.open({ problems: [DOUBLE], sandbox: sandbox(), scorer: prm });
  const completion = `😀 So:\n\`\`\`python\n${PROGRAM}\`\`\`\n`;
  const request = { shape: "psgpo", prm: true, outcome: "share", items: [{ problem: "double", completion }] };
  const [answer] = await rewards.answer(request);
  // Two lines of code; R = 2 * 0.75 - 1; one of four tests passes.
  const ofLine = (0.25 * 0.5) / 2;
  expect(answer).toMatchObject({ passed: false, share: 0.25, reward: 0.25 + 2 * ofLine });
  expect(answer?.shaped).toEqual({ lambda: 0.25, lines: 2, terminal: 0.25, total: 0.25 + 2 * ofLine });
  expect(answer?.steps.map(({ shaped, code, reward }) => [shaped, code, reward])).toEqual([
    [ofLine, true, 0.75],
    [0, false, 0.75],
    [ofLine, true, 0.75],
  ]);
  const characters = Array.from(completion);
  const texts = answer?.steps.map(({ start, end }) => characters.slice(start ?? 0, end ?? 0).join(""));
  expect(texts?.join("").trimEnd()).toBe(PROGRAM.trimEnd());
});

it("takes line rewards of the caller in place of the PRM's", async () => {
  const rewards = await Rewards.open({ problems: [DOUBLE], sandbox: sandbox() });
  const item = { problem: "double", program: PROGRAM, line_rewards: [1, 1, -1] };
  const [answer] = await rewards.answer({ shape: "psgpo", items: [item] });
  expect(answer?.steps.map(({ shaped }) => shaped)).toEqual([0.125, 0, -0.125]);
  expect(answer?.reward).toBe(0);
});

it("asks the PRM for the programs of a request together", async () => {
  const { scorer: prm, batches } = scorer();
  const rewards = await Rewards.open({ problems: [DOUBLE], sandbox: sandbox(), scorer: prm });
  const items = Array.from({ length: 5 }, (_, at) => ({ problem: "double", program: `x = ${at}\n` }));
  await rewards.answer({ prm: true, items });
  expect(batches).toEqual([5]);
});

it("runs equal programs once, and what could not be judged again", async () => {
  const fake = sandbox();
  const rewards = await Rewards.open({ problems: [DOUBLE], sandbox: fake });
  const items = [1, 2, 3].map(() => ({ problem: "double", program: PROGRAM }));
  await rewards.answer({ items });
  await rewards.answer({ items });
  expect(fake.ran).toHaveLength(4);
  let broken = true;
  const failing: Sandbox = {
    identity: "failing",
    jobs: 1,
    run: async (...args) => {
      const result = await fake.run(...args);
      return broken ? { ...result, status: "infra", cause: "no room" } : result;
    },
    close: async () => {},
  };
  const again = await Rewards.open({ problems: [DOUBLE], sandbox: failing });
  const [unscorable] = await again.answer({ items: items.slice(0, 1) });
  expect(unscorable).toMatchObject({ passed: null, reward: null, unscorable: { reason: "no room" } });
  broken = false;
  const [judged] = await again.answer({ items: items.slice(0, 1) });
  expect(judged).toMatchObject({ passed: false, share: 0.25 });
});

it("drops what nobody waits for: programs under way end, and those in line never begin", async () => {
  const begun: string[] = [];
  const endless: Sandbox = {
    identity: "endless",
    jobs: 2,
    run: (job, options: RunOptions = {}) =>
      new Promise<RunResult>((_, reject) => {
        begun.push(job.code);
        options.signal?.addEventListener("abort", () => reject(new Error("ended")), { once: true });
      }),
    close: async () => {},
  };
  const rewards = await Rewards.open({ problems: [DOUBLE], sandbox: endless });
  const going = new AbortController();
  const items = Array.from({ length: 50 }, (_, at) => ({ problem: "double", program: `x = ${at}\n` }));
  const answer = rewards.answer({ items }, { signal: going.signal });
  while (begun.length < 3) await new Promise((resolve) => setImmediate(resolve));
  going.abort(new Error("the client went"));
  await expect(answer).rejects.toThrow("the client went");
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  // One more than the workers is under way, so that none waits.
  expect(begun).toHaveLength(3);
});
