import { describe, expect, it } from "vitest";
import { RememberingSandbox } from "../../src/sandbox/remembering-sandbox.ts";
import { DEFAULT_LIMITS, type Job, type RunResult } from "../../src/sandbox/sandbox.ts";
import { FakeSandbox } from "./fake-sandbox.ts";

const job = (code: string, stdin = ""): Job => ({
  kind: "script",
  code,
  prelude: "",
  stdin,
  limits: DEFAULT_LIMITS,
});

function remembering(result: Partial<RunResult>): { inner: FakeSandbox; sandbox: RememberingSandbox } {
  const inner = new FakeSandbox(new Map([["a", () => result]]));
  return { inner, sandbox: new RememberingSandbox(inner) };
}

describe("a sandbox that remembers", () => {
  it("runs equal jobs once and tells the same each time", async () => {
    const { inner, sandbox } = remembering({ stdout: "1\n", cpuMs: 7 });
    const [first, second] = [await sandbox.run(job("a")), await sandbox.run(job("a"))];
    expect(first).toMatchObject({ stdout: "1\n", cpuMs: 7 });
    expect(second).toEqual(first);
    expect(inner.ran).toHaveLength(1);
  });

  it("runs what differs in its program, its input or a limit", async () => {
    const { inner, sandbox } = remembering({});
    const others = [
      job("a"),
      job("b"),
      job("a", "1"),
      { ...job("a"), limits: { ...DEFAULT_LIMITS, cpuMs: 1 } },
    ];
    for (const each of others) await sandbox.run(each);
    expect(inner.ran).toHaveLength(4);
  });

  it.each(["infra", "stopped"] as const)("runs again what ended as %s", async (status) => {
    const { inner, sandbox } = remembering({ status });
    await sandbox.run(job("a"));
    await sandbox.run(job("a"));
    expect(inner.ran).toHaveLength(2);
  });

  it("forgets what would take too much memory", async () => {
    const { inner, sandbox } = remembering({ stdout: "x".repeat(33 * 2 ** 20) });
    await sandbox.run(job("a"));
    await sandbox.run(job("a"));
    expect(inner.ran).toHaveLength(2);
  });
});
