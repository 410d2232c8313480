import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { Problem } from "../../../src/core/problem.ts";
import { openAiLlm } from "../../../src/llm/openai-client.ts";
import { SampleStore } from "../../../src/llm/store/store.ts";
import { apiPolicy } from "../../../src/rollout/api-policy.ts";
import { keptLines } from "../../../src/rollout/kept-prefix.ts";
import {
  type CollectLinesOptions,
  labelLines,
  type LabelledProgram,
} from "../../../src/rollout/lines/collect-lines.ts";
import { labelRecord } from "../../../src/rollout/lines/label-records.ts";
import { type LinePrefix, lineProgram } from "../../../src/rollout/lines/line-program.ts";
import { belongs, mediumProblems } from "../../../src/rollout/lines/mix.ts";
import { splicePolicy } from "../../../src/rollout/lines/splice-policy.ts";
import type { RolloutPolicy } from "../../../src/rollout/policy.ts";
import { StoredOutcomes } from "../../../src/grade/stored-outcomes.ts";
import { EntryStore } from "../../../src/store/entry-store.ts";
import { openSandbox } from "../../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { loadPythonParser } from "../../../src/steps/index.ts";
import { completion, json, localServer } from "../../llm/local-server.ts";

const PROBLEM: Problem = {
  id: "p",
  statement: "Print the sum of the numbers of a line, then their count.",
  kind: "stdin",
  starterCode: "",
  exampleTests: [],
  hiddenTests: {
    form: "list",
    tests: [
      { type: "stdio", input: "1 2 3", output: "6\n3" },
      { type: "stdio", input: "5", output: "5\n1" },
    ],
  },
  meta: {},
};
/** Lines that can be made wrong one by one; the program is right where none is. */
const LINES = [
  "a = list(map(int, input().split()))",
  "# why",
  "s = sum(a)",
  "n = len(a)",
  "print(s)",
  "print(n)",
];
const made = (changes: Readonly<Record<number, string>> = {}): string =>
  `${LINES.map((line, at) => changes[at] ?? line).join("\n")}\n`;
const POOL = [made(), made({ 2: "s = sum(a) + 1" }), made({ 3: "n = len(a) + 1" }), made({ 5: "print(-n)" })];

