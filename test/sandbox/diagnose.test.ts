import { expect, test } from "vitest";
import { diagnoseSandbox, remedies } from "../../src/sandbox/diagnose.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";

test("doctor finds everything where the sandbox runs", async () => {
  const checks = await diagnoseSandbox();
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ["bubblewrap", true],
    ["namespaces", true],
    ["Python", true],
  ]);
});

test("a missing interpreter is named with what to do", async () => {
  const checks = await diagnoseSandbox({ python: "/no/such/python" });
  expect(checks.at(2)).toMatchObject({ ok: false, remedy: expect.stringContaining("--python") });
});

test("without bubblewrap nothing runs, and the refusal names the package and --unsafe", async () => {
  const path = process.env["PATH"];
  const { executable } = await (
    await import("../../src/sandbox/interpreter.ts")
  ).resolveInterpreter("python3");
  process.env["PATH"] = "/no/such/folder";
  try {
    await expect(openSandbox({ python: executable })).rejects.toMatchObject({
      code: "grading",
      message: expect.stringMatching(/apt-get install bubblewrap[^]*--unsafe/),
    });
    expect((await diagnoseSandbox({ python: executable })).map(({ ok }) => ok)).toEqual([false, false, true]);
  } finally {
    process.env["PATH"] = path;
  }
});

test("a refusal by the kernel has a remedy", async () => {
  expect(await remedies("bwrap: No permissions to create new namespace")).not.toBe("");
});
