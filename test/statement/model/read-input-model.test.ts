import { describe, expect, test } from "vitest";
import type { TestCase } from "../../../src/core/problem.ts";
import type { InputModel } from "../../../src/statement/model/input-model.ts";
import { readInputModel } from "../../../src/statement/model/read-input-model.ts";
import { claimText } from "../../../src/statement/model/rule-text.ts";
import { satisfies } from "../../../src/statement/model/draw/satisfy.ts";
import { problemOf } from "../problem-of.ts";

const template = (format: string, constraints: string): string =>
  `Some task.\n\nInput\n\nThe input is given from Standard Input in the following format:\n${format}\n\nOutput\n\nPrint it.\n\nConstraints\n\n${constraints}\n\nSample Input 1\n\n1\n`;

const stdin = (input: string): TestCase => ({ type: "stdio", input, output: "" });

function model(statement: string, ...inputs: readonly string[]): InputModel {
  return readInputModel(problemOf("stdin", statement), inputs.map(stdin));
}

function rules({ rules: all }: InputModel): string[] {
  return all.map(({ claim }) => claimText(claim));
}

describe("forms of stdin inputs", () => {
  test("lists, rows and words of a template, with lengths that refer to other names", () => {
    const read = model(
      template("N M\nA_1 A_2 \\ldots A_N\nu_1 v_1\n\\vdots\nu_M v_M\nS", "- 1 \\leq N \\leq 5"),
      "2 1\n4 5\n1 2\nab\n",
    );
    expect(read.examples).toEqual([[[2, 1], [4, 5], [[1, 2]], "ab"]]);
  });

  test("a grid without blanks is words of a fixed length", () => {
    const read = model(
      template(
        "H W\nS_{1,1}S_{1,2}\\dots S_{1,W}\n\\vdots\nS_{H,1}\\dots S_{H,W}".replace(
          "{H,1}\\dots",
          "{H,1}S_{H,2}\\dots",
        ),
        "- S_{i,j} is # or ..",
      ),
      "2 3\n#.#\n...\n",
    );
    expect(rules(read)).toContain("S[].length == W");
    expect(rules(read)).toContain("S[] has letters of #.");
  });

  test("queries of several types, each with names of its own", () => {
    const read = model(
      template(
        "Q\n\\mathrm{query}_1\n\\vdots\n\\mathrm{query}_Q\n\nEach query is in one of the following two formats:\n1 x\n\n2",
        "- 1 \\leq Q \\leq 9\n- 1 \\leq x \\leq 7",
      ),
      "2\n1 5\n2\n",
    );
    expect(read.form).toBeDefined();
    expect(
      satisfies(read, [
        2,
        [
          [0, [["1", 8]]],
          [1, ["2"]],
        ],
      ]),
    ).toBe(false);
  });

  test("several cases of a template", () => {
    const read = model(
      template(
        "T\n\\mathrm{case}_1\n\\vdots\n\\mathrm{case}_T\n\nEach case is given in the following format:\nN K\nA_1 A_2 \\ldots A_N",
        "- 1 \\leq N \\leq 4",
      ),
      "2\n1 2\n3\n2 2\n3 4\n",
    );
    expect(read.examples).toHaveLength(1);
  });

  test("sentences: counts, rows and a list", () => {
    const read = model(
      "Task.\n\nInput\n\nThe first line holds n and m (1 <= n, m <= 9). The second line holds h_1 .. h_n (0 <= h_i <= 5). Each of the next m lines holds `u v` (1 <= u < v <= n).\n\nOutput\n\nOne number.\n",
      "2 1\n0 5\n1 2\n",
    );
    expect(read.examples).toEqual([[[2, 1], [0, 5], [[1, 2]]]]);
    expect(read.notUnderstood).toEqual([]);
    expect(satisfies(read, [[2, 1], [0, 5], [[2, 1]]])).toBe(false);
  });

  test("a form that an example does not have is not understood", () => {
    const read = model(template("N\nA_1 A_2 \\ldots A_N", "- 1 \\leq N \\leq 5"), "3\n1 2\n");
    expect(read.form).toBeUndefined();
    expect(read.notUnderstood[0]?.kind).toBe("form");
  });
});

