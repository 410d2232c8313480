import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import type { ScoreRequest } from "../../../src/core/scorer.ts";
import type { OnnxScorer, OnnxScorerOptions } from "../../../src/prm/scoring/onnx-scorer.ts";
import { openOnnxScorer, SCORER } from "../built-scorer.ts";
import { copyTiny, expectedCases, replaceFile, setField, TINY, tinyFolder } from "../fixtures.ts";
import type { Tiny } from "../fixtures.ts";
import type { Weights } from "../../../src/prm/manifest/folder.ts";

const opened: OnnxScorer[] = [];

afterAll(async () => {
  await Promise.all(opened.map((scorer) => scorer.close()));
});

async function open(which: Tiny, options: OnnxScorerOptions = {}): Promise<OnnxScorer> {
  const scorer = await openOnnxScorer(tinyFolder(which), { threads: 1, ...options });
  opened.push(scorer);
  return scorer;
}

/** Process ids of this process's scoring children (Linux). */
async function children(parent: number = process.pid): Promise<number[]> {
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      const [state, ppid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(ppid) === parent && state !== "Z" && command.includes("onnx-child.js") ? pid : null;
    }),
  );
  return found.filter((pid) => pid !== null);
}

async function theOnlyChild(): Promise<number> {
  const [pid, ...others] = await children();
  expect(others).toEqual([]);
  if (pid === undefined) throw new Error("expected one scoring process, got none");
  return pid;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!String(error).includes("ESRCH")) throw error;
  }
}

