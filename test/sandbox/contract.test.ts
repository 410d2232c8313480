import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeSandbox, type FakeProgram } from "./fake-sandbox.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { calls, LIMITS, script } from "./programs.ts";

/** Programs that Python runs and the fake knows. */
const ECHO = "print(input())";
const FAILS = "import sys\nprint('before')\nsys.stderr.write('why')\nsys.exit(3)";
const RAISES = "raise KeyError('k')";
const SPINS = "while True: pass";
const SLEEPS = "import time\ntime.sleep(60)";
const FLOODS = "while True: print('x' * 1000)";
const ANSWERS_THEN_SPINS = "def f(x):\n    while x > 2: pass\n    return x";
const ANSWERS_SLOWLY = "import time\ndef f(x):\n    time.sleep(0.011)\n    return x";
const WRITES_600_MB = "part = 'x' * (20 << 20)\nfor _ in range(30): print(part)";
const DIES = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)";

const FAKE_PROGRAMS = new Map<string, FakeProgram>([
  [ECHO, (job) => ({ stdout: job.kind === "script" ? job.stdin : "" })],
  [FAILS, () => ({ stdout: "before\n", stderr: "why", exitCode: 3 })],
  [RAISES, () => ({ exitCode: 1, report: '["KeyError", "\'k\'"]', stderr: "KeyError: 'k'" })],
  [SPINS, (job) => ({ status: "timeout_cpu", cpuMs: job.limits.cpuMs })],
  [SLEEPS, (job) => ({ status: "timeout_wall", wallMs: job.limits.wallMs })],
  [FLOODS, (job) => ({ status: "output", stdout: "x".repeat(job.limits.outputBytes) })],
  [ANSWERS_THEN_SPINS, () => ({ status: "timeout_cpu", report: "=1\n=2\n" })],
  [ANSWERS_SLOWLY, () => ({ report: "=1\n=2\n=3\n" })],
  [WRITES_600_MB, () => ({ status: "output", stdout: "x".repeat(2 ** 28) })],
  [DIES, () => ({ status: "signal", signal: 11 })],
]);

describe.each([
  ["bubblewrap", () => openSandbox({ jobs: 2 })],
  ["unprotected", () => openSandbox({ jobs: 2, unsafe: true })],
  ["fake", () => Promise.resolve(new FakeSandbox(FAKE_PROGRAMS, 2))],
])("a sandbox: %s", (_, open) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await open();
  });
  afterAll(async () => sandbox.close());

  test("says what it is and how much runs at once", () => {
    expect(sandbox.identity).not.toBe("");
    expect(sandbox.jobs).toBe(2);
  });

  test("gives stdin and returns stdout", async () => {
    const result = await sandbox.run(script(ECHO, { stdin: "naïve 🎉\n" }));
    expect(result).toMatchObject({ status: "exited", exitCode: 0, stdout: "naïve 🎉\n", report: "" });
    expect(result.cpuMs).toBeGreaterThan(0);
    expect(result.memoryKb).toBeGreaterThan(0);
  });

  test("returns exit code and stderr", async () => {
    const result = await sandbox.run(script(FAILS));
    expect(result).toMatchObject({ status: "exited", exitCode: 3, stdout: "before\n", stderr: "why" });
  });

  test("reports an uncaught exception", async () => {
    const result = await sandbox.run(script(RAISES));
    expect(result).toMatchObject({ status: "exited", exitCode: 1, report: '["KeyError", "\'k\'"]' });
    expect(result.stderr).toContain("KeyError: 'k'");
  });

  test("stops at the CPU limit, the wall limit and the output limit", async () => {
    const [spun, slept, flooded] = await Promise.all([
      sandbox.run(script(SPINS)),
      sandbox.run(script(SLEEPS, { limits: { ...LIMITS, wallMs: 1_000 } })),
      sandbox.run(script(FLOODS)),
    ]);
    expect(spun).toMatchObject({ status: "timeout_cpu" });
    expect(slept).toMatchObject({ status: "timeout_wall" });
    expect(flooded).toMatchObject({ status: "output" });
    expect(flooded?.stdout.length).toBe(1 << 20);
  });

  test("cuts what is longer than a string can be", async () => {
    const limits = { ...LIMITS, cpuMs: 20_000, memoryBytes: 2 ** 31, outputBytes: 2 ** 30 };
    const result = await sandbox.run(script(WRITES_600_MB, { limits }));
    expect(result.status).toBe("output");
    expect(result.stdout.length).toBe(2 ** 28);
  });

  test("names the signal that ended a program", async () => {
    expect(await sandbox.run(script(DIES))).toMatchObject({ status: "signal", signal: 11 });
  });

  test("ends a run whose report has shown enough", async () => {
    const seen: string[] = [];
    const job = calls(ANSWERS_THEN_SPINS, {
      argumentsJson: "[[1],[2],[3]]",
      limits: { ...LIMITS, cpuMs: 60_000 },
    });
    const result = await sandbox.run(job, { lookOut: () => (lines) => seen.push(...lines) > 1 });
    expect(result).toMatchObject({ status: "stopped", report: "=1\n=2\n" });
    expect(seen).toEqual(["=1", "=2"]);
  });

  test("a stop that comes when the run has ended means nothing to the next one", async () => {
    const job = calls(ANSWERS_SLOWLY, { argumentsJson: "[[1],[2],[3]]" });
    for (let round = 0; round < 20; round += 1) {
      const { status } = await sandbox.run(job, {
        lookOut: () => (lines) => lines.includes("=3") || round % 2 === 0,
      });
      expect(["exited", "stopped"]).toContain(status);
      expect(await sandbox.run(script(ECHO, { stdin: `${round}\n` }))).toMatchObject({
        stdout: `${round}\n`,
      });
    }
  });

  test("runs what came in any number, and what must be alone, alone", async () => {
    const inputs = Array.from({ length: 20 }, (_, at) => `${at}\n`);
    const results = await Promise.all(
      inputs.map((stdin, at) => sandbox.run(script(ECHO, { stdin }), { alone: at % 5 === 0 })),
    );
    expect(results.map((result) => result.stdout)).toEqual(inputs);
  });

  test("refuses work after an abort and after close", async () => {
    const aborted = AbortSignal.abort();
    await expect(sandbox.run(script(ECHO), { signal: aborted })).rejects.toMatchObject({
      code: "interrupted",
    });
    const other = await open();
    await other.close();
    await expect(other.run(script(ECHO))).rejects.toMatchObject({ code: "grading" });
  });
});
