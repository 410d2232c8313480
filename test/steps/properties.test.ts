import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { stepTexts } from "../../src/core/step.ts";
import type { StepSize } from "../../src/core/step.ts";
import { STEP_SIZES } from "../../src/core/step.ts";
import { codePointOffsets, loadPythonParser, splitSteps } from "../../src/steps/index.ts";

beforeAll(loadPythonParser);

const SPLINTERS = [
  "def f(a):", "async def g():", "class A:", "class B(A):", "    def m(self):", "        return 1", "    x = 1", "if x:", "@d",
  "    ", "\t", "\f", " ", "\n", "\n\n", "\r\n", "\r", "(", ")", "[", "]", "{", "}", "'", '"', '"""', "'''", "f'{", "\\", "\\\n",
  "#", "pass", "print 1", "x", "=", ":", ";", ",", "\u0000", "\ufeff", "\u2028", "\u0085", "\u{1f600}", "\ud800", "\udc00", "é",
]; // prettier-ignore
const anyText = fc.string({ unit: "binary", maxLength: 200 });
const loneSurrogates = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 })
  .map((units) => String.fromCharCode(...units));
const pythonLike = fc.array(fc.constantFrom(...SPLINTERS), { maxLength: 60 }).map((parts) => parts.join(""));
const lines = fc.array(fc.constantFrom(...SPLINTERS), { maxLength: 40 }).map((parts) => parts.join("\n"));
const program = fc.oneof(anyText, loneSurrogates, pythonLike, lines);
const size = fc.constantFrom<StepSize>(...STEP_SIZES);

/** A whole function or class, as text that ends its line. */
const definition = fc
  .record({
    name: fc.constantFrom("f", "solve", "naïve", "_x1"),
    decorator: fc.constantFrom("", "@cache\n", "# why\n", "import sys\nN = [\n1,\n]\n", "\n\n"),
    body: fc.constantFrom("return 1", '"""Doc\n\ndef no(): ...\n"""', "x = (1,\n2)", "def g():\n        pass", "if x:\n        y()"),
    inClass: fc.boolean(),
  })
  .map(({ name, decorator, body, inClass }) =>
    inClass
      ? `class A:\n    x = 1\n    def ${name}(self):\n        ${body.replaceAll("\n        ", "\n            ")}\n`
      : `${decorator}def ${name}(a):\n    ${body}\n`,
  ); // prettier-ignore

/** Line number of an offset, counted from the text alone. */
function lineOf(code: string, offset: number): number {
  return code.slice(0, offset).split(/\r\n|\r|\n/).length;
}

describe("any string", () => {
  test("is the join of its steps, which are not empty and have no gaps", () => {
    fc.assert(
      fc.property(program, size, (code, size) => {
        const steps = splitSteps(code, size);
        expect(stepTexts(code, steps).join("")).toBe(code);
        let end = 0;
        for (const [index, step] of steps.entries()) {
          expect(step).toMatchObject({ index, start: end });
          expect(step.end).toBeGreaterThan(step.start);
          end = step.end;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("has steps of whole lines, numbered as they are", () => {
    fc.assert(
      fc.property(program, size, (code, size) => {
        for (const step of splitSteps(code, size)) {
          expect(step.startLine).toBe(lineOf(code, step.start));
          const [terminator = ""] = /(?:\r\n|\r|\n|)$/.exec(code.slice(0, step.end)) ?? [];
          expect(step.endLine).toBe(lineOf(code, step.end - terminator.length));
          expect(terminator !== "" || step.end === code.length).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("is split the same every time, whatever was split in between", () => {
    fc.assert(
      fc.property(program, program, size, (code, other, size) => {
        const steps = splitSteps(code, size);
        splitSteps(other, "function");
        expect(splitSteps(code, size)).toEqual(steps);
      }),
      { numRuns: 500 },
    );
  });

  test("has offsets that count its code points", () => {
    fc.assert(
      fc.property(program, (code) => {
        const { length } = Array.from(code);
        expect(codePointOffsets(code, [0, code.length])).toEqual([0, length]);
      }),
    );
  });
});

describe("whole functions, one after the other", () => {
  const definitions = fc.array(definition, { minLength: 1, maxLength: 6 });

  test("are the steps", () => {
    fc.assert(
      fc.property(definitions, (texts) => {
        const code = texts.join("");
        const steps = splitSteps(code, "function");
        expect(stepTexts(code, steps)).toEqual(texts);
        expect(steps.every((step) => step.complete)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("stay the steps when what follows them is cut off or broken", () => {
    fc.assert(
      fc.property(definitions, definition, fc.nat(), (texts, last, cut) => {
        const code = texts.join("");
        const header = "def last(a):\n    return (a\n";
        const broken = `${code}${header}${last.slice(0, cut % last.length)}`;
        const steps = splitSteps(broken, "function");
        expect(stepTexts(broken, steps).slice(0, texts.length)).toEqual(texts);
        expect(steps.slice(0, texts.length).every((step) => step.complete)).toBe(true);
        expect(steps.slice(texts.length).every((step) => step.complete)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("keep their earlier steps when truncated at the end of one", () => {
    fc.assert(
      fc.property(definitions, (texts) => {
        const code = texts.join("");
        const steps = splitSteps(code, "function");
        for (const step of steps) {
          expect(splitSteps(code.slice(0, step.end), "function")).toEqual(steps.slice(0, step.index + 1));
        }
      }),
      { numRuns: 200 },
    );
  });
});
