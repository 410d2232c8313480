import type { Problem } from "../../../src/core/problem.ts";

function stdin(id: string, tests: readonly (readonly [input: string, output: string])[]): Problem {
  return {
    id,
    statement: `Problem ${id}.`,
    kind: "stdin",
    starterCode: "",
    exampleTests: [],
    ...(tests.length > 0 && {
      hiddenTests: {
        form: "list",
        tests: tests.map(([input, output]) => ({ type: "stdio", input, output })),
      },
    }),
    meta: {},
  };
}

/** Doubles a number; four tests. */
export const DOUBLE = stdin(
  "double",
  ["1", "2", "-3", "0"].map((number) => [number, String(2 * Number(number))]),
);
/** A problem that nobody can be judged by. */
export const UNTESTED = stdin("untested", []);

export const RIGHT = "n = int(input())\nprint(2 * n)\n";
/** Right for 2 and 0. */
export const SQUARES = "n = int(input())\n# no\n\nprint(n * n)\n";
