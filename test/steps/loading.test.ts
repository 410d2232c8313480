import { expect, test } from "vitest";
import { FunprmError } from "../../src/core/errors.ts";
import { loadPythonParser, splitSteps } from "../../src/steps/index.ts";

test("splitting before the grammar is loaded says what to do; loading twice is loading once", async () => {
  expect(() => splitSteps("x = 1\n", "function")).toThrow(FunprmError);
  expect(() => splitSteps("x = 1\n", "function")).toThrow("await loadPythonParser() first");
  await Promise.all([loadPythonParser(), loadPythonParser()]);
  expect(splitSteps("x = 1\n", "function")).toHaveLength(1);
});