describe("rules", () => {
  test.each([
    ["- A_i are pairwise distinct.", "A[] distinct"],
    ["- N is even.", "N % 2 == 0"],
    ["- A is a permutation of (1,2,\\ldots,N).", "A[] is a permutation from 1"],
    ["- 0 \\leq A_1 < A_2 < \\cdots < A_N \\leq 10^{9}", "A[] strictly ascending"],
    ["- A_i \\neq A_{i+1}", "neighbours in A[] differ"],
    ["- A_i is 0 or 1.", "0 <= A[] <= 1"],
    ["- A_i \\in \\lbrace 0,1,2 \\rbrace", "0 <= A[] <= 2"],
    ["- |A_i| \\leq 100", "0-(100) <= A[] <= 100"],
    ["- A_i is an integer between 3 and 2\\times10^5, inclusive.", "3 <= A[] <= 2*10^5"],
  ])("%s", (line, rule) => {
    const input = line.includes("permutation")
      ? "2\n2 1\n"
      : line.includes("between")
        ? "2\n3 4\n"
        : "2\n0 1\n";
    expect(rules(model(template("N\nA_1 A_2 \\ldots A_N", line), input))).toContain(rule);
  });

  test.each([
    [
      "- S is a string of length N consisting of lowercase English letters and ?.",
      "S has letters of abcdefghijklmnopqrstuvwxyz?",
    ],
    ["- S is either yes or no.", "S is one of yes, no"],
    [
      "- S is a string of length between 2 and 9, inclusive, consisting of X, Y, and Z.",
      "2 <= S.length <= 9",
    ],
    ["- S contains at least one o.", "S holds o at least 1 times"],
  ])("%s", (line, rule) => {
    const word = line.includes("yes") ? "yes" : line.includes("X") ? "XYZ" : "ofo";
    expect(rules(model(template("N\nS", line), `3\n${word}\n`))).toContain(rule);
  });

  test("digits that the statement calls a string are a word", () => {
    const read = model(template("S", "- S is a string of length 3 consisting of digits."), "012\n", "100\n");
    expect(read.examples).toEqual([["012"], ["100"]]);
  });

  test("a tree is edges without a cycle", () => {
    const read = model(
      template(
        "N\nu_1 v_1\n\\vdots\nu_{N-1} v_{N-1}",
        "- 2 \\leq N \\leq 9\n- 1 \\leq u_i, v_i \\leq N\n- The given graph is a tree.",
      ),
      "3\n1 2\n1 3\n",
    );
    expect(
      satisfies(read, [
        3,
        [
          [1, 2],
          [3, 2],
        ],
      ]),
    ).toBe(true);
    expect(
      satisfies(read, [
        3,
        [
          [1, 2],
          [2, 1],
        ],
      ]),
    ).toBe(false);
  });

  test("a rule that an example breaks is dropped and named", () => {
    const read = model(template("N\nA_1 A_2 \\ldots A_N", "- All A_i are distinct."), "2\n4 4\n");
    expect(rules(read)).not.toContain("A[] distinct");
    expect(read.notUnderstood.some(({ kind }) => kind === "example")).toBe(true);
  });

  test("a constraint that was not understood is named", () => {
    const read = model(template("N", "- 1 \\leq N \\leq 9\n- The answer exists for the given N."), "4\n");
    expect(read.notUnderstood).toContainEqual({
      kind: "sentence",
      text: "The answer exists for the given N.",
    });
  });
});

describe("calls", () => {
  const call = (...args: readonly unknown[]): TestCase => ({ type: "call", args, expected: 0 });
  const solution = (signature: string): string =>
    `class Solution:\n    def f(self, ${signature}) -> int:\n        `;

  function calls(signature: string, statement: string, ...tests: readonly TestCase[]): InputModel {
    const problem = problemOf("method", statement, {
      starterCode: solution(signature),
      entryPoint: "Solution().f",
    });
    return readInputModel(problem, tests);
  }

  test("rows with named places", () => {
    const read = calls(
      "n: int, queries: List[List[int]]",
      "Each queries[i] = [l_i, r_i].\n\nConstraints:\n\n1 <= n <= 9\n1 <= queries.length <= 5\n0 <= l_i <= r_i < n\n",
      call(3, [[0, 2]]),
    );
    expect(read.notUnderstood).toEqual([]);
    expect(satisfies(read, [3, [[2, 1]]])).toBe(false);
    expect(satisfies(read, [3, [[1, 2]]])).toBe(true);
  });

  test("a length that equals a name outside the input", () => {
    const read = calls(
      "nums: List[int], k: int",
      "Constraints:\n\n1 <= n == nums.length <= 4\n1 <= nums[i] <= n\n1 <= k <= n\n",
      call([1, 2], 2),
    );
    expect(satisfies(read, [[1, 3, 2], 3])).toBe(true);
    expect(satisfies(read, [[1, 4, 2], 3])).toBe(false);
  });

  test("without an example the annotations give the form", () => {
    expect(calls("word: str, k: int", "No constraints.").form).toBeDefined();
  });
});
