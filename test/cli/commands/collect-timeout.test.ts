import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startReplayServer } from "../../../src/replay/server.ts";
import { replayContinuations } from "../../../src/rollout/replayed.ts";
import { COUNTER, COUNTER_RECORD, counter } from "../../rollout/programs.ts";
import { funprm } from "../run-cli.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-collect-timeout-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("--timeout is that of a test: an API may take longer to answer", async () => {
  await writeFile(join(folder, "problems.jsonl"), `${JSON.stringify(COUNTER_RECORD)}\n`);
  const server = await startReplayServer({
    problems: [COUNTER],
    candidates: [{ problemId: COUNTER.id, code: counter() }],
    continuations: replayContinuations,
    cycle: true,
    latencyMs: 1500,
  });
  try {
    const sampling = ["--model", "replay", "--base-url", server.url, "-n", "1"];
    const { code, stderr } = await funprm(
      ["collect", "problems.jsonl", ...sampling, "-k", "1", "--timeout", "1"],
      { cwd: folder, env: { OPENAI_API_KEY: "none" } },
    );
    expect(stderr).toMatch(/1 programs/);
    expect(code).toBe(0);
  } finally {
    await server.close();
  }
});