/** Waits until a condition holds; the test's own time limit bounds it. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

const largestGap = (a: readonly number[], b: readonly number[]) =>
  Math.max(0, ...a.map((value, index) => Math.abs(value - (b[index] ?? NaN))));

const strip = (requests: readonly ScoreRequest[]) =>
  requests.map(({ statement, steps }) => ({ statement, steps }));

describe.each(TINY)("the tiny %s", (which) => {
  const scorers = new Map<Weights, Promise<OnnxScorer>>();
  const scorerOf = (weights: Weights): Promise<OnnxScorer> => {
    const scorer = scorers.get(weights) ?? open(which, { weights });
    scorers.set(weights, scorer);
    return scorer;
  };
  afterAll(async () => {
    for (const scorer of scorers.values()) await (await scorer).close();
  });

  test("fp32 rewards are PyTorch's within 1e-4, and the cuts are the same", async () => {
    const cases = await expectedCases(which);
    const scorer = await scorerOf("modelFp32");
    const results = await scorer.score(strip(cases));
    expect(results).toHaveLength(cases.length);
    for (const [index, { rewards, truncatedTokens, truncatedCodeTokens }] of cases.entries()) {
      const result = results[index];
      expect(result?.rewards).toHaveLength(rewards.length);
      expect(largestGap(rewards, result?.rewards ?? [])).toBeLessThanOrEqual(1e-4);
      expect(result).toMatchObject({ truncatedTokens, truncatedCodeTokens });
    }
  });

  test.each(["model", "modelFp32"] as const)(
    "a program's rewards with the weights `%s` depend neither on its company nor on the order (1e-5)",
    async (weights) => {
      const requests = strip((await expectedCases(which)).slice(0, 12));
      const scorer = await scorerOf(weights);
      const together = await scorer.score(requests);
      const backwards = (await scorer.score(requests.toReversed())).toReversed();
      const fewer = await scorer.score(requests.filter((_, index) => index % 5 === 0));
      for (const [index, request] of requests.entries()) {
        const [alone] = await scorer.score([request]);
        const inCompany = [together[index], backwards[index], fewer[Math.floor(index / 5)]];
        // `fewer` holds every fifth program only.
        for (const other of inCompany.slice(0, index % 5 === 0 ? 3 : 2)) {
          expect(largestGap(alone?.rewards ?? [], other?.rewards ?? [])).toBeLessThanOrEqual(1e-5);
        }
      }
    },
  );
});

test("sequences travel together for fp32 and alone for int8, whose activation range is the batch's", async () => {
  const fp32 = await open("encoder", { weights: "modelFp32" });
  const int8 = await open("encoder");
  expect([fp32.batches, int8.batches]).toEqual([true, false]);
  await Promise.all([fp32.close(), int8.close()]);
});

test("a tree whose rewards depend on the company is refused: fp32 from 1e-4, int8 from its rounding", async () => {
  const folder = await copyTiny("tree");
  // Every reward of this graph moves by about .01 with the number of tokens in the call.
  const leaky = await readFile(new URL("../../fixtures/leaky-tree.onnx", import.meta.url));
  await replaceFile(folder, "modelFp32", leaky);
  const opening = openOnnxScorer(folder, { threads: 1, weights: "modelFp32" });
  await expect(opening).rejects.toThrow(/do not depend on the company \(fp32: within 0\.0001\), got/);
  await setField(folder, "files.modelFp32.precision", "int8");
  await (await openOnnxScorer(folder, { threads: 1, weights: "modelFp32" })).close();
  await rm(folder, { recursive: true });
});

test("identity is the manifest's name and sha256, which covers the files it lists", async () => {
  const scorer = await open("encoder");
  expect(scorer.identity).toEqual({
    name: "tiny-encoder",
    sha256: createHash("sha256")
      .update(await readFile(join(tinyFolder("encoder"), "prm.json")))
      .digest("hex"),
    defaultAggregate: "mean",
    stepSize: "function",
  });
  expect(scorer.provider).toBe("cpu");
  await scorer.close();
});

test("equal requests and equal prefixes cost nothing", async () => {
  const scorer = await open("encoder");
  const program = { statement: "Add two numbers.", steps: ["def add(a, b):\n", "    return a + b\n"] };
  await scorer.score([program]);
  const once = scorer.usage.tokens;
  const longer = { ...program, steps: [...program.steps, "print(add(1, 2))\n"] };
  const results = await scorer.score([program, longer, program]);
  const longest = scorer.usage.tokens - 2 * once;
  expect(results[2]).toEqual(results[0]);
  expect(results[1]?.rewards.slice(0, 2)).toEqual(results[0]?.rewards);
  expect(longest).toBeLessThan(once);
  expect(scorer.usage.programs).toBe(4);
  await scorer.close();
});

describe("a tree", () => {
  const statement = "Add.";
  const helper = "def read():\n    return list(map(int, input().split()))\n\n\n";
  const tokensOf = async (scorer: OnnxScorer, requests: readonly ScoreRequest[]) => {
    const before = scorer.usage.tokens;
    await scorer.score(requests);
    return scorer.usage.tokens - before;
  };

  test("computes statement and common code once, and of a program what no other has", async () => {
    const scorer = await open("tree");
    const ends = ["print(sum(read()))\n", "print(max(read()))\n", "print(min(read()))\n"];
    const programs = ends.map((end) => ({ statement, steps: [helper, end] }));
    const [one, all] = [await tokensOf(scorer, programs.slice(0, 1)), await tokensOf(scorer, programs)];
    const helperOnly = await tokensOf(scorer, [{ statement, steps: [helper] }]);
    expect(all - helperOnly).toBeLessThanOrEqual(3 * (one - helperOnly));
    expect(await tokensOf(scorer, [...programs, ...programs])).toBe(all);
    expect(await tokensOf(scorer, [...programs, { statement, steps: [helper] }])).toBe(all);
    await scorer.close();
  });

  test("adds the closing text, and nothing else, for a reward more", async () => {
    const scorer = await open("probe");
    const whole = { statement: "Add.", steps: ["a = 1\n", "b = 2\n"] };
    const first = { statement: "Add.", steps: ["a = 1\n"] };
    const second = await tokensOf(scorer, [{ statement: "Add.", steps: ["", "a = 1\n"] }]);
    const alone = await tokensOf(scorer, [first]);
    expect(await tokensOf(scorer, [first, whole])).toBe(await tokensOf(scorer, [whole]));
    // An empty step has the prefix of nothing: its reward is read behind closing text of its own.
    const closing = second - alone;
    expect(closing).toBeGreaterThan(0);
    expect(closing).toBeLessThan(8);
    await scorer.close();
  });

  test.each(["tree", "probe", "encoder"] as const)(
    "under a bound on memory gives the same rewards: %s",
    async (which) => {
      const bound = 400 * 2 ** 20;
      const requests = Array.from({ length: 64 }, (_, n) => ({
        statement,
        steps: [helper, `print(sum(read()) + ${n})\n`],
      }));
      const free = await open(which, { weights: "modelFp32" });
      const expected = await free.score(requests);
      await free.close();
      const bounded = await open(which, { weights: "modelFp32", maxMemoryBytes: bound });
      const found = await bounded.score(requests);
      const status = await readFile(`/proc/${await theOnlyChild()}/status`, "utf8");
      await bounded.close();
      for (const [index, { rewards, ...cuts }] of expected.entries()) {
        expect(largestGap(rewards, found[index]?.rewards ?? [])).toBeLessThanOrEqual(1e-5);
        expect(found[index]).toMatchObject(cuts);
      }
      expect(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024).toBeLessThanOrEqual(bound);
    },
  );

  test("under a bound below the least work is refused with the least that would do", async () => {
    await expect(open("tree", { maxMemoryBytes: 30 * 2 ** 20 })).rejects.toThrow(
      /--max-memory of at least \d+ MiB for this model, got 30/,
    );
  });
});

test("no requests, no steps, empty and strange texts", async () => {
  const scorer = await open("encoder");
  await expect(scorer.score([])).resolves.toEqual([]);
  const results = await scorer.score([
    { statement: "", steps: [] },
    { statement: "", steps: ["", "x = 1\n", ""] },
    { statement: "\ud800 \u0000 漢字 🙂", steps: ["[PAD][MASK]<s></s>\r\n", "\t".repeat(5000)] },
    { statement: "word ".repeat(20_000), steps: ["pass\n".repeat(20_000)] },
  ]);
  expect(results.map(({ rewards }) => rewards.length)).toEqual([0, 3, 2, 1]);
  for (const reward of results.flatMap(({ rewards }) => rewards)) {
    expect(reward).toBeGreaterThanOrEqual(0);
    expect(reward).toBeLessThanOrEqual(1);
  }
  expect(results[1]?.rewards[2]).toBe(results[1]?.rewards[1]);
  expect(results[3]?.truncatedCodeTokens).toBeGreaterThan(10_000);
  await scorer.close();
});

describe("the process", () => {
  const many = Array.from({ length: 2000 }, (_, index) => ({
    statement: `Problem ${index}`,
    steps: [`a = ${index}\n`, `print(a + ${index})\n`],
  }));

  test("that is killed while idle or at work is replaced, and nothing is lost", async () => {
    const scorer = await open("encoder");
    const expected = await scorer.score(many.slice(0, 300));
    const idle = await theOnlyChild();
    process.kill(idle, "SIGKILL");
    await until(async () => !(await children()).includes(idle));
    expect(await scorer.score(many.slice(0, 300))).toEqual(expected);
    const working = await theOnlyChild();
    const running = scorer.score(many.slice(0, 300));
    process.kill(working, "SIGKILL");
    expect(await running).toEqual(expected);
    expect(await theOnlyChild()).not.toBe(working);
    await scorer.close();
  });

  test("that dies twice over one job is an error that says how it died", async () => {
    const scorer = await open("encoder");
    const scoring = new AbortController();
    const failed = scorer
      .score(many)
      .catch((error: unknown) => error)
      .finally(() => scoring.abort());
    while (!scoring.signal.aborted) {
      for (const pid of await children()) killIfThere(pid);
    }
    expect(await failed).toMatchObject({ name: "FunprmError", code: "model" });
    expect(String(await failed)).toMatch(/tiny-encoder.*SIGKILL.*twice.*[Mm]emory/);
    await expect(scorer.score(many.slice(0, 1))).resolves.toHaveLength(1);
    await scorer.close();
  });

  test("ends with an abort; the queue behind it goes on", async () => {
    const scorer = await open("encoder");
    const first = new AbortController();
    const waiting = new AbortController();
    // More work than the child can do before the aborts, however busy the machine is.
    const endless = Array.from({ length: 20 }, (_, round) =>
      many.map(({ statement, steps }) => ({ statement: `${round} ${statement}`, steps })),
    ).flat();
    const running = scorer.score(endless, { signal: first.signal });
    const queued = scorer.score(endless, { signal: waiting.signal });
    const last = scorer.score(many.slice(0, 10));
    const before = await theOnlyChild();
    waiting.abort();
    await expect(queued).rejects.toMatchObject({ code: "interrupted" });
    first.abort(new Error("enough"));
    await expect(running).rejects.toMatchObject({ code: "interrupted", cause: new Error("enough") });
    expect(await last).toHaveLength(10);
    expect(await theOnlyChild()).not.toBe(before);
    await expect(scorer.score(many, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "interrupted",
    });
    await scorer.close();
  });

  test("that somebody has stopped is replaced, and nothing is lost", async () => {
    const scorer = await open("encoder", { watchEveryMs: 100 });
    const whole = await scorer.score(many);
    const stopped = await theOnlyChild();
    process.kill(stopped, "SIGSTOP");
    expect(await scorer.score(many)).toEqual(whole);
    expect(await theOnlyChild()).not.toBe(stopped);
    await scorer.close();
  });

  test("is one for all calls, which queue and each get their own answers", async () => {
    const scorer = await open("encoder");
    const whole = await scorer.score(many.slice(0, 100));
    const calls = Array.from({ length: 100 }, (_, index) => scorer.score(many.slice(index, index + 1)));
    expect(await children()).toHaveLength(1);
    expect((await Promise.all(calls)).flat()).toEqual(whole);
    await scorer.close();
  });

  test("is gone after close, which may come twice or during a call", async () => {
    const scorer = await open("encoder");
    const running = scorer.score(many).catch((error: unknown) => error);
    await scorer.close();
    await scorer.close();
    expect(await running).toMatchObject({ code: "model", message: expect.stringContaining("closed") });
    expect(await children()).toEqual([]);
    await expect(scorer.score(many)).rejects.toThrow(/closed/);
  });

  test("ends when its parent is killed", async () => {
    const script = `
      const { openOnnxScorer } = await import(${JSON.stringify(SCORER)});
      const scorer = await openOnnxScorer(${JSON.stringify(tinyFolder("encoder"))});
      console.log("open");
      void scorer.score(Array.from({ length: 50_000 }, (_, i) => ({ statement: "s" + i, steps: ["a"] })));
    `;
    const parent = execFile(process.execPath, ["--input-type=module", "-e", script]);
    await new Promise((resolve) => parent.stdout?.once("data", resolve));
    const [child] = await children(parent.pid);
    expect(child).toBeDefined();
    parent.kill("SIGKILL");
    await until(async () => (await readFile(`/proc/${child}/cmdline`, "utf8").catch(() => "")) === "");
  });

  test("prints nothing, whatever the native library says", async () => {
    const script = `
      const { openOnnxScorer } = await import(${JSON.stringify(SCORER)});
      const scorer = await openOnnxScorer(${JSON.stringify(tinyFolder("encoder"))}, { providers: ["cuda", "cpu"] });
      await scorer.score([{ statement: "s", steps: ["a"] }]);
      await scorer.close();
    `;
    await expect(
      promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]),
    ).resolves.toEqual({ stdout: "", stderr: "" });
  });
});

/** Spoils a copy of a tiny PRM and gives the message that opening it then fails with. */
async function refusal(
  which: Tiny,
  spoil: (folder: string) => Promise<void>,
  options: OnnxScorerOptions = {},
): Promise<string> {
  const folder = await copyTiny(which);
  try {
    await spoil(folder);
    const error: unknown = await openOnnxScorer(folder, options).then(
      () => "opened",
      (error: unknown) => error,
    );
    expect(error).toMatchObject({ name: "FunprmError", code: "model" });
    expect(await children()).toEqual([]);
    return String(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe("a folder that cannot score is refused when it is opened", () => {
  test("weights that are no ONNX graph", async () => {
    expect(
      await refusal("encoder", (folder) => replaceFile(folder, "model", Buffer.from("PK\u0003\u0004"))),
    ).toMatch(/model_int8\.onnx: expected an ONNX graph.*cpu: /);
  });

  test("no provider that works, each with its reason", async () => {
    expect(await refusal("encoder", async () => {}, { providers: ["cuda", "nonsense"] })).toMatch(
      /cuda, nonsense.*cuda: .*nonsense: .*"cpu"/s,
    );
  });

  test("an output of another name or shape", async () => {
    expect(await refusal("encoder", (folder) => setField(folder, "output.name", "scores"))).toMatch(
      /"scores".*got a graph with "logits"/,
    );
    expect(await refusal("decoder", (folder) => setField(folder, "reading", { kind: "prefix" }))).toMatch(
      /"logits": expected float32 \[batch\] or \[batch, 1\]/,
    );
  });

  test("a graph of another form than the manifest says, or a bound on memory that cannot be kept", async () => {
    const folder = tinyFolder("decoder");
    expect(
      await refusal("tree", async (copy) => {
        await replaceFile(copy, "model", await readFile(`${folder}/onnx/model_int8.onnx`));
      }),
    ).toMatch(/graph tensor "input_ids": expected int64 \[free\] for the graph form "tree", got int64 \[/);
    expect(await refusal("tree", (copy) => setField(copy, "graph", "rows"))).toMatch(/"attention_mask"/);
    expect(
      await refusal("tree", (copy) => setField(copy, "activations", undefined), { maxMemoryBytes: 2 ** 30 }),
    ).toMatch(/"activations".*--max-memory/);
  });

  test("token ids that the tokenizer does not have", async () => {
    expect(await refusal("encoder", (folder) => setField(folder, "specialTokens.last", 30_000))).toMatch(
      /"specialTokens\.last".*token ids in .*tokenizer\.json, got 30000/,
    );
    expect(await refusal("decoder", (folder) => setField(folder, "reading.markId", 30_000))).toMatch(
      /"reading\.markId".*got 30000/,
    );
  });

  test("a tokenizer that is none", async () => {
    expect(await refusal("encoder", (folder) => replaceFile(folder, "tokenizer", Buffer.from("{}")))).toMatch(
      /tokenizer\.json that transformers\.js can read/,
    );
    expect(
      await refusal("encoder", (folder) => replaceFile(folder, "tokenizer", Buffer.from("<html>"))),
    ).toMatch(/tokenizer\.json: expected JSON/);
  });

  test("a template that leaves no room for code", async () => {
    expect(
      await refusal("encoder", (folder) => setField(folder, "template.afterCode", "return ".repeat(200))),
    ).toMatch(/"contextLength"/);
  });

  test("rewards outside [0, 1]", async () => {
    expect(await refusal("encoder", (folder) => setField(folder, "output.activation", "none"))).toMatch(
      /tiny-encoder.*expected rewards from 0 to 1, got .*activation/,
    );
  });
});
