import { afterEach, expect, test, vi } from "vitest";
import { tellFailure } from "../../src/cli/failure.ts";
import { FunprmError } from "../../src/core/errors.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

function told(error: unknown): { readonly code: number; readonly text: string } {
  let text = "";
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  return { code: tellFailure(error, "0.0.0"), text };
}

test.each(["EMFILE", "ENFILE"])("%s is no defect, whatever file was the one too many", (code) => {
  const error = Object.assign(new Error(`${code}: too many open files, open 'x'`), { code });
  expect(told(error)).toEqual({
    code: 2,
    text: expect.stringMatching(/^funprm: too many files .*ulimit -n/),
  });
});

test("what is expected is told, what is not is a defect; neither steers a terminal", () => {
  expect(told(new FunprmError("input", "a\u001b[2J"))).toEqual({ code: 2, text: "funprm: a\\x1b[2J\n" });
  const { code, text } = told(new Error("b\u001b[2J"));
  expect(code).toBe(1);
  expect(text).toMatch(/defect of funprm.*b\\x1b\[2J/s);
});
