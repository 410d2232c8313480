/** `solve --separate` against a real HTTP server on loopback, with replies that were written for the tests. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  apiError,
  completion,
  json,
  type LocalServer,
  localServer,
  type Seen,
} from "../../llm/local-server.ts";
import { type CliResult, FunprmHost, jsonLines, MAIN } from "../run-cli.ts";

const STATEMENT = `Given a list of integers values, return the sum of its elements.

Example 1:

Input: values = [1, 2, 3]
Output: 6

Example 2:

Input: values = [5]
Output: 5

Constraints:

1 <= values.length <= 8
0 <= values[i] <= 1000
`;
const PROBLEM = {
  id: "total",
  statement: STATEMENT,
  starter_code: "class Solution:\n    def total(self, values: List[int]) -> int:\n        ",
  entry_point: "Solution().total",
};

const method = (result: string): string =>
  `class Solution:\n    def total(self, values):\n        return ${result}\n`;
/** Wrong where 123 stands beside 456, which no input of funprm's own holds; `how` makes them different texts. */
const RARE = "(123 in values and 456 in values)";
const right = (how: number): string => method(`sum(values) + ${how} - ${how}`);
const wrong = (how: number): string => method(`sum(values) + ${RARE} + ${how} - ${how}`);

const python = (code: string): string => `Here it is.\n\n\`\`\`python\n${code}\n\`\`\`\n`;
const VALIDATOR =
  "def is_legal(value):\n    (values,) = value\n    return 1 <= len(values) <= 8 and all(0 <= each <= 1000 for each in values)\n";
const GENERATOR = python(
  `def generate(seed):\n    return [[123, 456, seed]] if seed < 5 else [[seed, seed]]\n\n\n${VALIDATOR}`,
);
const BRUTE = python(
  "class Solution:\n    def total(self, values):\n        count = 0\n        for value in values:\n            for _ in range(value):\n                count += 1\n        return count\n",
);
const lastInput = (args: unknown, output: unknown): string =>
  `They differ on both numbers.\n\n\`\`\`json\n${JSON.stringify({ args, output })}\n\`\`\`\n`;

type Helps = Readonly<
  Partial<Record<"generator" | "brute" | "input", string | ((response: ServerResponse) => void)>>
>;

/** Which help a request asks for, by what the prompt says. */
function wanted({ body }: Seen): "generator" | "brute" | "input" {
  const prompt = JSON.stringify(body["messages"]);
  if (prompt.includes("is_legal")) return "generator";
  return prompt.includes("First program") ? "input" : "brute";
}

const host = new FunprmHost();
afterAll(() => host[Symbol.asyncDispose]());

let directory: string;
let servers: LocalServer[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-separate-"));
  writeFileSync(join(directory, "problem.json"), JSON.stringify(PROBLEM));
});
afterEach(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  servers = [];
  rmSync(directory, { recursive: true });
});

async function helper(helps: Helps): Promise<LocalServer> {
  const server = await localServer((seen, response) => {
    const reply = helps[wanted(seen)];
    if (typeof reply === "function") reply(response);
    else json(response, 200, completion([reply ?? "I cannot say."]));
  });
  servers.push(server);
  return server;
}

function solveArgs(programs: readonly string[], url: string, more: readonly string[]): string[] {
  const pool = join(directory, "pool.jsonl");
  const rows = programs.map((code, i) => JSON.stringify({ problem_id: "total", sample_index: i, code }));
  writeFileSync(pool, rows.join("\n"));
  const fixed = ["solve", join(directory, "problem.json"), "--candidates", pool, "--json", "--base-url", url];
  return [...fixed, "--separate-model", "m", "--store", join(directory, "samples"), ...more];
}

function solve(
  programs: readonly string[],
  { url }: Pick<LocalServer, "url">,
  ...more: readonly string[]
): Promise<CliResult> {
  return host.run(solveArgs(programs, url, more));
}

const Outcome = z.object({ used: z.boolean(), told: z.string() });
const Answer = z.object({
  code: z.string().nullable(),
  decided_by: z.string().nullable(),
  separation: z
    .object({
      decided: z.boolean(),
      generator: Outcome.optional(),
      brute: Outcome.optional(),
      input: Outcome.optional(),
      inputs: z.array(z.object({ args: z.array(z.unknown()) })),
    })
    .optional(),
});

