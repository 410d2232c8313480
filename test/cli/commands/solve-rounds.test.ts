import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Candidate } from "../../../src/core/candidate.ts";
import { readCandidates } from "../../../src/formats/candidates.ts";
import { readStatements } from "../../../src/formats/problems.ts";
import { startReplayServer } from "../../../src/replay/server.ts";
import { completion, json, localServer } from "../../llm/local-server.ts";
import { type CliResult, FunprmHost, jsonLines } from "../run-cli.ts";

const STATEMENT = "Double the number.\n\nSample Input 1\n\n4\n\nSample Output 1\n\n8\n";
const RIGHT = "print(int(input()) * 2)\n";
const WRONG = "print(int(input()) + 1)\n";

const host = new FunprmHost();
afterAll(() => host[Symbol.asyncDispose]());

let directory: string;
let problem: string;
let stop: (() => Promise<void>)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-rounds-"));
  problem = join(directory, "problem.json");
  writeFileSync(problem, JSON.stringify({ id: "double", statement: STATEMENT }));
});
afterEach(async () => {
  for (const end of stop) await end();
  stop = [];
  rmSync(directory, { recursive: true });
});

interface Recorded {
  readonly code: string;
  readonly model?: string;
}

/** A server that answers from these programs; gives its base URL. */
async function replay(programs: readonly Recorded[]): Promise<string> {
  const pool = join(directory, "pool.jsonl");
  const lines = programs.map((row, i) => JSON.stringify({ problem_id: "double", sample_index: i, ...row }));
  writeFileSync(pool, lines.join("\n"));
  const candidates: Candidate[] = [];
  for await (const candidate of readCandidates([pool])) candidates.push(candidate);
  const problems = await readStatements(problem);
  const server = await startReplayServer({ problems: problems.values(), candidates });
  stop.push(() => server.close());
  return server.url;
}

function solve(url: string, ...more: readonly string[]): Promise<CliResult> {
  const fixed = ["solve", problem, "--model", "m", "--base-url", url, "--json"];
  return host.run([...fixed, "--store", join(directory, "samples"), ...more]);
}

it("tells nothing of how likely a program is right that another selector chose", async () => {
  const url = await replay([{ code: WRONG }, { code: RIGHT }, { code: RIGHT }, { code: RIGHT }]);
  const result = await solve(url, "-n", "4..8", "--select", "first");
  expect(jsonLines(result.stdout)[0]).toMatchObject({ code: WRONG, confidence: null, facts: [] });
});

const Answer = z.object({
  code: z.string().nullable(),
  candidates: z.number(),
  rounds: z.object({
    count: z.number(),
    stopped: z.string(),
    repairs: z.record(z.string(), z.number()),
    repair_prompt_sha256: z.string().optional(),
  }),
  ranking: z.array(z.object({ sample_index: z.number(), model: z.string().optional() })),
});

function answerOf({ stdout }: CliResult): z.infer<typeof Answer> {
  return Answer.parse(jsonLines(stdout)[0]);
}

function samplesKept(): number {
  const names = readdirSync(join(directory, "samples"), { recursive: true, encoding: "utf8" });
  return names.filter((name) => /-\d+\.json$/.test(name)).length;
}

const all = (code: string, count: number): Recorded[] => Array.from({ length: count }, () => ({ code }));

