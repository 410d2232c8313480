import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { type HubServer, startHub } from "../../hub/hub-server.ts";
import { lines } from "./bench-pools.ts";
import { type CliResult, FunprmHost, TINY_PRM } from "../run-cli.ts";

const host = new FunprmHost();
afterAll(() => host[Symbol.asyncDispose]());

let directory: string;
let hub: HubServer | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-bench-suites-"));
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  rmSync(directory, { recursive: true });
});

const TESTS = '[{"input": "1\\n", "output": "2\\n", "testtype": "stdin"}]';

function record(id: string, date: string, difficulty: string): object {
  return {
    question_title: `Task ${id}`,
    question_content: "Read n and print n + 1.",
    platform: "atcoder",
    question_id: id,
    contest_id: "made-up",
    contest_date: `${date}T00:00:00`,
    starter_code: "",
    difficulty,
    public_test_cases: TESTS,
    private_test_cases: TESTS.replace("1", "5").replace("2", "6"),
    metadata: "{}",
  };
}

/** Two releases of made-up records, in the layout of the public hub. */
async function serve(token?: string): Promise<void> {
  const files = {
    "test.jsonl": [record("abc311_c", "2024-12-31", "easy"), record("made_b", "2025-01-01", "easy")],
    "test2.jsonl": [record("made_c", "2025-02-28", "hard"), record("made_d", "2025-03-01", "hard")],
  };
  hub = await startHub(
    () =>
      Object.fromEntries(
        Object.entries(files).map(([name, rows]) => [
          `livecodebench/code_generation_lite/resolve/main/${name}`,
          { body: Buffer.from(lines(rows)) },
        ]),
      ),
    token === undefined ? {} : { token },
  );
}

function candidates(): string {
  const path = join(directory, "candidates.jsonl");
  const programs = ["print(int(input()) + 1)\n", "print(input())\n"];
  const ids = ["abc311_c", "made_b", "made_c", "made_d"];
  writeFileSync(
    path,
    lines(
      ids.flatMap((id) =>
        programs.map((code, i) => ({ question_id: id, problem_id: id, sample_index: i, code })),
      ),
    ),
  );
  return path;
}

function bench(env: Readonly<Record<string, string>>, ...more: readonly string[]): Promise<CliResult> {
  const fixed = ["--pool", candidates(), "--prm", TINY_PRM, "--skip-execution", "--selectors", "prm"];
  return host.run(["bench", "livecodebench", ...fixed, "--out", join(directory, "run"), ...more], {
    env: { HF_HOME: join(directory, "hf"), HF_ENDPOINT: hub?.endpoint ?? "", ...env },
  });
}

it("downloads a release after saying how large it is, grades, reports errata apart; then needs no hub", async () => {
  await serve();
  const first = await bench({}, "--release", "v2");
  expect(first.stderr).toMatch(/downloading livecodebench\/code_generation_lite\/test\.jsonl, \d+ kB/);
  expect(first.code).toBe(0);
  const results = join(directory, "run", "results.json");
  const data = JSON.parse(readFileSync(results, "utf8"));
  expect(data.title).toBe("livecodebench v2, 8 recorded candidates");
  expect(data.comparison.random.value).toBe(0.5);
  const errata = data.groups.find(({ name }: { name: string }) => name === "errata");
  expect(
    errata.values.map(({ value, comparison }: never) => [
      value,
      (comparison as { problems: number }).problems,
    ]),
  ).toEqual([
    ["not listed", 3],
    ["listed", 1],
  ]);
  const bytes = readFileSync(results, "utf8");
  rmSync(join(directory, "run"), { recursive: true });
  const offline = await bench({ HF_HUB_OFFLINE: "1" }, "--release", "v2");
  expect(offline.stderr).not.toMatch(/downloading/);
  expect(readFileSync(results, "utf8")).toBe(bytes);
});

it("the window takes both its days, and what it leaves out is not graded", async () => {
  await serve();
  const { code } = await bench({}, "--release", "v2", "--from", "2025-01-01", "--to", "2025-02-28");
  expect(code).toBe(0);
  const data = JSON.parse(readFileSync(join(directory, "run", "results.json"), "utf8"));
  expect(data.title).toMatch(/2025-01-01\.\.2025-02-28/);
  expect(data.comparison.problems).toBe(2);
  expect((await bench({}, "--from", "2026-01-01", "--release", "v1")).stderr).toMatch(
    /none of the 2 problems/,
  );
});

it("a hub that wants a token says so and gets it; offline without a copy is an error that says what to do", async () => {
  await serve("hf_secret");
  const refused = await bench({}, "--release", "v1");
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/HTTP 401.*HF_TOKEN/);
  const offline = await bench({ HF_HUB_OFFLINE: "1" }, "--release", "v1");
  expect(offline.code).toBe(2);
  expect(offline.stderr).toMatch(/HF_HUB_OFFLINE.*--problems/);
  const given = await bench({ HF_TOKEN: "hf_secret" }, "--release", "v1");
  expect(given.code).toBe(0);
  expect(given.stdout).toMatch(/4 candidates are of problems outside livecodebench v1/);
  expect(given.stdout + given.stderr).not.toContain("hf_secret");
});