function answerOf(result: CliResult): z.infer<typeof Answer> {
  if (result.code !== 0) throw new Error(result.stderr);
  return Answer.parse(jsonLines(result.stdout)[0]);
}

/** Two right programs behind one wrong one, and a sample that fails an example. */
const POOL = [wrong(0), right(0), right(1), method("0")];

it("nothing is asked where the user's own tests refuse all that tie", async () => {
  const server = await helper({ generator: GENERATOR, brute: BRUTE });
  const tests = join(directory, "test_total.py");
  const file = (total: string): string =>
    `import unittest\nfrom solution import Solution\n\n\nclass T(unittest.TestCase):\n    def test_total(self):\n        self.assertEqual(Solution().total([1, 2]), ${total})\n`;
  const options = ["--separate", "generator,brute", "--test-file", "test_total.py"];
  writeFileSync(tests, file("4"));
  const args = solveArgs(POOL, server.url, options);
  expect(await host.run(args, { cwd: directory })).toMatchObject({ code: 3 });
  expect(server.seen).toEqual([]);
  writeFileSync(tests, file("3"));
  expect(await host.run(args, { cwd: directory })).toMatchObject({ code: 0 });
  expect(server.seen.map(wanted).toSorted()).toEqual(["brute", "generator"]);
});

describe("a generator", () => {
  it("makes inputs on which the votes tell programs apart, and the answer says so", async () => {
    const server = await helper({ generator: GENERATOR });
    const result = await solve(POOL, server, "--separate", "generator");
    const answer = answerOf(result);
    expect(answer).toMatchObject({
      code: right(0),
      decided_by: "separation",
      separation: { decided: true, generator: { used: true } },
    });
    expect(answer.separation?.generator?.told).toMatch(
      /^the generator made 32 inputs: 32 legal, \d+ new and used$/,
    );
    expect(answer.separation?.inputs.length).toBeGreaterThan(4);
    expect(answer.separation?.inputs.length).toBeLessThanOrEqual(16);
    expect(result.stderr).toMatch(/help to separate: the generator made .*; it decided \(separation\)/);
    expect(server.seen.map(wanted)).toEqual(["generator"]);
    expect(server.seen[0]?.body).toMatchObject({ model: "m", temperature: 0 });
    // Without it the wrong one, which comes first, ties with the right ones.
    expect(answerOf(await host.run(solveArgs(POOL, server.url, []))).code).toBe(wrong(0));
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    ["no code", "I would rather not.", /holds no code/],
    [
      "endless when it is loaded",
      python("while True:\n    pass\n\ndef generate(seed):\n    return [[seed]]\n"),
      /validator does not accept/,
    ],
    [
      "endless for a seed",
      python(`def generate(seed):\n    while True:\n        pass\n\n\n${VALIDATOR}`),
      /made no input/,
    ],
    ["huge", python(`def generate(seed):\n    return [[seed] * 10 ** 7]\n\n\n${VALIDATOR}`), /made no input/],
    [
      "memory without end",
      python(`def generate(seed):\n    return [list(range(10 ** 10))]\n\n\n${VALIDATOR}`),
      /made no input/,
    ],
    ["raising", python(`def generate(seed):\n    raise SystemExit(0)\n\n\n${VALIDATOR}`), /made no input/],
    ["no lists", python(`def generate(seed):\n    return object()\n\n\n${VALIDATOR}`), /made no input/],
    [
      "against its own validator",
      python(`def generate(seed):\n    return [[123, 456] * 9]\n\n\n${VALIDATOR}`),
      /0 legal/,
    ],
    [
      "against the statement, whatever its validator says",
      python(
        "def generate(seed):\n    return [[123, 456, 5000 + seed]]\n\n\ndef is_legal(value):\n    return True\n",
      ),
      /32 inputs: 0 legal/,
    ],
    [
      "with a validator that refuses the examples",
      python(
        "def generate(seed):\n    return [[123, 456, seed]]\n\n\ndef is_legal(value):\n    return len(value[0]) > 3\n",
      ),
      /validator does not accept the statement's examples/,
    ],
    [
      "with a validator that is truthy only",
      python("def generate(seed):\n    return [[123, 456, seed]]\n\n\ndef is_legal(value):\n    return 1\n"),
      /validator does not accept/,
    ],
    [
      "inputs of another form",
      python("def generate(seed):\n    return ['123', 456]\n\n\ndef is_legal(value):\n    return True\n"),
      /0 legal/,
    ],
  ])("that is hostile changes nothing: %s", async (_, reply, told) => {
    const answer = answerOf(await solve(POOL, await helper({ generator: reply }), "--separate=generator"));
    expect(answer).toMatchObject({
      code: wrong(0),
      separation: { decided: false, generator: { used: false } },
    });
    expect(answer.separation?.generator?.told).toMatch(told);
    expect(answer.separation?.inputs).toEqual([]);
  });
});

