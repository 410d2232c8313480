import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Candidate } from "../../../src/core/candidate.ts";
import { readCandidates } from "../../../src/formats/candidates.ts";
import { readStatements } from "../../../src/formats/problems.ts";
import { parseFault } from "../../../src/replay/fault.ts";
import { startReplayServer } from "../../../src/replay/server.ts";
import { completion, json, localServer } from "../../llm/local-server.ts";
import { type CliResult, EXAMPLE, funprm, FunprmHost, jsonLines, TINY_PRM } from "../run-cli.ts";

const PROBLEM = join(EXAMPLE, "problem.json");
const POOL = join(EXAMPLE, "candidates.jsonl");
const SECRET = "sk-secret-0123456789abcdef";

const host = new FunprmHost();
afterAll(() => host[Symbol.asyncDispose]());

let directory: string;
let stop: (() => Promise<void>)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-solve-"));
});
afterEach(async () => {
  for (const end of stop) await end();
  stop = [];
  rmSync(directory, { recursive: true });
});

/** Starts a server that answers from a pool; gives its base URL. */
async function replay(pool: string, ...faults: readonly string[]): Promise<string> {
  const problems = await readStatements(PROBLEM);
  const candidates: Candidate[] = [];
  for await (const candidate of readCandidates([pool])) candidates.push(candidate);
  const server = await startReplayServer({
    problems: problems.values(),
    candidates,
    faults: faults.map((spec) => parseFault(spec)),
  });
  stop.push(() => server.close());
  return server.url;
}

function solveArgs(url: string, ...more: readonly string[]): string[] {
  const fixed = [
    "solve",
    PROBLEM,
    "--select",
    "prm",
    "--prm",
    TINY_PRM,
    "--model",
    "replay",
    "--base-url",
    url,
    "-n",
    "8",
  ];
  return [...fixed, "--store", join(directory, "samples"), ...more];
}

function samplesKept(): number {
  const names = readdirSync(join(directory, "samples"), { recursive: true, encoding: "utf8" });
  return names.filter((name) => /-\d+\.json$/.test(name)).length;
}

let offline: Promise<CliResult> | undefined;

/** What solve answers from the recorded candidates. */
async function offlineAnswer(): Promise<string> {
  offline ??= funprm(["solve", PROBLEM, "--candidates", POOL, "--select", "prm", "--prm", TINY_PRM]);
  const { stdout } = await offline;
  expect(stdout).toContain("def main():");
  return stdout;
}

const env = { OPENAI_API_KEY: SECRET };