describe("solve -n 2..8", () => {
  it("stops as soon as the choice is sure enough, and a second run asks for nothing", async () => {
    const url = await replay(all(RIGHT, 8));
    const sure = ["-n", "2..8", "--stop-at", "0.3"];
    const result = await solve(url, ...sure);
    expect(answerOf(result)).toMatchObject({
      code: RIGHT,
      candidates: 2,
      rounds: { count: 1, stopped: "sure enough" },
    });
    expect(samplesKept()).toBe(2);
    await stop.shift()?.();
    const again = await solve(url, ...sure);
    expect(again).toMatchObject({ code: 0, stdout: result.stdout });
  });

  it("goes on where no program passes the example, to the last sample", async () => {
    const url = await replay([...all(WRONG, 7), { code: RIGHT }]);
    const result = await solve(url, "-n", "2..8", "--min-gain", "0");
    expect(answerOf(result)).toMatchObject({
      code: RIGHT,
      candidates: 8,
      rounds: { count: 4, stopped: "all sampled" },
    });
  });

  it("stops where a further round is not expected to gain enough", async () => {
    const url = await replay(all(WRONG, 8));
    const result = await solve(url, "-n", "2..8", "--min-gain", "0.6");
    expect(answerOf(result)).toMatchObject({ candidates: 2, rounds: { stopped: "little to gain" } });
  });

  it("answers with what came before the API failed", async () => {
    const url = await replay(all(WRONG, 2));
    const result = await solve(url, "-n", "2..8", "--min-gain", "0");
    expect(result.code).toBe(4);
    expect(answerOf(result)).toMatchObject({ code: WRONG, candidates: 2, rounds: { stopped: "failed" } });
    expect(result.stderr).toMatch(/2 recorded candidates/);
  });

  it("forecasts the first round and the most", async () => {
    const url = await replay(all(RIGHT, 8));
    const [forecast] = jsonLines((await solve(url, "-n", "2..8", "--repair", "--dry-run")).stdout);
    expect(forecast).toMatchObject({ samples: 8, first_round: { samples: 2 }, not_counted: /longer/ });
  });

  it("says why it stopped to people, too", async () => {
    const url = await replay(all(RIGHT, 8));
    const result = await solve(url, "-n", "2..8", "--stop-at", "0.3");
    expect(result.stderr).toMatch(/1 round of samples; sure enough/);
  });

  it.each([
    [["-n", "4..2"], /from the smaller to the greater/],
    [["-n", "a..b"], /such as 4\.\.32/],
    [["-n", "4", "--repair"], /--repair mends between rounds/],
    [["-n", "2..4", "--model", "a,a"], /got a twice/],
  ])("refuses %j", async (args, message) => {
    const { code, stderr } = await solve("http://127.0.0.1:9/v1", ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it("is for solve alone; a range in funprm.toml counts as its most for others", async () => {
    const args = ["sample", problem, "--model", "m", "--base-url", "http://127.0.0.1:9/v1"];
    const refused = await host.run([...args, "-n", "2..4"]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/give sample one number/) });
    writeFileSync(join(directory, "funprm.toml"), 'samples = "2..4"\n');
    const forecast = await host.run([...args, "--dry-run", "--json"], { cwd: directory });
    expect(jsonLines(forecast.stdout)[0]).toMatchObject({ samples: 4 });
  });
});

describe("several models in one pool", () => {
  const programs = [
    ...all(WRONG, 4).map((row) => ({ ...row, model: "weak" })),
    ...all(RIGHT, 4).map((row) => ({ ...row, model: "strong" })),
  ];

  it("take turns, each with its own samples", async () => {
    const url = await replay(programs);
    const result = await solve(
      url,
      "--model",
      "weak,strong",
      "-n",
      "2..4",
      "--min-gain",
      "0",
      "--stop-at",
      "1",
    );
    const { code, ranking } = answerOf(result);
    expect(code).toBe(RIGHT);
    const samplers = ranking.toSorted((a, b) => a.sample_index - b.sample_index).map(({ model }) => model);
    expect(samplers).toEqual(["weak", "strong", "weak", "strong"]);
  });

  it("share a pool without rounds too, and one of them alone finds its samples in the store", async () => {
    const url = await replay(programs);
    const both = await solve(url, "--model", "weak,strong", "-n", "6");
    expect(jsonLines(both.stdout)[0]).toMatchObject({ code: RIGHT, candidates: 6 });
    await stop.shift()?.();
    const one = await solve(url, "--model", "strong", "-n", "3");
    expect(jsonLines(one.stdout)[0]).toMatchObject({ code: RIGHT, candidates: 3 });
    expect(one.code).toBe(0);
  });
});

describe("--repair", () => {
  /** An LLM that is wrong until it is shown what it did wrong. */
  async function learning(): Promise<Awaited<ReturnType<typeof localServer>>> {
    const server = await localServer(({ body }, response) => {
      const asked = JSON.stringify(body["messages"]);
      const code = asked.includes("A program that is wrong") ? RIGHT : WRONG;
      const n = z.number().parse(body["n"] ?? 1);
      json(response, 200, completion(Array.from({ length: n }, () => `\`\`\`python\n${code}\`\`\`\n`)));
    });
    stop.push(async () => server[Symbol.asyncDispose]());
    return server;
  }

  it("shows the best program, the example that it fails and what it printed; what comes back is a candidate", async () => {
    const server = await learning();
    const args = ["-n", "2..8", "--repair", "--stop-at", "0.3", "--min-gain", "0"];
    const result = await solve(server.url, ...args);
    expect(answerOf(result)).toMatchObject({
      code: RIGHT.trimEnd(),
      candidates: 4,
      rounds: {
        count: 2,
        stopped: "sure enough",
        repairs: { 2: 0, 3: 0 },
        repair_prompt_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    const messages = z.array(z.object({ content: z.string() })).parse(server.seen.at(-1)?.body["messages"]);
    const asked = messages.at(-1)?.content ?? "";
    expect(asked).toContain(STATEMENT);
    expect(asked).toContain(WRONG);
    expect(asked).toMatch(
      /Input:\s+```text\n4\n```\s+Expected:\s+```text\n8\n```\s+What it gave:\s+```text\n5\n```/,
    );
    const requests = server.seen.length;
    const again = await solve(server.url, ...args);
    expect(again.stdout).toBe(result.stdout);
    expect(server.seen).toHaveLength(requests);
  });

  it("samples anew where some program passes, and without the flag", async () => {
    const server = await learning();
    await solve(server.url, "-n", "2..4", "--min-gain", "0");
    const url = await replay([...all(RIGHT, 2), ...all("print(8)\n", 2)]);
    const kept = answerOf(await solve(url, "-n", "2..4", "--repair", "--stop-at", "1", "--min-gain", "0"));
    expect(kept.rounds.repairs).toEqual({});
    expect(JSON.stringify(server.seen.map(({ body }) => body))).not.toContain("A program that is wrong");
  });
});