describe("a brute-force solution", () => {
  const MAJORITY = [wrong(0), wrong(1), wrong(2), right(0), right(1)];

  it("is one more voter, worth more than one of the programs that one sampler repeats", async () => {
    const alone = answerOf(
      await solve(MAJORITY, await helper({ generator: GENERATOR }), "--separate", "generator"),
    );
    expect(alone.code).toBe(wrong(0));
    const helps = { generator: GENERATOR, brute: BRUTE };
    const result = await solve(MAJORITY, await helper(helps), "--separate", "generator,brute");
    const answer = answerOf(result);
    expect(answer).toMatchObject({
      code: right(0),
      decided_by: "separation",
      separation: { brute: { used: true } },
    });
    expect(answer.separation?.brute?.told).toMatch(/fails no example and answers \d+ of \d+ inputs/);
  });

  it("is never the answer, even where no candidate agrees with it", async () => {
    const odd = python(method("sum(values) + (7 if len(values) == 2 else 0)"));
    const answer = answerOf(await solve(POOL, await helper({ brute: odd }), "--separate", "brute"));
    expect(answer.separation?.brute?.used).toBe(true);
    expect(POOL).toContain(answer.code);
  });

  it.each([
    ["that fails an example", python(method("sum(values) + 1")), /fails 2 of 2 examples/],
    ["without code", "It is a sum.", /holds no code/],
    ["that never ends", python(method("any(iter(int, 1))")), /fails 2 of 2 examples/],
  ])("%s has no vote", async (_, reply, told) => {
    const helps = { generator: GENERATOR, brute: reply };
    const answer = answerOf(await solve(POOL, await helper(helps), "--separate=generator,brute"));
    expect(answer).toMatchObject({ code: right(0), separation: { brute: { used: false } } });
    expect(answer.separation?.brute?.told).toMatch(told);
  });

  it("that is too slow for some inputs votes on the others", async () => {
    const slow = python(method("sum(values) if max(values) < 500 else any(iter(int, 1))"));
    const answer = answerOf(await solve(POOL, await helper({ brute: slow }), "--separate", "brute"));
    const [, given, all] = /answers (\d+) of (\d+) inputs/.exec(answer.separation?.brute?.told ?? "") ?? [];
    expect(Number(given)).toBeGreaterThan(0);
    expect(Number(given)).toBeLessThan(Number(all));
  });
});