describe("solve over HTTP", () => {
  it.each([
    ["no fault", []],
    ["429 with Retry-After", ["429:0@every=2"]],
    ["429 without Retry-After", ["429@first=2"]],
    ["500", ["500@every=2"]],
    ["a cut connection", ["cut@first=2"]],
    ["malformed JSON", ["malformed@first=2"]],
    ["an ignored n", ["ignore-n"]],
    ["several at once", ["429@1", "500@2", "cut@3", "malformed@4"]],
  ])("%s: the answer is the one that the same candidates give offline", async (_, faults) => {
    const url = await replay(POOL, ...faults);
    const result = await host.run(solveArgs(url), { env });
    expect(result.stdout).toBe(await offlineAnswer());
    expect(result.code).toBe(0);
    expect(samplesKept()).toBe(8);
    expect(result.stdout + result.stderr).not.toContain(SECRET);
  });

  it("a stalled request is given up and sent again", async () => {
    const url = await replay(POOL, "stall@first=1");
    const result = await host.run(solveArgs(url, "--timeout", "2"), { env });
    expect(result.code).toBe(0);
    expect(result.stdout).toBe(await offlineAnswer());
  });

  it.each([
    ["empty content", "empty", 3],
    ["a refusal", "refusal", 3],
  ])("%s everywhere: no usable candidate, said so", async (_, fault, code) => {
    const url = await replay(POOL, fault);
    const result = await host.run(solveArgs(url), { env });
    expect(result.code).toBe(code);
    expect(result.stdout).toBe("");
    expect(result.stderr).toMatch(/no usable candidate among 8/);
    expect(samplesKept()).toBe(8);
  });

  it("a reply cut off at the token limit is kept and marked", async () => {
    const url = await replay(POOL, "length");
    const result = await host.run(solveArgs(url, "--json"), { env });
    const [answer] = jsonLines(result.stdout);
    expect(result.code).toBe(0);
    expect(JSON.stringify(answer?.["ranking"])).toMatch(/token limit|cut off/);
  });

  it("an API that only fails: exit 4, and what came before is kept and answered", async () => {
    const dead = await replay(POOL, "401");
    const refused = await host.run(solveArgs(dead), { env });
    expect(refused.code).toBe(4);
    expect(refused.stderr).not.toContain(SECRET);
    expect(refused.stdout).toBe("");
    const short = join(directory, "short.jsonl");
    writeFileSync(short, readFileSync(POOL, "utf8").split("\n").slice(0, 3).join("\n"));
    const url = await replay(short, "ignore-n");
    const result = await host.run(solveArgs(url), { env });
    expect(result.code).toBe(4);
    expect(result.stdout).toContain("def ");
    expect(samplesKept()).toBe(3);
  });

  it("a second run asks for nothing, a greater -n only for what is missing", async () => {
    const url = await replay(POOL);
    const four = await host.run(solveArgs(url, "-n", "4"), { env });
    expect(four.code).toBe(0);
    const kept = readdirSync(join(directory, "samples"), { recursive: true, encoding: "utf8" });
    const forecast = await host.run(solveArgs(url, "--dry-run"), { env });
    expect(jsonLines(forecast.stdout)[0]).toMatchObject({ samples: 4, samples_already_stored: 4 });
    const eight = await host.run(solveArgs(url), { env });
    expect(eight.stdout).toBe(await offlineAnswer());
    await stop.shift()?.();
    // The server is gone: everything must come from the store.
    const again = await host.run(solveArgs(url), { env });
    expect(again).toMatchObject({ code: 0, stdout: eight.stdout });
    expect(readdirSync(join(directory, "samples"), { recursive: true, encoding: "utf8" })).toEqual(
      expect.arrayContaining(kept),
    );
  });

  it("self-certainty chooses by the alternatives that the server sends, and reaches the candidate lines", async () => {
    const programs = ["print(1)", "print(2)", "print(3)"];
    const sure = [0.5, 0.9, 0.7];
    await using server = await localServer(({ body }, response) => {
      const choices = programs.map((code, index) => ({
        index,
        finish_reason: "stop",
        message: { role: "assistant", content: `\`\`\`python\n${code}\n\`\`\`` },
        logprobs: {
          content: [0, 1].map(() => ({
            logprob: Math.log(sure[index] ?? 0),
            top_logprobs: [sure[index] ?? 0, 1 - (sure[index] ?? 0)].map((p) => ({ logprob: Math.log(p) })),
          })),
        },
      }));
      expect(body).toMatchObject({ logprobs: true, top_logprobs: 20, n: 3 });
      json(response, 200, completion([], { choices }));
    });
    const fixed = [PROBLEM, "--model", "m", "--base-url", server.url, "-n", "3", "--logprobs"];
    const store = ["--store", join(directory, "samples")];
    const solved = await host.run(["solve", ...fixed, ...store, "--select", "self-certainty"]);
    expect(solved.stdout.trim()).toBe("print(2)");
    const pool = join(directory, "pool.jsonl");
    expect((await host.run(["sample", ...fixed, ...store, "--out", pool])).code).toBe(0);
    expect(server.seen).toHaveLength(1);
    const lines = jsonLines(readFileSync(pool, "utf8")).map((row) => row["self_certainty"]);
    const expected = sure.map((p) => -Math.log(2) - (Math.log(p) + Math.log(1 - p)) / 2);
    expect(lines).toEqual(expected.map((value) => expect.closeTo(value, 9)));
    const again = await host.run(["solve", PROBLEM, "--candidates", pool, "--select", "self-certainty"]);
    expect(again.stdout).toBe(solved.stdout);
  });

  it("a server without log-probabilities gives candidates without self-certainty, and the choice says so", async () => {
    const url = await replay(POOL);
    const result = await host.run([
      "solve",
      PROBLEM,
      "--model",
      "replay",
      "--base-url",
      url,
      "-n",
      "2",
      "--logprobs",
      "--select",
      "self-certainty",
      "--store",
      join(directory, "samples"),
    ]);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/--select self-certainty needs self-certainty/);
  });

  it("names everything that produced a result", async () => {
    const url = await replay(POOL);
    const [answer] = jsonLines((await host.run(solveArgs(url, "--json"), { env })).stdout);
    expect(answer).toMatchObject({
      problem_id: "examples/interval-merge",
      candidates: 8,
      by: {
        prm: "tiny-encoder",
        prm_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        steps: "function",
        sampling: {
          model: "replay",
          prompt: "stdin",
          prompt_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          params: { temperature: 0.8, maxTokens: 8192, seed: 0 },
        },
      },
    });
  });
});

