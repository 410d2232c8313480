/** Bracketed lines may begin anywhere: CPython sees no line end inside brackets, and tree-sitter does. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadPythonParser, splitSteps } from "../../src/steps/index.ts";
import { cpython } from "./cpython.ts";

beforeAll(loadPythonParser);

/** `~` is a line end inside the brackets `< >`. */
const EXPRESSIONS = [
  ..."+ - * / // % @ ** << >> & | ^ and or == != < >= is in , . := = :"
    .split(" ")
    .flatMap((operator) => [`a ${operator}~b`, `a~${operator} b`]),
  ..."a if c else~b|a if~c else b|a if c~else b|a~if c else b|a is not~b|a not in~b|a not~in b".split("|"),
  ..."q for q in~v|q~for q in v|q for~q in v|q for q in v~if q|lambda:~b|lambda z:~z|lambda z~: z".split("|"),
  ..."not~b|-~b|'s'~'t'|f'{a}'~'t'|f(~b)|a[~0]|a[0~]|a[1:~2]|f(x=~1)|f(*~a)|f(**~k)|f(a,~~b)".split("|"),
  ..."a # one (~+ b|a + # '''~b|f'''{a}~{b}''' +~a|'''s # ~ ( ''',~a|[(a -~{1:~2}[1])]|f(a,~ # end~)".split(
    "|",
  ),
];
const STATEMENTS = [
  ..."x = <>|x = a[0] * <> % 10|print(a, <>)|if <>: pass|while <>: break|for i in <>: pass|assert <>, 'no'".split(
    "|",
  ),
  ..."x += <>|with open(<>) as h: pass|raise E(<>)|y = 1; x = <>; z = 2|@d(<>)\tdef g(p=1): return p".split(
    "|",
  ),
];
/** Behind which lines the statement stands, in which column, and what follows it. */
const PLACES = [
  ["def f(a, b, c, v, k):\n", 4, "    return x\n\ndef g():\n    return 1\n"],
  ["def f(a, b, c, v, k):\n    if a:\n", 8, "        x = 3\n    return x\ndef g():\n    pass\ng()\n"],
  [
    "class A:\n    def m(self, a, b, c, v, k):\n",
    8,
    "        return 3\n    def n(self):\n        return 2\n    y = 1\n",
  ],
  [
    "class A:\n    def m(s):\n        while s:\n            if s:\n",
    16,
    "            s = 1\n\n    @property\n    def n(s):\n        pass\nA()\n",
  ],
  ["def f():\n    pass\nif True:\n", 4, "print(3)\n"],
] as const;

/** Every expression in every kind of brackets, at statements, places and columns that change from one to the next. */
function programs(): string[] {
  const made: string[] = [];
  let count = 0;
  for (const expression of EXPRESSIONS) {
    for (const brackets of ["()", "[]", "{}"]) {
      for (const [before, column, after] of PLACES) {
        const left = ["", " ", "    ", "\t"][count % 4] ?? "";
        const statement = STATEMENTS[(count * 7) % STATEMENTS.length] ?? "";
        const body = statement
          .replace("<>", `${brackets[0]}${expression}${brackets[1]}`)
          .replace("\t", `\n${" ".repeat(column)}`)
          .replaceAll("~", count % 5 === 0 ? `\n\n${left}` : `\n${left}`);
        made.push(`${before}${" ".repeat(column)}${body}\n${after}`);
        count += 1;
      }
    }
  }
  return made;
}

describe("lines inside brackets that begin left of their block", () => {
  test("have the steps that CPython's ast has", ({ skip }) => {
    const all = programs();
    const words = cpython(all);
    if (words === undefined) return skip("there is no python3 on the path to be the judge");
    let valid = 0;
    for (const [i, code] of all.entries()) {
      const word = words[i];
      if (word === undefined || "error" in word) continue; // an expression that these brackets cannot hold
      valid += 1;
      const steps = splitSteps(code, "function");
      const found = steps.map(({ name, endLine, complete }) => [name, endLine, complete]);
      // What follows the last function is part of its step.
      const last = word.ends.length - 1;
      const expected = word.ends.map(([name, line], at) => [
        name,
        at === last ? steps.at(-1)?.endLine : line,
        true,
      ]);
      expect({ code, steps: found }).toEqual({ code, steps: expected });
    }
    expect(valid).toBeGreaterThan(1000);
  });

  test("and a bracket that is not closed is still seen", () => {
    const steps = splitSteps("def f(a):\n    x = (a +\n    return x\n\ndef g():\n    return 1\n", "function");
    expect(steps.map(({ name, complete }) => [name, complete])).toEqual([
      ["f", false],
      ["g", true],
    ]);
  });
});
