import { describe, expect, test } from "vitest";
import { exampleTestsOf } from "../../../src/statement/examples/extract-examples.ts";
import type { ProbeInput } from "../../../src/statement/inputs/probe-inputs.ts";
import { legalInput } from "../../../src/statement/model/legal-input.ts";
import { modelInputs } from "../../../src/statement/model/model-inputs.ts";
import { readInputModel } from "../../../src/statement/model/read-input-model.ts";
import { problemOf } from "../problem-of.ts";

const STDIN = `Input

The input is given from Standard Input in the following format:

N K
A_1 A_2 \\ldots A_N

Constraints

- 1 \\leq N \\leq 4
- 1 \\leq K \\leq N
- 0 \\leq A_i \\leq 9
- All values are integers.

Output

Print a number.

Sample Input 1

2 1
4 5

Sample Output 1

9
`;
const problem = problemOf("stdin", STDIN);
const model = readInputModel(
  problem,
  exampleTestsOf(problem).map(({ test: each }) => each),
);
const stdin = (input: string): ProbeInput => ({ type: "stdio", input });

describe("an input from elsewhere", () => {
  test("is legal where every rule holds, and is written as the model writes it", () => {
    expect(legalInput(model, stdin("3 2\n1 2 3\n"))).toEqual(stdin("3 2\n1 2 3\n"));
    expect(legalInput(model, stdin("  3 2 1\n\n2\t3"))).toEqual(stdin("3 2\n1 2 3\n"));
  });

  test.each([
    ["a value out of its range", "2 1\n4 10\n"],
    ["a size out of its range", "5 1\n1 2 3 4 5\n"],
    ["a bound that refers to another name", "2 3\n4 5\n"],
    ["too few values", "3 1\n4 5\n"],
    ["too many values", "2 1\n4 5 6\n"],
    ["words", "2 1\nfour 5\n"],
    ["nothing", ""],
  ])("%s is not", (_, text) => {
    expect(legalInput(model, stdin(text))).toBeUndefined();
  });

  test("what the model makes itself is legal", () => {
    for (const { input } of modelInputs(model)) expect(legalInput(model, input)).toEqual(input);
  });

  test("arguments, and inputs of another kind", () => {
    const method = problemOf("method", "Constraints:\n\n1 <= values.length <= 3\n0 <= values[i] <= 9\n", {
      starterCode: "class Solution:\n    def f(self, values: List[int]) -> int:\n        ",
      entryPoint: "Solution().f",
    });
    const read = readInputModel(method, []);
    const call = (...args: unknown[]): ProbeInput => ({ type: "call", args });
    expect(legalInput(read, call([1, 2]))).toEqual(call([1, 2]));
    for (const wrong of [call([1, 2, 3, 4]), call([10]), call("12"), call([1], 2), call(), call([1.5])])
      expect(legalInput(read, wrong)).toBeUndefined();
    expect(legalInput(read, stdin("1"))).toBeUndefined();
  });

  test("where the form is not understood nothing is", () => {
    const vague = readInputModel(problemOf("stdin", "Do something with a number."), []);
    expect(legalInput(vague, stdin("1\n"))).toBeUndefined();
  });
});
