import * as fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { codeLines } from "../../src/steps/code-lines.ts";
import { loadPythonParser, splitSteps } from "../../src/steps/index.ts";

beforeAll(loadPythonParser);

/** The lines that hold code, without their white space. */
function code(program: string): string[] {
  const steps = splitSteps(program, "line");
  const isCode = codeLines(program, steps);
  return steps.filter((_, at) => isCode[at]).map(({ start, end }) => program.slice(start, end).trim());
}

it("leaves out comments, and strings that stand alone, however many lines they take", () => {
  const program = [
    "# about",
    "def f(a):",
    '    """One line."""',
    "    '''Two",
    "    lines'''  # why",
    "    r'raw'",
    "    x = '''kept",
    "    # inside'''",
    "    y = [",
    "        1,",
    "        # a comment in brackets",
    "        2,  # and one behind code",
    "    ]",
    "    'a' + x",
    "",
    "    return y",
  ].join("\n");
  expect(code(program)).toEqual([
    "def f(a):",
    "x = '''kept",
    "# inside'''",
    "y = [",
    "1,",
    "2,  # and one behind code",
    "]",
    "'a' + x",
    "return y",
  ]);
});

it("reads broken programs too", () => {
  expect(code("x = (\n# no end\ny")).toContain("x = (");
  expect(code('"""never closed\nx = 1\n')).toEqual([]);
  expect(code("\ufeff# bom\nx = 1")).toEqual(["x = 1"]);
  expect(code(" \n\n")).toEqual([]);
});

it("gives an answer for every line of any text", () => {
  const pieces = fc.constantFrom(
    "x",
    "#",
    '"""',
    "'",
    "\n",
    " ",
    "(",
    ")",
    "\\",
    "def f():",
    "\r",
    "f'{",
    "}",
  );
  fc.assert(
    fc.property(
      fc.array(pieces).map((parts) => parts.join("")),
      (program) => {
        const steps = splitSteps(program, "line");
        expect(codeLines(program, steps)).toHaveLength(steps.length);
      },
    ),
  );
});

it("takes a comment line away without changing the others", () => {
  const lines = fc.array(
    fc.constantFrom("x = 1", "# c", "'''doc'''", "y = [1,", "2]", "", "if x:", "    z = 2"),
  );
  fc.assert(
    fc.property(lines, fc.nat(), (rows, at) => {
      const place = at % (rows.length + 1);
      const padded = [...rows.slice(0, place), "# padding", ...rows.slice(place)];
      expect(code(padded.join("\n"))).toEqual(code(rows.join("\n")));
    }),
  );
});
