import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Problem } from "../../src/core/problem.ts";
import { openAiLlm } from "../../src/llm/openai-client.ts";
import { parseFault } from "../../src/replay/fault.ts";
import { type ReplayExchange, startReplayServer } from "../../src/replay/server.ts";
import { SampleStore } from "../../src/llm/store/store.ts";
import { apiPolicy } from "../../src/rollout/api-policy.ts";
import { collectRewards, type CollectOptions } from "../../src/rollout/collect.ts";
import { keptProgram } from "../../src/rollout/kept-prefix.ts";
import { outlineOf } from "../../src/rollout/outline.ts";
import type { RolloutPolicy } from "../../src/rollout/policy.ts";
import { donorsOf, poolPolicy } from "../../src/rollout/pool-policy.ts";
import { stepRewardLines } from "../../src/rollout/reward-records.ts";
import { replayContinuations } from "../../src/rollout/replayed.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import { storedOutcomes } from "../../src/solve/open-verdicts.ts";
import { EntryStore } from "../../src/store/entry-store.ts";
import { looseFiles } from "../store/loose-files.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { loadPythonParser } from "../../src/steps/index.ts";
import { COUNTER, counter } from "./programs.ts";

const POOL = [
  counter(),
  counter({ add: "self.total -= n" }),
  counter({ double: "self.total += 2" }),
  counter({ double: "self.total = 2 * self.total" }),
  counter({ double: "self.total **= 3" }),
];
const sourcesOf = (codes: readonly string[]) =>
  codes.map((code, sampleIndex) => ({
    candidate: { problemId: COUNTER.id, code, sampleIndex, warnings: [], extra: {} },
    outline: outlineOf(code),
  }));

