import { expect, test, vi } from "vitest";

test("splitting before the grammar is loaded says what to do; loading twice is loading once", async () => {
  // Modules of its own, in which no other test has loaded the grammar.
  vi.resetModules();
  const { FunprmError } = await import("../../src/core/errors.ts");
  const { loadPythonParser, splitSteps } = await import("../../src/steps/index.ts");
  expect(() => splitSteps("x = 1\n", "function")).toThrow(FunprmError);
  expect(() => splitSteps("x = 1\n", "function")).toThrow("await loadPythonParser() first");
  await Promise.all([loadPythonParser(), loadPythonParser()]);
  expect(splitSteps("x = 1\n", "function")).toHaveLength(1);
});
