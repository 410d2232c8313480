import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extractCode, looksLikeReply } from "../../src/reply/extract.ts";
import { withoutReasoning } from "../../src/reply/reasoning.ts";

const PROGRAM =
  'import sys\n\ndef main():\n    """Adds."""\n    print(sum(map(int, sys.stdin.read().split())))\n\nmain()';

const code = (reply: string, entryPoint?: string): string =>
  extractCode(reply, entryPoint === undefined ? {} : { entryPoint }).code;

describe("one block", () => {
  it.each([
    ["```python", "```"],
    ["```", "```"],
    ["```py", "```"],
    ["``` Python3 ", "```  "],
    ["```{.python .numberLines}", "```"],
    ['```python title="a.py"', "```"],
    ["~~~python", "~~~"],
    ["`````", "`````"],
    ["````python", "``````"],
    ["Here it is: ```python", "```"],
  ])("finds the program between %s and %s", (open, close) => {
    for (const [before, after] of [
      ["", ""],
      ["Let me think.\nFirst, read.\n\n", "\n\nThis runs in O(n)."],
      ["1. Read\n", "\n```"],
    ] as const) {
      expect(code(`${before}${open}\n${PROGRAM}\n${close}${after}`)).toBe(PROGRAM);
    }
  });

  it("keeps line ends, blank lines and tabs as they are", () => {
    const program = "\r\nif True:\r\n\tprint(1)\r\n\r\n";
    expect(code(`Text\r\n\`\`\`python\r\n${program}\r\n\`\`\`\r\n`)).toBe(program);
  });

  it("takes the fence's own indentation off an indented block and nothing else", () => {
    const inList = `1. Code:\n\n   \`\`\`python\n${PROGRAM.replaceAll(/^(?=.)/gm, "   ")}\n   \`\`\`\n`;
    expect(code(inList)).toBe(PROGRAM);
    expect(code("   ```python\n  def f():\n      pass\n   ```")).toBe("def f():\n    pass");
    expect(code(`   \`\`\`python\n${PROGRAM}\n   \`\`\``)).toBe(PROGRAM);
  });

  it("takes a block that a cut-off reply leaves open, and says so", () => {
    const { code: found, warnings } = extractCode(`Sure.\n\`\`\`python\n${PROGRAM.slice(0, 60)}`);
    expect(found).toBe(PROGRAM.slice(0, 60));
    expect(warnings).toEqual(["the code block is not closed: the reply may be cut off"]);
    expect(extractCode("```python\n").warnings).toContain(NO_CODE);
  });

  it("takes a block whose opening fence is missing", () => {
    expect(code(`${PROGRAM}\n\`\`\`\nThis adds the numbers up.`)).toBe(PROGRAM);
  });

  it("does not end at a fence inside a docstring or a longer fence", () => {
    const doc = 'def f(x):\n    """Doubles.\n\n    ```python\n    f(1)\n    ```\n    """\n    return 2 * x';
    expect(code(`\`\`\`python\n${doc}\n\`\`\`\nDone.`)).toBe(doc);
    const module = '"""Usage:\n```\nf(1)\n```\n"""\ndef f(x):\n    return 2 * x';
    expect(code(`\`\`\`python\n${module}\n\`\`\`\nDone.`)).toBe(module);
    expect(code(`\`\`\`\`python\n${module}\n\`\`\`\``)).toBe(module);
    const string = 'print("```")\nprint(1)';
    expect(code(`\`\`\`python\n${string}\n\`\`\``)).toBe(string);
  });

  it("ends at a fence behind the last line of code", () => {
    expect(code("```python\ndef f():\n    return 1```\nThat is it.")).toBe("def f():\n    return 1");
  });
});

const block = (text: string, info = "python"): string => `\`\`\`${info}\n${text}\n\`\`\`\n`;