let sandbox: Sandbox;
let folder: string;
let runs: number;
beforeAll(async () => {
  await loadPythonParser();
  sandbox = await openSandbox({ jobs: 2 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-lines-"));
  runs = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const programs = (codes: readonly string[]) =>
  codes.map((code, sampleIndex) =>
    lineProgram({ problemId: "p", code, sampleIndex, warnings: [], extra: {} }),
  );
const pool = () => splicePolicy(new Map([["p", programs(POOL)]]), 0);

async function labelled(
  policy: RolloutPolicy<LinePrefix>,
  more: Partial<CollectLinesOptions> & { readonly codes?: readonly string[] } = {},
): Promise<LabelledProgram[]> {
  const store = await EntryStore.open(folder);
  const known = new StoredOutcomes(store, { lookup: async () => PROBLEM, scope: {}, cpuMs: 5_000 });
  const run: Sandbox["run"] = (...args) => {
    runs += 1;
    return sandbox.run(...args);
  };
  const counting: Sandbox = { identity: sandbox.identity, jobs: 2, run, close: async () => {} };
  try {
    const all: LabelledProgram[] = [];
    for await (const program of labelLines(programs(more.codes ?? POOL), {
      lookup: async () => PROBLEM,
      policy,
      rollouts: 20,
      label: "search",
      sandbox: counting,
      grade: { timeoutMs: 5_000, known },
      ...more,
    })) {
      all.push(program);
    }
    return all;
  } finally {
    await store.close();
  }
}
const labels = (all: readonly LabelledProgram[]) => all.map((program) => program.labels);

it.each(["search", "exhaustive"] as const)(
  "%s labels lines by whether any completion passes",
  async (label) => {
    const all = await labelled(pool(), { label });
    expect(all.map(({ passed }) => passed)).toEqual([true, false, false, false]);
    // Nobody goes on behind a line that only one program holds, so there is no label for it where it was asked for.
    expect(labels(all)[0]).toEqual([1, 1, 1, 1, 1]);
    expect(labels(all)[3]).toEqual([1, 1, 1, 1, -1]);
    expect(labels(all)[1]?.[0]).toBe(1);
    expect(labels(all)[1]?.at(-1)).toBe(-1);
  },
);

it("a search asks for fewer prefixes, stops at the first that passes, and a second run grades nothing", async () => {
  const count = (all: readonly LabelledProgram[]) =>
    all.flatMap(({ probes }) => probes).filter((probe) => probe !== undefined).length;
  const search = await labelled(pool());
  const first = runs;
  const exhaustive = await labelled(pool(), { label: "exhaustive" });
  expect(count(search)).toBeLessThan(count(exhaustive));
  for (const probe of search.flatMap(({ probes }) => probes)) expect(probe?.k ?? 0).toBeLessThanOrEqual(1);
  const all = runs;
  expect(all).toBeGreaterThan(first);
  expect(labels(await labelled(pool()))).toEqual(labels(search));
  expect(runs).toBe(all);
});

it("a record has every line with its label, comments 0, and the line of no return", async () => {
  const [, , , last] = await labelled(pool(), { label: "exhaustive" });
  if (last === undefined) throw new Error("no program");
  const record = JSON.parse(labelRecord(last, { policy: "pool" }));
  expect(record).toMatchObject({ problem_id: "p", sample_index: 3, passed: false, line_of_no_return: 6 });
  expect(record.lines.map(({ label }: { label: number }) => label)).toEqual([1, 0, 1, 1, 1, -1]);
  const text = record.lines.map(({ start, end }: { start: number; end: number }) =>
    record.code.slice(start, end),
  );
  expect(text.join("")).toBe(POOL[3]);
});

it("mixes take what they say", async () => {
  const all = await labelled(pool());
  const medium = mediumProblems(all);
  expect(medium).toEqual(new Set(["p"]));
  expect(mediumProblems(all.slice(1))).toEqual(new Set());
  const chosen = (mix: "full" | "medium" | "revised", isMedium = true) =>
    all.flatMap((program, at) => (belongs(program, mix, isMedium) ? [at] : []));
  expect([chosen("full"), chosen("medium"), chosen("medium", false)]).toEqual([
    [0, 1, 2, 3],
    [0, 1, 2, 3],
    [],
  ]);
  expect(chosen("revised")).toEqual([1, 2, 3]);
});

it("an LLM continues prefixes inside of functions, a few at first, and is not asked again for what it said", async () => {
  const wrong =
    "def f(a):\n    s = 0\n    for x in a:\n        s -= x\n    return s\na = list(map(int, input().split()))\nprint(f(a))\nprint(len(a))\n";
  const asked: string[] = [];
  await using server = await localServer(({ body }, response) => {
    const { messages, n = 1 } = JSON.parse(JSON.stringify(body));
    const begun: string = messages.at(-1).content;
    asked.push(begun);
    // It knows how the right program goes on behind any of its lines.
    const at = wrong.split("\n").lastIndexOf(begun.split("\n").at(-1) ?? "");
    const lines = wrong.replace("s -= x", "s += x").trimEnd().split("\n");
    const rest = `\n${lines.slice(at + 1).join("\n")}\n\`\`\``;
    json(response, 200, completion(Array.from({ length: n }, () => rest)));
  });
  const llm = await openAiLlm({ baseUrl: server.url, backoffBaseMs: 1 });
  const store = new SampleStore(join(folder, "samples"));
  const policy = apiPolicy<LinePrefix>({
    kept: keptLines,
    llm,
    model: "llm",
    params: { temperature: 0.3, maxTokens: 500 },
    continuation: "prefill",
    store,
    promptOf: ({ statement }) => [{ role: "user", content: statement }],
  });
  try {
    const [program] = await labelled(policy, { codes: [wrong], label: "search", rollouts: 8 });
    expect(program?.labels.slice(0, 3)).toEqual([1, 1, 1]);
    expect(program?.labels.at(-1)).toBe(-1);
    expect(program?.labels.indexOf(-1)).toBe(3);
    const first = asked.length;
    await labelled(policy, { codes: [wrong], label: "search", rollouts: 8 });
    expect(asked).toHaveLength(first);
  } finally {
    await llm.close();
  }
});