describe("an input for the last tie", () => {
  it("splits those that tie by votes; a wrong prediction does not count against them", async () => {
    const server = await helper({ input: lastInput([[123, 456]], 580) });
    const answer = answerOf(await solve(POOL, server, "--separate", "input"));
    expect(answer).toMatchObject({
      code: right(0),
      decided_by: "separation",
      separation: { input: { used: true } },
    });
    const prompt = JSON.stringify(server.seen[0]?.body["messages"]);
    expect(prompt).toContain(JSON.stringify(wrong(0)).slice(1, -3));
    expect(prompt).toContain(JSON.stringify(right(0)).slice(1, -3));
  });

  it("splits one against one by the output that is predicted, the weakest evidence", async () => {
    const server = await helper({ input: lastInput([[123, 456]], 579) });
    const result = await solve([wrong(0), right(0)], server, "--separate", "input");
    expect(answerOf(result)).toMatchObject({ code: right(0), decided_by: "predicted output" });
    expect(result.stderr).toMatch(/1 of 2 that tie give what is predicted; it decided \(predicted output\)/);
  });

  it.each([
    ["a wrong prediction that nobody gives", lastInput([[123, 456]], 1), /0 of 2 that tie/],
    ["an input on which they agree", lastInput([[1, 2]], 3), /does not tell apart/],
    ["an illegal input", lastInput([[123, 456, 1001]], 1580), /not legal/],
    ["no JSON", "They are equal.", /holds none/],
    ["another form", lastInput("123 456", 579), /holds none/],
    [
      "a number that nothing can carry",
      lastInput([[123, 456]], 579).replace("123", "12345678901234567890"),
      /not legal/,
    ],
  ])("%s changes nothing", async (_, reply, told) => {
    const answer = answerOf(
      await solve([wrong(0), right(0)], await helper({ input: reply }), "--separate=input"),
    );
    expect(answer).toMatchObject({ code: wrong(0), separation: { decided: false } });
    expect(answer.separation?.input?.told).toMatch(told);
  });

  it("must pass the generator's validator as well", async () => {
    const strict = python(
      "def generate(seed):\n    return [[seed]]\n\n\ndef is_legal(value):\n    return max(value[0]) < 400\n",
    );
    const helps = { generator: strict, input: lastInput([[123, 456]], 579) };
    const answer = answerOf(
      await solve([wrong(0), right(0)], await helper(helps), "--separate=generator,input"),
    );
    expect(answer.separation?.input?.told).toMatch(/not legal/);
  });

  it("is not asked for once nothing ties any more", async () => {
    const server = await helper({ generator: GENERATOR, brute: BRUTE });
    answerOf(await solve([wrong(0), right(0)], server, "--separate"));
    expect(server.seen.map(wanted).toSorted()).toEqual(["brute", "generator"]);
  });
});

describe("what it costs", () => {
  const prices = (): string => {
    const path = join(directory, "prices.json");
    const table = { format: "funprm-prices/1", asOf: "2026-01-01", unit: "USD per million tokens" };
    writeFileSync(path, JSON.stringify({ ...table, models: { m: { input: 1, output: 1 } } }));
    return path;
  };

  it("nothing where no different programs tie", async () => {
    const server = await helper({ generator: GENERATOR });
    const answer = answerOf(await solve([right(0), right(0), method("0")], server, "--separate"));
    expect(answer).toMatchObject({ code: right(0) });
    expect(answer.separation).toBeUndefined();
    expect(server.seen).toHaveLength(0);
  });

  it("is forecast, and what is stored is not paid again", async () => {
    const two = [wrong(0), right(0)];
    const server = await helper({ generator: GENERATOR, brute: BRUTE });
    const forecast = async (): Promise<unknown> =>
      jsonLines((await solve(two, server, "--separate", "--dry-run", "--prices", prices())).stdout)[0];
    expect(await forecast()).toMatchObject({
      separation: { model: "m", problems: 1, samples: 3, samples_already_stored: 0, requests_at_most: 3 },
    });
    expect(server.seen).toHaveLength(0);
    const first = await solve(two, server, "--separate");
    const asked = server.seen.length;
    expect(asked).toBe(2);
    expect(await forecast()).toMatchObject({ separation: { samples: 1, samples_already_stored: 2 } });
    const second = await solve(two, server, "--separate");
    expect(second.stdout).toBe(first.stdout);
    expect(server.seen).toHaveLength(asked);
  });

  it("is never more than --max-cost: what does not fit is not asked, and solve answers", async () => {
    const server = await helper({ generator: GENERATOR, brute: BRUTE });
    const limit = ["--max-cost", "0.0000001", "--prices", prices()];
    const result = await solve(POOL, server, "--separate", ...limit);
    expect(answerOf(result)).toMatchObject({ code: wrong(0), separation: { decided: false } });
    expect(server.seen).toHaveLength(0);
    expect(result.stderr.match(/--separate asks no more: .*--max-cost/g)).toHaveLength(1);
  });

  it("a run that was killed between two replies pays for neither twice", async () => {
    let isHanging = true;
    let hung = (): void => {};
    const hanging = new Promise<void>((resolve) => (hung = resolve));
    const server = await helper({
      generator: GENERATOR,
      brute: (response) => {
        if (!isHanging) return json(response, 200, completion([BRUTE]));
        hung();
      },
    });
    const args = solveArgs(POOL, server.url, ["--separate", "generator,brute"]);
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.on("close", resolve));
    await hanging;
    await expect.poll(stored, { timeout: 120_000 }).toBe(1);
    child.kill("SIGKILL");
    await ended;
    isHanging = false;
    const answer = answerOf(await host.run(args));
    expect(answer).toMatchObject({
      code: right(0),
      separation: { generator: { used: true }, brute: { used: true } },
    });
    expect(server.seen.map(wanted).toSorted()).toEqual(["brute", "brute", "generator"]);
    expect(stored()).toBe(2);
  });

  function stored(): number {
    try {
      const names = readdirSync(join(directory, "samples"), { recursive: true, encoding: "utf8" });
      return names.filter((name) => /-\d+\.json$/.test(name)).length;
    } catch {
      return 0;
    }
  }
});