describe("several blocks", () => {
  it("takes the block that defines the entry point, not the first, last or longest", () => {
    const wanted = "class Solution:\n    def twoSum(self, nums):\n        return nums";
    const reply = `${block("class Solution:\n    pass")}Now:\n${block(wanted)}Try:\n${block("s = Solution()\nprint(s.twoSum([1]))\n".repeat(9))}`;
    expect(code(reply, "Solution().twoSum")).toBe(wanted);
    expect(extractCode(reply, { entryPoint: "Solution().threeSum" }).warnings).toEqual([
      "the code does not define Solution().threeSum",
    ]);
  });

  it("prefers a program to an example of its use, and the last of several drafts", () => {
    expect(code(`${block(PROGRAM)}Use it so:\n${block("print(1)\n".repeat(20))}`)).toBe(PROGRAM);
    const short = "def f(x):\n    return x";
    const long = "def f(x):\n    y = x\n    return y";
    expect(code(block(short) + block(long))).toBe(long);
    expect(code(block(long) + block(short))).toBe(short);
    expect(
      code(`${block(short)}Wait, that is wrong:\n${block(short.replace("return x", "return 2"))}`),
    ).toContain("return 2");
  });

  it("passes over other languages, inputs and outputs", () => {
    const reply = `${block("pip install numpy", "bash")}${block("3\n1 2 3")}${block("3\n1 2 3", "")}${block(PROGRAM)}${block("int main() { return 0; }", "cpp")}${block('{"a": 1}', "json")}`;
    expect(code(reply)).toBe(PROGRAM);
    expect(code(`${block("3\n1 2 3", "")}${block("6", "")}`)).toBe("");
  });

  it("is not confused by a fence too many", () => {
    expect(
      code(`\`\`\`\nI have completed it below.\n\`\`\`\n${PROGRAM}\n\`\`\`\nI hope it helps.\n\`\`\`\n`),
    ).toBe(PROGRAM);
    expect(code(`\`\`\`python\n\`\`\`python\n${PROGRAM}\n\`\`\``)).toBe(PROGRAM);
  });

  it("prefers a closed block to the same one cut off", () => {
    const reply = `${block("def f(x):\n    return 1")}Again, with comments:\n\`\`\`python\ndef f(x):\n    # explained\n    y = 1\n    z = `;
    expect(code(reply, "f")).toBe("def f(x):\n    return 1");
  });
});

describe("reasoning", () => {
  const draft =
    "```python\ndef f():\n    return 'draft, longer than the answer'\n    # and longer\n    x = 1\n```";
  const answer = "```python\ndef f():\n    return 1\n```";

  it.each([
    ["<think>", "</think>"],
    ["<thinking>", "</thinking>"],
    ["<reasoning>\n", "\n</reasoning>"],
    ["◁think▷", "◁/think▷"],
    ["<|begin_of_thought|>", "<|end_of_thought|>"],
    ["<seed:think>", "</seed:think>"],
    ["[THINK]", "[/THINK]"],
    ["", "</think>"],
  ])("leaves out what is between %j and %j", (open, close) => {
    expect(code(`${open}Maybe:\n${draft}\nHm.${close}\n\n${answer}`)).toBe("def f():\n    return 1");
    expect(code(`${open}Maybe:\n${draft}\nHm.\n${close}\nI cannot.`)).toBe("");
  });

  it("says when the reply ends inside it", () => {
    const { code: found, warnings } = extractCode(`<think>Maybe:\n${draft}\nNo, so`);
    expect(found).toContain("draft");
    expect(warnings).toEqual(["the reply ends inside its reasoning"]);
    expect(extractCode("<think>Hm, so").warnings).toEqual(["the reply ends inside its reasoning", NO_CODE]);
  });

  it("leaves tags in a program alone", () => {
    const program = "def f(text):\n    return text.split('</think>')[1]\n\nprint(f(input('<think>')))";
    expect(code(`\`\`\`python\n${program}\n\`\`\``)).toBe(program);
    expect(looksLikeReply(program)).toBe(false);
  });
});

