/** `rank` and `score` with a PRM that is an LLM, on a real HTTP server on loopback. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { completion, json, type LocalServer, localServer } from "../../llm/local-server.ts";
import { funprm, jsonLines } from "../run-cli.ts";

const PROGRAMS = 12;
let folder: string;
let server: LocalServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-rank-chat-"));
  mkdirSync(join(folder, "judge"));
  writeFileSync(join(folder, "problem.json"), JSON.stringify({ id: "p", statement: "Print the number." }));
  const rows = Array.from({ length: PROGRAMS }, (_, at) => ({
    problem_id: "p",
    sample_index: at,
    code: `def f(x):\n    return x + ${at}\n\n\ndef main():\n    print(f(int(input())))\n\n\nmain()\n`,
  }));
  writeFileSync(join(folder, "pool.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
});
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** The lower the number that a program adds, the likelier it is right. */
async function judge(answered: string[], onAnswer: () => void = () => {}): Promise<LocalServer> {
  const made = await localServer(({ body }, response) => {
    const text = JSON.stringify(body["messages"]);
    const chance = 0.9 - 0.05 * Number(/return x \+ (\d+)/.exec(text)?.[1] ?? 0);
    const top = [
      { token: "Yes", logprob: Math.log(chance) },
      { token: "No", logprob: Math.log(1 - chance) },
    ];
    const choices = [
      {
        index: 0,
        message: { role: "assistant", content: "Yes" },
        finish_reason: "stop",
        logprobs: { content: [{ ...top[0], top_logprobs: top }] },
      },
    ];
    response.on("finish", () => {
      answered.push(text);
      onAnswer();
    });
    json(response, 200, completion(["Yes"], { choices }));
  });
  server = made;
  writeFileSync(
    join(folder, "judge", "prm.json"),
    JSON.stringify({
      format: "funprm-prm/1",
      kind: "chat",
      name: "judge",
      version: "1",
      license: "none",
      label: "P(right)",
      stepSize: "function",
      aggregate: "mean",
      endpoint: { url: made.url, model: "m" },
    }),
  );
  return made;
}

const rank = (...more: string[]) => [
  "rank",
  "pool.jsonl",
  "--problem",
  "problem.json",
  "--prm",
  "judge",
  ...more,
];

it("orders programs by what the LLM says, names it in every row, and asks for nothing twice after a kill", async () => {
  const answered: string[] = [];
  const aborted = new AbortController();
  await judge(answered, () => answered.length === 5 && aborted.abort());
  await funprm(rank(), { cwd: folder, signal: aborted.signal });
  const before = new Set(answered);
  expect(before.size).toBeLessThan(2 * PROGRAMS);
  const result = await funprm(rank(), { cwd: folder });
  expect(result).toMatchObject({ code: 0 });
  const Row = z.object({
    sample_index: z.number(),
    reward: z.number(),
    by: z.object({ prm: z.string() }).loose(),
  });
  const rows = jsonLines(result.stdout).map((line) => Row.parse(line));
  expect(rows.map((row) => row.sample_index)).toEqual(Array.from({ length: PROGRAMS }, (_, at) => at));
  expect(rows[0]?.reward).toBeCloseTo(0.9, 6);
  expect(rows[0]?.by.prm).toBe("judge");
  // Two beginnings a program. What was under way at the kill, eight at most, may have been answered and not kept.
  expect(new Set(answered).size).toBe(2 * PROGRAMS);
  expect(answered.length).toBeLessThanOrEqual(2 * PROGRAMS + 8);
  // The third run asks for nothing, and says the same.
  const third = await funprm(rank(), { cwd: folder });
  expect(third.stdout).toBe(result.stdout);
  expect(new Set(answered).size).toBe(2 * PROGRAMS);
});

it("--max-cost ends it before it is passed, and what was paid for is kept", async () => {
  const answered: string[] = [];
  await judge(answered);
  writeFileSync(
    join(folder, "prices.json"),
    JSON.stringify({
      format: "funprm-prices/1",
      asOf: "2026-11-01",
      unit: "USD per million tokens",
      models: { m: { input: 1, output: 1 } },
    }),
  );
  const result = await funprm(rank("--prices", "prices.json", "--max-cost", "0.0000001"), { cwd: folder });
  expect(result.code).not.toBe(0);
  expect(result.stderr).toMatch(/max-cost|budget/i);
  expect(answered).toHaveLength(0);
});

it("score explains the steps of one program", async () => {
  await judge([]);
  writeFileSync(join(folder, "program.py"), "def f(x):\n    return x + 2\n\n\nprint(f(int(input())))\n");
  const result = await funprm(
    ["score", "program.py", "--problem", "problem.json", "--prm", "judge", "--explain"],
    { cwd: folder },
  );
  expect(result).toMatchObject({ code: 0 });
  expect(result.stdout).toMatch(/\.80/);
});