describe("beside samples of another model", () => {
  const flags = (): string[] => {
    const path = join(directory, "prices.json");
    const table = { format: "funprm-prices/1", asOf: "2026-01-01", unit: "USD per million tokens" };
    const models = { sampler: { input: 0, output: 0 }, m: { input: 1, output: 1 } };
    writeFileSync(path, JSON.stringify({ ...table, models }));
    const store = join(directory, "samples");
    const asked = ["--model", "sampler", "--separate-model", "m", "--separate", "generator,brute"];
    return ["solve", join(directory, "problem.json"), ...asked, "--json", "--store", store, "--prices", path];
  };
  const samples = [wrong(0), right(0), right(1), right(2)];
  const replies = { generator: GENERATOR, brute: BRUTE, input: "" };
  async function both(): Promise<LocalServer> {
    const server = await localServer((seen, response) => {
      const index = Number(String(seen.headers["x-funprm-sample-indices"]).split(",")[0]);
      const text = seen.body["model"] === "m" ? replies[wanted(seen)] : python(samples[index] ?? "");
      json(response, 200, completion([text]));
    });
    servers.push(server);
    return server;
  }
  const helpsOf = ({ seen }: LocalServer): string[] =>
    seen
      .filter(({ body }) => body["model"] === "m")
      .map(wanted)
      .toSorted();

  it("the helps come last, once, and a second run asks for nothing", async () => {
    const server = await both();
    const args = [...flags(), "-n", "3", "--base-url", server.url];
    const first = await host.run(args);
    expect(answerOf(first)).toMatchObject({ code: right(0), decided_by: "separation" });
    expect(jsonLines(first.stdout)[0]).toMatchObject({
      by: { sampling: { model: "sampler" }, separation: { model: "m", helps: ["generator", "brute"] } },
    });
    const Prompts = z.object({
      by: z.object({ separation: z.object({ prompts: z.record(z.string(), z.string()) }) }),
    });
    const { prompts } = Prompts.parse(jsonLines(first.stdout)[0]).by.separation;
    expect(Object.keys(prompts)).toEqual(["generator", "brute-force"]);
    expect(prompts["generator"]).toMatch(/^[0-9a-f]{64}$/);
    expect(server.seen.slice(-2).map(({ body }) => body["model"])).toEqual(["m", "m"]);
    const asked = server.seen.length;
    expect((await host.run(args)).stdout).toBe(first.stdout);
    expect(server.seen).toHaveLength(asked);
    const [forecast] = jsonLines((await host.run([...args, "--dry-run"])).stdout);
    expect(forecast).toMatchObject({
      samples: 0,
      samples_already_stored: 3,
      separation: { samples: 0, samples_already_stored: 2 },
    });
  });

  it("a limit that only the samples fit into costs the helps and nothing else", async () => {
    const server = await both();
    const result = await host.run([...flags(), "-n", "3", "--base-url", server.url, "--max-cost", "0.00001"]);
    expect(answerOf(result)).toMatchObject({ code: wrong(0), separation: { decided: false } });
    expect(helpsOf(server)).toEqual([]);
  });

  it("rounds ask for them for the answer alone", async () => {
    const server = await both();
    const rounds = ["-n", "2..4", "--min-gain", "0", "--stop-at", "1"];
    const result = await host.run([...flags(), ...rounds, "--base-url", server.url]);
    expect(answerOf(result)).toMatchObject({ code: right(0), decided_by: "separation" });
    expect(helpsOf(server)).toEqual(["brute", "generator"]);
  });
});

