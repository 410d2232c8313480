import { beforeAll, describe, expect, test } from "vitest";
import { stepTexts } from "../../src/core/step.ts";
import { codePointOffsets, loadPythonParser, splitSteps } from "../../src/steps/index.ts";

beforeAll(loadPythonParser);

describe("--steps line", () => {
  test("a step is a line that is not blank; blank lines go to what follows, trailing ones to the last", () => {
    const code = "\n\ndef f():\n\n    # why\n    return '''\n\n  x'''\n \t\n\n";
    const steps = splitSteps(code, "line");
    expect(stepTexts(code, steps)).toEqual([
      "\n\ndef f():\n",
      "\n    # why\n",
      "    return '''\n",
      "\n  x'''\n \t\n\n",
    ]);
    expect(steps[0]).toEqual({
      index: 0, kind: "line", name: null, startLine: 1, endLine: 3, start: 0, end: 11, complete: true,
    }); // prettier-ignore
    expect(steps.at(-1)).toMatchObject({ startLine: 7, endLine: 10 });
  });

  test("\\r and \\r\\n end lines, U+2028 and form feeds do not", () => {
    const code = "a = 1\rb = '\u2028'\r\nc\f = 2";
    expect(stepTexts(code, splitSteps(code, "line"))).toEqual(["a = 1\r", "b = '\u2028'\r\n", "c\f = 2"]);
  });

  test("a blank program is one step, the empty one none", () => {
    expect(splitSteps(" \n\n", "line")).toMatchObject([{ kind: "line", start: 0, end: 3 }]);
    expect(splitSteps("", "line")).toEqual([]);
  });

  test("a program cut off has an incomplete last line", () => {
    expect(splitSteps("x = 1\ny = (\n", "line").map(({ complete }) => complete)).toEqual([true, false]);
  });
});

describe("--steps program", () => {
  test("one module step, complete or not", () => {
    expect(splitSteps("def f(): pass\ndef g(): pass\n", "program")).toEqual([
      { index: 0, kind: "module", name: null, startLine: 1, endLine: 2, start: 0, end: 28, complete: true },
    ]);
    expect(splitSteps("def f(:", "program")).toMatchObject([{ complete: false }]);
    expect(splitSteps("", "program")).toEqual([]);
  });
});

test("offsets in code points are Python's: a pair is one, a lone surrogate one", () => {
  const code = "\u{1f600}a\ud800b\udc00\u{1f600}\n";
  expect(codePointOffsets(code, [0, 2, 3, 4, 5, 6, 8, 9])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(codePointOffsets("", [])).toEqual([]);
});