describe("no fence", () => {
  it("takes a bare program as it is", () => {
    for (const program of [
      PROGRAM,
      `\n\n${PROGRAM}\n\n`,
      "print(int(input()) * 2)\n",
      "n=int(input())\nfor i in range(n):\n\tprint(i)",
      "#!/usr/bin/env python3\n# a comment\nx = 1\nprint(x)",
    ]) {
      expect(extractCode(program)).toEqual({ code: program, warnings: [] });
    }
  });

  it("finds a program between paragraphs", () => {
    const reply = `Here is how it works. For each number we add it up.\n\n${PROGRAM}\n\nThis is linear. If you need more, ask me.\nimport is a keyword.`;
    expect(code(reply)).toBe(PROGRAM);
  });

  it("takes the longest stretch, or the one that defines the entry point", () => {
    const reply = `First try:\n\ndef f(x):\n    return x\n\nNow the real one, which is longer:\n\ndef g(x):\n    y = x\n    return y\n\nGood.`;
    expect(code(reply)).toBe("def g(x):\n    y = x\n    return y");
    expect(code(reply, "f")).toBe("def f(x):\n    return x");
  });

  it.each([
    ["[PYTHON]\nprint(1)\n[/PYTHON]", "print(1)"],
    ["[PYTHON]\nprint(1)", "print(1)"],
    ["So:\n<code>\nprint(1)\n</code>", "print(1)"],
    ["<answer>\nprint(1)\nx = 2\n</answer>\nDone.", "print(1)\nx = 2"],
    ["print(1)\nx = 2<|endoftext|>def other():\n    pass", "print(1)\nx = 2"],
    [
      "Below is an instruction.\n\n### Instruction:\nclass A:\n    pass\n\n### Response:\nclass A:\n    x = 1",
      "\nclass A:\n    x = 1",
    ],
  ])("reads %j", (reply, expected) => {
    expect(code(reply)).toBe(expected);
  });

  it.each([
    "",
    " \n\t\n",
    "I cannot help with that.",
    "The answer is 42.",
    "Sorry! The import of goods is for you to define.",
    "```\n\n```",
    "42\n",
  ])("finds nothing in %j", (reply) => {
    expect(extractCode(reply)).toEqual({ code: "", warnings: [NO_CODE] });
  });
});

function unindented(text: string): string {
  return text.replaceAll(/<\/?think>/g, "").replaceAll(/^[ \t]+/gm, "");
}

/** What a program may be taken from: thoughts in the middle of a reply are cut out before. */

const NO_CODE = "no code found in the reply";
function answerOf(reply: string): string {
  return unindented(withoutReasoning(reply).text);
}

describe("any text", () => {
  const pieces = fc.constantFrom(
    "```", "```python", "~~~", "`", '"""', "'''", "<think>", "</think>", "def f():", "    return 1", "prose here.", "\n", "\r\n", "    ", "#", "\\", "(", "[PYTHON]", "x = 1", "\u{1F600}", "\ud800",
  ); // prettier-ignore

  it("gives lines of the reply less its reasoning, but for the indentation of a fence, and always the same", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const reply = parts.join("");
        const { code: found, warnings } = extractCode(reply);
        const answer = answerOf(reply);
        // A fence of our own around an element stays where the code leaves a string open.
        const lines = unindented(found)
          .split("\n")
          .filter((line) => !/^`{3,}$/.test(line));
        for (const line of lines) expect(answer).toContain(line);
        expect(found === "").toBe(warnings.includes(NO_CODE));
        expect(extractCode(reply)).toEqual({ code: found, warnings });
      }),
      { numRuns: 3000 },
    );
  });

  it("gives any program back from the fence a model puts it in", () => {
    const line = fc.constantFrom(
      "x = 1",
      "if x:",
      "    y = 'it''s'",
      "",
      "# note",
      "def f(a):",
      '    """Doc."""',
      "    return a",
      "print(f(1))",
      "\t\tz",
      "`a`",
      '    s = "```"',
    );
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 20 }),
        fc.constantFrom("\n", "\r\n"),
        (lines, end) => {
          const program = ["x = 0", ...lines].join(end);
          expect(code(`Text.${end}\`\`\`python${end}${program}${end}\`\`\`${end}More text.`)).toBe(program);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("takes no more than linear time on hostile replies", () => {
    for (const hostile of [
      "`".repeat(200_000),
      "```\n".repeat(40_000),
      '"""\n```\n'.repeat(20_000),
      "<think>".repeat(50_000),
      "(".repeat(200_000),
      "a ".repeat(200_000),
      "x = ".repeat(100_000),
      "### Instruction:\n".repeat(20_000),
      "[PYTHON]".repeat(30_000),
      "if ".repeat(100_000),
      "a,".repeat(100_000),
      "A-".repeat(100_000),
    ]) {
      expect(typeof extractCode(hostile).code).toBe("string");
      looksLikeReply(hostile);
    }
  });
});