describe("failures of the API", () => {
  it("a refusal is told", async () => {
    const refused = {
      ...completion([""]),
      choices: [
        { index: 0, message: { role: "assistant", content: null, refusal: "No." }, finish_reason: "stop" },
      ],
    };
    const refusal = (response: ServerResponse): void => json(response, 200, refused);
    const answer = answerOf(
      await solve(POOL, await helper({ generator: refusal, brute: refusal, input: refusal }), "--separate"),
    );
    expect(answer.code).toBe(wrong(0));
    const outcomes = [answer.separation?.generator, answer.separation?.brute, answer.separation?.input];
    expect(outcomes.map((each) => each?.told)).toEqual(outcomes.map(() => "the model refused to answer"));
  });

  it("a wrong key is told once, and nothing more is asked", async () => {
    const refuse = (response: ServerResponse): void => apiError(response, 401, "no such key");
    const server = await helper({ generator: refuse, brute: refuse, input: refuse });
    const result = await solve(POOL, server, "--separate");
    expect(answerOf(result)).toMatchObject({ code: wrong(0), separation: { decided: false } });
    expect(result.stderr.match(/--separate asks no more/g)).toHaveLength(1);
    expect(server.seen.map(wanted)).not.toContain("input");
  });
});

it.each([
  ["another selector", ["--separate", "--select", "prm"], /--separate helps --select auto or auto\+prm/],
  ["another help", ["--separate", "oracle"], /--separate: expected/],
  ["no price", ["--separate", "--max-cost", "1"], /--max-cost needs the price of m/],
])("%s is a mistake that is told at once", async (_, flags, message) => {
  const result = await solve(POOL, { url: "http://127.0.0.1:9/v1" }, ...flags);
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(message);
});

describe("programs that read standard input", () => {
  it("get no inputs where the form of the inputs is not understood; a brute force votes on mutations", async () => {
    const statement = "Double the number.\n\nSample Input 1\n\n4\n\nSample Output 1\n\n8\n";
    writeFileSync(join(directory, "problem.json"), JSON.stringify({ id: "total", statement }));
    const bad = "n = int(input())\nprint(2 * n if n == 4 else 2 * n + 1)\n";
    const good = "print(int(input()) * 2)\n";
    const server = await helper({ generator: GENERATOR, brute: python("n = int(input())\nprint(n + n)\n") });
    const pool = [bad, good, bad.replace("2 * n + 1", "n * 2 + 1"), good.replace("* 2", "* 2 + 0")];
    const [answer] = jsonLines((await solve(pool, server, "--separate")).stdout);
    expect(answer).toMatchObject({
      code: good,
      decided_by: "separation",
      separation: { brute: { used: true } },
    });
    expect(answer).toMatchObject({
      separation: {
        generator: { used: false, told: "not asked: the form of the inputs was not understood" },
      },
    });
    expect(server.seen.map(wanted)).toEqual(["brute"]);
  });

  it("are told apart in the same way", async () => {
    const statement =
      "Print the larger of two numbers.\n\nInput\n\nThe input is given from Standard Input in the following format:\n\n" +
      "A B\n\nConstraints\n\n- 0 <= A, B <= 1000\n- All values are integers.\n\nOutput\n\nPrint the larger one.\n\nSample Input 1\n\n3 7\n\nSample Output 1\n\n7\n";
    writeFileSync(join(directory, "problem.json"), JSON.stringify({ id: "total", statement }));
    const read = "a, b = map(int, input().split())\n";
    const good = `${read}print(max(a, b))\n`;
    const bad = `${read}print(max(a, b) + (a == 123 and b == 457))\n`;
    const validator =
      "def is_legal(value):\n    a, b = map(int, value.split())\n    return 0 <= a <= 1000 and 0 <= b <= 1000\n";
    const helps = {
      generator: python(`def generate(seed):\n    return '%d %d\\n' % (seed + 121, 457)\n\n\n${validator}`),
      brute: python(`${read}print(a if a > b else b)\n`),
    };
    const server = await helper(helps);
    const answer = jsonLines((await solve([bad, good], server, "--separate", "generator,brute")).stdout)[0];
    expect(answer).toMatchObject({ code: good, decided_by: "separation" });
    const byInput = await helper({ input: '```json\n{"input": "123 457\\n", "output": "457"}\n```' });
    const predicted = jsonLines((await solve([bad, good], byInput, "--separate", "input")).stdout)[0];
    expect(predicted).toMatchObject({ code: good, decided_by: "predicted output" });
  });
});
