import { describe, expect, test } from "vitest";
import { extractExampleTests } from "../../../src/statement/examples/extract-examples.ts";
import { problemOf } from "../problem-of.ts";

const samples = (statement: string): [string, string][] =>
  extractExampleTests(problemOf("stdin", statement)).map((each) =>
    each.type === "stdio" ? [each.input, each.output] : ["", each.type],
  );

describe("AtCoder's form", () => {
  test("explanations and format sections stay out, every sample comes in", () => {
    const statement = `Add N numbers.

Input

The input is given from Standard Input in the following format:
N
A_1 \\ldots A_N

Output

Print the sum.

Sample Input 1

3
1 2 3

Sample Output 1

6

The sum of 1, 2 and 3 is 6.
That is all.

Sample Input 2

1
-5

Sample Output 2

-5
`;
    expect(samples(statement)).toEqual([
      ["3\n1 2 3\n", "6\n"],
      ["1\n-5\n", "-5\n"],
    ]);
  });

  test("an output of several lines, and blank space at line ends, Windows line ends", () => {
    expect(samples("Sample Input 1\r\n\r\n2 \r\n\r\nSample Output 1\r\n\r\n1  \r\n2\r\n\r\nThen.")).toEqual([
      ["2\n", "1\n2\n"],
    ]);
  });

  test("an empty output is told from an explanation", () => {
    const empty = "Sample Input 1\n\n0\n\nSample Output 1\n\n\nThere may be nothing to print here.\n";
    expect(samples(empty)).toEqual([["0\n", ""]]);
    expect(samples("Sample Input 1\n\n0\n\nSample Output 1\n\n\n\n\nNothing is left")).toEqual([["0\n", ""]]);
    expect(samples("Sample Input 1\n\n0\n\nSample Output 1\n\n\n8\n")).toEqual([["0\n", "8\n"]]);
  });

  test("an empty line inside an input is part of it", () => {
    expect(samples("Sample Input 1\n\n2\na\n\nb c\n\nSample Output 1\n\n1")).toEqual([
      ["2\na\n\nb c\n", "1\n"],
    ]);
  });
});

describe("Codeforces' forms", () => {
  test("a heading glued to the sentence before, and a blank line after every input line", () => {
    const statement = `Input

The first line holds t.

Output

Print YES or NO.Sample Input 1:
3

abc

b a

c



Sample Output 1:

YES
NO
YES


Note

In the first case YES.`;
    expect(samples(statement)).toEqual([["3\nabc\nb a\nc\n", "YES\nNO\nYES\n"]]);
  });

  test("plain Input and Output count only below Examples", () => {
    const statement = `Input
A number n.
Output
Its square.
Examples
Input
3
Output
9
Input
-2
Output
4
Note
Squares are positive.`;
    expect(samples(statement)).toEqual([
      ["3\n", "9\n"],
      ["-2\n", "4\n"],
    ]);
    expect(samples("Input\nA number.\nOutput\nA number.")).toEqual([]);
  });

  test("dashed headings", () => {
    expect(
      samples("-----Input-----\nn\n\n-----Examples-----\nInput\n5\n\nOutput\n120\n\n-----Note-----\nx"),
    ).toEqual([["5\n", "120\n"]]);
    expect(samples("-----Sample Input-----\n5\n\n-----Sample Output-----\n120\n")).toEqual([
      ["5\n", "120\n"],
    ]);
  });
});

describe("people's own forms", () => {
  test("Markdown with fences keeps blank lines of the output and headings inside the fence", () => {
    const statement =
      "## Examples\n\n### Input\n```\nOutput\n\n1\n```\n\n### Output\n```text\na\n\nb\n```\nWhy: because.\n";
    expect(samples(statement)).toEqual([["Output\n\n1\n", "a\n\nb\n"]]);
  });

  test("values on the heading's own line", () => {
    expect(samples("**Example 1**\n\n**Input:** 3 4\n**Output:** 7\n")).toEqual([["3 4\n", "7\n"]]);
    expect(samples("Example Input: 3 4\nExample Output: 7\n")).toEqual([["3 4\n", "7\n"]]);
  });

  test("lists of strings, inputs above outputs", () => {
    expect(samples("Print n twice.\n['1\\n2', '3']\n['1 1', '3 3']\nNote")).toEqual([
      ["1\n2\n", "1 1\n"],
      ["3\n", "3 3\n"],
    ]);
    expect(samples("['1', '2']\n['1']\n")).toEqual([]);
  });
});

describe("what is no sample", () => {
  test("an input without an output, an output without an input", () => {
    expect(samples("Sample Input 1\n\n5\n\nSample Input 2\n\n6\n\nSample Output 2\n\n7\n")).toEqual([
      ["6\n", "7\n"],
    ]);
    expect(samples("Sample Output 1\n\n7\n")).toEqual([]);
  });
  test("a conversation with the judge", () => {
    const talk = "This is an interactive problem.\nSample Input 1\n\n5\n\nSample Output 1\n\n? 1\n";
    expect(samples(talk)).toEqual([]);
  });
  test("equal samples count once", () => {
    expect(samples("Sample Input 1\n\n5\n\nSample Output 1\n\n7\n\n".repeat(2))).toHaveLength(1);
  });
});