describe("solve by what programs do", () => {
  const statement = "Double the number.\n\nSample Input 1\n\n4\n\nSample Output 1\n\n8\n";

  function pool(...programs: readonly string[]): string[] {
    const problem = join(directory, "problem.json");
    writeFileSync(problem, JSON.stringify({ id: "double", statement }));
    const candidates = join(directory, "candidates.jsonl");
    const lines = programs.map((code, i) => JSON.stringify({ problem_id: "double", sample_index: i, code }));
    writeFileSync(candidates, lines.join("\n"));
    return ["solve", problem, "--candidates", candidates, "--prm", TINY_PRM];
  }

  const RIGHT = "print(int(input()) * 2)\n";
  const WRONG = ["print(int(input()) ** 2)\n", "print(4)\n", "print(int(input()) + 1)\n"];

  it("the statement's example decides, wherever the right program is", async () => {
    for (const place of [0, 3]) {
      const result = await host.run(pool(...WRONG.toSpliced(place, 0, RIGHT)));
      expect(result).toMatchObject({ code: 0, stdout: RIGHT });
      expect(result.stderr).toMatch(/decided by examples/);
    }
  });

  it("agreement of outputs decides between programs that pass the example", async () => {
    const same = ["n = int(input())\nprint(n + n)\n", "print(2 * int(input()))\n"];
    const args = pool("print(int(input()) + 4)\n", ...same, "print(8)\n");
    const [answer] = jsonLines((await host.run([...args, "--select", "auto", "--json"])).stdout);
    expect(same).toContain(answer?.["code"]);
    expect(answer).toMatchObject({ by: { select: "auto" } });
    expect(JSON.stringify(answer?.["ranking"])).toContain('"examples_passed":[true]');
  });

  it("says how sure it is and why, and prints nothing that is less likely than asked", async () => {
    const args = pool(RIGHT, RIGHT, ...WRONG);
    const sure = await host.run([...args, "--min-confidence", "0.3", "--json"]);
    const [answer] = jsonLines(sure.stdout);
    expect(sure.code).toBe(0);
    const confidence = z.number().parse(answer?.["confidence"]);
    expect(confidence).toBeGreaterThan(0.3);
    expect(z.number().parse(answer?.["none_passes"])).toBeLessThanOrEqual(1 - confidence + 0.001);
    expect(z.array(z.string()).parse(answer?.["facts"])[0]).toMatch(
      /^passes 1 of 1 example; \d of \d candidates/,
    );
    expect(sure.stderr).toMatch(/\d+ % likely to be right: passes 1 of 1 example/);

    const doubted = await host.run([...args, "--min-confidence", "0.999"]);
    expect(doubted).toMatchObject({ code: 3, stdout: "" });
    expect(doubted.stderr).toMatch(/likely to be right, and --min-confidence 0\.999 asks for more/);
  });

  it("without anything that ran there is no confidence to ask for", async () => {
    const result = await host.run([
      ...pool(RIGHT, ...WRONG),
      "--select",
      "longest",
      "--min-confidence",
      "0.1",
      "--json",
    ]);
    expect(result.code).toBe(3);
    expect(jsonLines(result.stdout)).toMatchObject([
      { confidence: null, none_passes: null, facts: [], code: null },
    ]);
    expect(result.stderr).toMatch(/nothing was run that would say how likely/);
  });

  it("asks the PRM about the programs that are still tied, and only if there is one of the user's own", async () => {
    const tied = ["print(int(input()) + 4)\n", "print(4 + int(input()))\n"];
    const args = [...pool(...WRONG, ...tied), "--json"];
    const rewards = async (more: readonly string[]) => {
      const [answer] = jsonLines((await host.run([...args, ...more])).stdout);
      const Rows = z.array(z.object({ reward: z.number().nullable(), sample_index: z.number() }));
      const ranking = Rows.parse(answer?.["ranking"]);
      return ranking.filter(({ reward }) => reward !== null).map((row) => row.sample_index);
    };
    expect((await rewards([])).toSorted()).toEqual([3, 4]);
    expect(await rewards(["--select", "auto"])).toEqual([]);
    expect(await rewards(["--select", "prm"])).toHaveLength(5);
  });

  it("without a sandbox nothing but a PRM can choose, and the user is told", async () => {
    const result = await host.run(pool(RIGHT, ...WRONG), { env: { PATH: directory } });
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(/no program runs, so that nothing but a PRM can tell/);
    expect(result.stderr).toMatch(/decided by prm/);
  });

  it("an interpreter that is named and missing is an error", async () => {
    const result = await host.run([...pool(RIGHT, ...WRONG), "--python", "/nowhere/python"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/nowhere/);
    const asked = await host.run([
      ...pool(RIGHT, ...WRONG),
      "--python",
      "/nowhere/python",
      "--select",
      "examples",
    ]);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toMatch(/nowhere/);
  });

  it("names the selectors when it does not know one", async () => {
    const result = await host.run([...pool(RIGHT, ...WRONG), "--select", "best"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/expected a selector, one of first, .*got "best"/);
  });
});

describe("--recombine", () => {
  const skeleton = `class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        """
        >>> s = Stack()
        >>> s.push(5)
        1
        """

    def last(self):
        """
        >>> s = Stack()
        >>> s.items = [1, 2]
        >>> s.last()
        2
        """
`;
  const program = (push: string, last: string): string =>
    `class Stack:\n    def __init__(self):\n        self.items = []\n\n    def push(self, item):\n        ${push}\n\n    def last(self):\n        ${last}\n`;
  const right = ["self.items.append(item); return len(self.items)", "return self.items[-1]"] as const;

  it("prints a class of two candidates' methods and says whose they are", async () => {
    const problem = join(directory, "stack.json");
    const record = {
      task_id: "Stack",
      skeleton,
      class_name: "Stack",
      test: "import unittest",
      test_classes: ["T"],
      solution_code: "",
    };
    writeFileSync(problem, JSON.stringify(record));
    const candidates = join(directory, "stacks.jsonl");
    const codes = [program(right[0], "return self.items[0]"), program("return None", right[1])];
    const line = (code: string, i: number): string =>
      JSON.stringify({ problem_id: "Stack", sample_index: i, code });
    writeFileSync(candidates, codes.map(line).join("\n"));
    const args = ["solve", problem, "--candidates", candidates, "--json"];
    const [answer] = jsonLines((await funprm([...args, "--recombine"])).stdout);
    expect(answer).toMatchObject({
      code: program(...right),
      recombined: { base: 0, methods: { "Stack.last": 1 } },
    });
    const [whole] = jsonLines((await funprm(args)).stdout);
    expect(codes).toContain(whole?.["code"]);
    expect(whole).not.toHaveProperty("recombined");
  });
});