let sandbox: Sandbox;
let folder: string;
let runs: number;
beforeAll(async () => {
  await loadPythonParser();
  sandbox = await openSandbox({ jobs: 2 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-collect-"));
  runs = 0;
});
afterEach(() => rm(folder, { recursive: true }));

/** What measuring the machine's speed takes. */
const REFERENCE_RUNS = 3;

async function collect(
  policy: RolloutPolicy,
  more: Omit<Partial<CollectOptions>, "sandbox"> & { codes?: string[]; sandbox?: Partial<Sandbox> } = {},
) {
  const store = await EntryStore.open(join(folder, "verdicts"));
  const counting: Sandbox = {
    ...sandbox,
    identity: sandbox.identity,
    jobs: sandbox.jobs,
    ...more.sandbox,
    run: (...args) => {
      runs += 1;
      return sandbox.run(...args);
    },
  };
  const lookup = more.lookup ?? (async (): Promise<Problem> => COUNTER);
  const grade = { timeoutMs: 5_000, ...more.grade };
  const signal = new AbortController().signal;
  try {
    const known = await storedOutcomes(store, { lookup, sandbox: counting, grade, signal });
    runs -= REFERENCE_RUNS;
    return await collectRewards(sourcesOf(more.codes ?? POOL), {
      policy,
      rollouts: 16,
      ...more,
      lookup,
      sandbox: counting,
      grade: { ...grade, known },
    });
  } finally {
    await store.close();
  }
}
const pool = () => poolPolicy(new Map([[COUNTER.id, donorsOf(POOL.map(outlineOf))]]), 0);
const shares = (programs: Awaited<ReturnType<typeof collect>>) =>
  programs.map(({ tallies }) => tallies.map(({ k, K }) => `${k}/${K}`).join(" "));

describe("recombined programs", () => {
  test("a prefix has the share of completions that pass, a program its own verdict", async () => {
    const programs = await collect(pool());
    // Step 1 is __init__, which all share and which is therefore completed once; step 2 is add, and a wrong one ruins
    // every completion. All but the last program double a total of 2 rightly.
    expect(shares(programs)).toEqual(["2/4 3/4", "2/4 0/4", "2/4 3/4", "2/4 3/4", "2/4 3/4"]);
    expect(programs.map(({ passed }) => passed)).toEqual([true, false, true, true, false]);
  });

  test("a second run, a larger K and a run one of whose verdicts was lost grade only what is new", async () => {
    const small = await collect(pool(), { rollouts: 1 });
    const first = runs;
    expect(shares(await collect(pool(), { rollouts: 1 }))).toEqual(shares(small));
    expect(runs).toBe(first);
    const grown = await collect(pool());
    expect(runs).toBeGreaterThan(first);
    const all = runs;
    const [lost = ""] = looseFiles(join(folder, "verdicts"));
    await rm(lost);
    expect(shares(await collect(pool()))).toEqual(shares(grown));
    expect(runs).toBeGreaterThan(all);
    expect(runs).toBeLessThanOrEqual(all + 3);
    const again = runs;
    await collect(pool());
    expect(runs).toBe(again);
  });

  test("verdicts of other tests or limits are not taken for these", async () => {
    await collect(pool());
    const first = runs;
    await collect(pool(), { grade: { timeoutMs: 4_000 } });
    expect(runs).toBe(2 * first);
  });

  test("verdicts of another interpreter or sandbox are not taken for this one's", async () => {
    await collect(pool());
    const first = runs;
    await collect(pool());
    expect(runs).toBe(first);
    await collect(pool(), { sandbox: { fingerprint: "isolated, Python 3.11.7 with other libraries" } });
    expect(runs).toBe(2 * first);
  });

  test("a problem without tests is refused by name", async () => {
    const { hiddenTests: _, ...bare } = COUNTER;
    await expect(collect(pool(), { lookup: async () => bare })).rejects.toThrow(
      /Counter_0 with hidden tests/,
    );
  });

  test("records keep k, K, the prefix and the clean verdict", async () => {
    const [, wrong] = await collect(pool());
    if (wrong === undefined) throw new Error("no program");
    const rows = stepRewardLines(wrong, { policy: "pool" }).map((line): Record<string, unknown> =>
      JSON.parse(line),
    );
    expect(rows.map(({ k, K, reward, whole, passed }) => ({ k, K, reward, whole, passed }))).toEqual([
      { k: 2, K: 4, reward: 0.5, whole: false, passed: false },
      { k: 0, K: 4, reward: 0, whole: false, passed: false },
      { k: 0, K: 1, reward: 0, whole: true, passed: false },
    ]);
    expect(rows[2]?.["prefix"]).toBe(POOL[1]);
  });
});

describe.each(["prefill", "completions"] as const)("over HTTP, %s", (continuation) => {
  async function overHttp(faults: string[] = [], count = 4) {
    const exchanges: ReplayExchange[] = [];
    const server = await startReplayServer({
      problems: [COUNTER],
      candidates: POOL.map((code) => ({ problemId: COUNTER.id, code })),
      continuations: replayContinuations,
      cycle: true,
      faults: faults.map((spec) => parseFault(spec)),
      onExchange: (exchange) => exchanges.push(exchange),
    });
    const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1 });
    try {
      const policy = apiPolicy({
        kept: keptProgram,
        llm: {
          ...llm,
          endpoint: "http://replay",
          concurrency: 4,
          activity: llm.activity,
          sample: llm.sample.bind(llm),
        },
        model: "replay",
        params: { temperature: 0.3, maxTokens: 500 },
        continuation,
        store: new SampleStore(join(folder, "samples")),
        promptOf: ({ statement }) => [{ role: "user", content: `Write this class.\n\n${statement}` }],
      });
      return { programs: await collect(policy, { rollouts: count }), exchanges };
    } finally {
      await llm.close();
      await server.close();
    }
  }

  test("the server continues real text, and a wrong prefix stays wrong", async () => {
    const { programs } = await overHttp();
    const tallies = programs.flatMap((program) => program.tallies);
    expect(tallies.every(({ K, rejected }) => K === 4 && rejected === 0)).toBe(true);
    expect(programs[1]?.tallies[1]?.k).toBe(0);
    expect(programs[0]?.tallies[1]?.k).toBeGreaterThan(0);
  });

  test("a larger K asks only for what is missing", async () => {
    await overHttp([], 2);
    const { exchanges } = await overHttp([], 4);
    expect(exchanges.flatMap(({ positions }) => positions).every((position) => position >= 2)).toBe(true);
    expect((await overHttp([], 4)).exchanges).toEqual([]);
  });

  test("faults of the server change nothing", async () => {
    const faults = ["429@every=3", "500@every=4", "cut@every=5", "ignore-n"];
    expect(shares((await overHttp(faults)).programs)).toEqual(shares((await overHttp()).programs));
  });

  test("a server that begins anew is found out: its texts are counted and not graded", async () => {
    const { programs } = await overHttp(["ignore-prefix"]);
    // Whole programs came; those that happen to begin with the prefix keep it: all but one have the right add.
    expect(programs[1]?.tallies[1]).toMatchObject({ rejected: 3, K: 1 });
    expect(programs[0]?.tallies[1]).toMatchObject({ rejected: 1, K: 3 });
  });
});
