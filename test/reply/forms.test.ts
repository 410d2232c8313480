/** The forms in which models, their chat templates and their servers give a program. */
import { describe, expect, test } from "vitest";
import { extractCode } from "../../src/reply/extract.ts";

const F = "def twice(x):\n    return 2 * x";
const WRONG = "def twice(x):\n    total = 0\n    for _ in range(x):\n        total += 2\n    return total";
const STDIN = "n = int(input())\nprint(2 * n)";

const block = (code: string, info = "python"): string => `\`\`\`${info}\n${code}\n\`\`\``;
const DRAFT = `Let me try:\n${block(WRONG)}\nNo, that fails.`;
const indented = (code: string, margin: string): string => code.replaceAll(/^/gm, margin);

/** [what it is, the reply, the program]; the function `twice` is asked for. */
const functions: readonly (readonly [string, string, string?])[] = [
  // Which block.
  ["a corrected draft", `${block(WRONG)}\n\nThis fails for negative x. Corrected:\n\n${block(F)}`],
  ["a final answer behind two drafts", `${block(WRONG)}\nNo.\n${block(WRONG.replace("2", "3"))}\nNo.\n${block(F)}`],
  ["a lambda and longer tests", `${block("twice = lambda x: 2 * x")}\nTests:\n${block("assert twice(1) == 2\n".repeat(5))}`, "twice = lambda x: 2 * x"],
  ["an annotated assignment and a test function", `${block("from typing import Callable\ntwice: Callable = lambda x: x + x")}\n${block("def test():\n    assert twice(2) == 4\n    assert twice(0) == 0")}`, "from typing import Callable\ntwice: Callable = lambda x: x + x"],
  ["an import under the name", `${block("from operator import neg as twice")}\n${block("print(twice(2))\nprint(twice(3))")}`, "from operator import neg as twice"],
  ["the signature said again", `${block(F)}\nThe signature is unchanged:\n${block("def twice(x):\n    ...")}`],
  ["a stub with a docstring first", `${block('def twice(x: int) -> int:\n    """Return twice x."""\n    pass')}\n${block(F)}`],
  ["a brute force behind it", `${block(F)}\nTo check it, here is a brute force:\n${block(WRONG)}`],
  ["a draft cut off at the end", `${block(F)}\nWith comments:\n\`\`\`python\ndef twice(x):\n    # double\n    y = `],
  ["a shell command and an output", `${block("pip install numpy", "bash")}\n${block(F)}\n${block("4\n6", "text")}`],
  ["another language behind it", `${block(F)}\nIn C++:\n${block("int twice(int x) { return 2 * x; }", "cpp")}`],
  ["an example of its use behind it", `${block(F)}\n${block("for i in range(9):\n    y = twice(i)\n    print(y)\n    print(-y)")}`],
  // Parts.
  ["imports in a block of their own", `${block("import operator")}\n${block("def twice(x):\n    return operator.mul(2, x)")}`, "import operator\ndef twice(x):\n    return operator.mul(2, x)"],
  ["a helper in a block of its own", `${block("def double(y):\n    return y + y")}\nNow:\n${block("def twice(x):\n    return double(x)")}`, "def double(y):\n    return y + y\ndef twice(x):\n    return double(x)"],
  ["a helper said afterwards", `${block("def twice(x):\n    return double(x)")}\nwhere\n${block("def double(y):\n    return y + y")}`, "def double(y):\n    return y + y\ndef twice(x):\n    return double(x)"],
  ["a constant in a block of its own", `${block("FACTOR = 2")}\n${block("def twice(x):\n    return FACTOR * x")}`, "FACTOR = 2\ndef twice(x):\n    return FACTOR * x"],
  ["no part: a test's variable of the same name", `${block("y = 7\nprint(y)")}\n${block("def twice(x):\n    y = 2 * x\n    return y")}`, "def twice(x):\n    y = 2 * x\n    return y"],
  // Reasoning.
  ...(
    [
      ["<think>", "</think>"], ["<think>\n", "\n</think>\n\n"], ["<thinking>", "</thinking>"], ["<thought>", "</thought>"],
      ["<Thought>", "</Thought>"], ["<reasoning>", "</reasoning>"], ["<reflection>", "</reflection>"], ["<analysis>", "</analysis>"],
      ["<scratchpad>", "</scratchpad>"], ["<scratch_pad>", "</scratch_pad>"], ["<inner_monologue>", "</inner_monologue>"],
      ["<antThinking>", "</antThinking>"], ["<seed:think>", "</seed:think>"], ["<chain_of_thought>", "</chain_of_thought>"],
      ['<think type="slow">', "</think>"], ["[THINK]", "[/THINK]"], ["[thinking]", "[/thinking]"], ["◁think▷", "◁/think▷"],
      ["<|think|>", "<|/think|>"], ["<|begin_of_thought|>", "<|end_of_thought|>"], ["<|START_THINKING|>", "<|END_THINKING|>"],
      ["<｜begin▁of▁thought｜>", "<｜end▁of▁thought｜>"], ["<|thought_start|>", "<|thought_end|>"],
      ["<|channel>thought\n", "<channel|>"], ["<unused94>thought\n", "<unused95>"],
      ['<details type="reasoning" done="true">\n<summary>Thought for 3 seconds</summary>\n', "\n</details>\n"],
      ["", "</think>"], ["", "\n/think\n"], ["", "\nend_of_thought\n"], ["", "\n[/THINK]"],
      ["<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"],
      ["<|start|>assistant<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final <|constrain|>text<|message|>"],
      ["channel|>analysis<|message|>", "channel|>final<|message|>"],
      ["analysis", "assistantfinal"], ["analysis\n", "\nassistantfinal\n"], ["analysis\n", "\nassistant\nfinal\n"],
      ["<|begin_of_thought|>", "<|begin_of_solution|>"], ["<|START_THINKING|>", "<|END_THINKING|><|START_RESPONSE|>"],
      ["Here are my reasoning steps:\n", "\n[BEGIN FINAL RESPONSE]\n"], ["Here is my thought process:\n", "\nHere is my response:\n"],
    ] as const
  ).flatMap(([open, close]): [string, string][] => [
    [`reasoning between ${JSON.stringify(open)} and ${JSON.stringify(close)}`, `${open}${DRAFT}${close}${block(F)}`],
    [`the same without a fence behind ${JSON.stringify(close)}`, `${open}${DRAFT}\n${close}\n${F}`],
  ]),
  // Marks of templates.
  ...[
    "<|im_start|>assistant\n", "<|start_header_id|>assistant<|end_header_id|>\n\n", "<start_of_turn>model\n", "<|assistant|>\n", "<｜Assistant｜>",
    "[|assistant|]", "<|start_of_role|>assistant<|end_of_role|>", "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>", "<s>", "[/INST] ", "<|python_tag|>",
  ].flatMap((mark): [string, string][] => [
    [`${JSON.stringify(mark)} before a fence`, `${mark}${block(F)}`],
    [`${JSON.stringify(mark)} before code`, `${mark}${F}`],
  ]),
  ...[
    "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|return|>", "<|endoftext|>", "<｜end▁of▁sentence｜>", "<end_of_turn>", "<eos>", "</s>",
    "[|endofturn|]", "<|END_OF_TURN_TOKEN|>", "<|END_RESPONSE|>", "<|end_of_solution|>", "[END FINAL RESPONSE]", "<|user|>\nNow another one:\ndef other():\n    pass",
    "<|im_start|>user\nNow another one:\ndef other():\n    pass",
  ].flatMap((mark): [string, string][] => [
    [`${JSON.stringify(mark)} behind a fence`, `${block(F)}${mark}`],
    [`${JSON.stringify(mark)} behind code`, `${F}${mark}`],
  ]),
  // Fences.
  ["code on the fence's own line", "```python def twice(x):\n    return 2 * x\n```"],
  ["code on a fence without a label", "```def twice(x):\n    return 2 * x\n```"],
  ["a block on one line", "```python twice = lambda x: 2 * x```", "twice = lambda x: 2 * x"],
  ["a quoted fence", `Answer:\n\n${indented(block(F), "> ")}\n\nDone.`],
  ["a fence quoted twice", indented(block(F), "> > ")],
  ["a fence in a list", `1. Code:\n\n${indented(block(F), "    ")}`],
  ["tildes", `~~~python\n${F}\n~~~`],
  ["attributes of a fence", `\`\`\`python {linenos=true}\n${F}\n\`\`\``],
  ["a label in capitals", block(F, "Python3")],
  // Markup.
  ["HTML", `<pre><code class="language-python">${F}\n</code></pre>`],
  ["HTML with entities", "<p>Answer:</p>\n<pre><code>def twice(x):\n    return 2 * x if x &lt; 9 &amp;&amp; True else 2 * x\n</code></pre>", "def twice(x):\n    return 2 * x if x < 9 && True else 2 * x"],
  ["an element", `Sure.\n<python>\n${F}\n</python>\nDone.`],
  ["an element with attributes", `<code language="python">\n${F}\n</code>`],
  ["an answer in tags", `<answer>\n${F}\n</answer>`],
  ["an answer whose tag is not closed", `<solution>\n${F}\n`],
  ["CDATA", `<answer><![CDATA[\n${F}\n]]></answer>`],
  ["CDATA in an element of its own line", `<file>\n<![CDATA[\n${F}\n]]>\n</file>`],
  ["[PYTHON]", `[PYTHON]\n${F}\n[/PYTHON]`],
  // Sessions.
  ["a session", ">>> def twice(x):\n...     return 2 * x\n...\n>>> twice(2)\n4", `${F}\n\ntwice(2)`],
  ["a session in a fence", block(">>> def twice(x):\n...     return 2 * x\n... \n>>> twice(2)\n4", "pycon"), `${F}\n\ntwice(2)`],
  ["an IPython session", "In [1]: def twice(x):\n   ...:     return 2 * x\n   ...:\n\nIn [2]: twice(2)\nOut[2]: 4", `${F}\n\ntwice(2)`],
  // Tool calls.
  ["a tool call", `<tool_call>\n${JSON.stringify({ name: "python", arguments: { code: F } })}\n</tool_call>`],
  ["arguments as text", JSON.stringify({ tool_calls: [{ function: { name: "run", arguments: JSON.stringify({ code: F }) } }] })],
  ["JSON in a fence", block(JSON.stringify({ explanation: "doubles", code: F }, null, 2), "json")],
  ["JSON with line breaks in its text", `{"code": "${F}"}`],
  ["[TOOL_CALLS]", `[TOOL_CALLS][${JSON.stringify({ name: "submit", arguments: { solution: F } })}]`],
  ["a call in tags", `<tool_call>\n<function=python>\n<parameter=code>\n${F}\n</parameter>\n</function>\n</tool_call>`],
  ["Harmony's commentary", `<|channel|>commentary to=functions.python <|constrain|>json<|message|>${JSON.stringify({ code: F })}<|call|>`],
  // Characters.
  ["no-break spaces", block(F.replaceAll(" ", "\u00a0"))],
  ["no-break spaces without a fence", F.replaceAll("    ", "\u00a0\u00a0\u00a0\u00a0")],
  ["typographic quotes", block("def twice(x):\n    print(\u201ctwice\u201d, \u2018it\u2019)\n    return 2 * x"), "def twice(x):\n    print(\"twice\", 'it')\n    return 2 * x"],
  ["a zero-width space and a byte order mark", `\ufeff${block(`\u200b${F.replace("    return", "    \u200breturn")}`)}`],
  ["characters of strings stay", block('def twice(x):\n    """\u201ctwo\u201d\u00a0times"""\n    return 2 * x'), 'def twice(x):\n    """\u201ctwo\u201d\u00a0times"""\n    return 2 * x'],
]; // prettier-ignore

const programs: readonly (readonly [string, string, string?])[] = [
  ["a corrected draft", `${block("n = int(input())\nt = 0\nfor _ in range(n):\n    t += 2\nprint(t)")}\nFails for negatives. Final:\n${block(STDIN)}`],
  ["a generator behind it", `${block(STDIN)}\nRandom tests:\n${block("import random\nfor _ in range(5):\n    n = random.randint(1, 9)\n    print(n)")}`],
  ["a generator before it", `${block("import random\ndef make():\n    return random.randint(1, 9)\nprint(make())")}\n${block(STDIN)}`],
  ["a brute force behind it", `${block(STDIN)}\nA brute force for cross-checking:\n${block("n = int(input())\nt = 0\nfor _ in range(n):\n    t += 2\nprint(t)")}`],
  ["how it reads, said again", `${block(STDIN)}\nHere we read the number:\n${block("n = int(input())")}`],
  ["an assertion of its parts behind it", `${block("def main():\n    print(2 * int(input()))\nmain()")}\n${block("def test_main():\n    assert 2 * 2 == 4\ntest_main()")}`, "def main():\n    print(2 * int(input()))\nmain()"],
  ["the start in a block of its own", `${block("def main():\n    print(2 * int(input()))")}\nRun it:\n${block('if __name__ == "__main__":\n    main()')}`, 'def main():\n    print(2 * int(input()))\nif __name__ == "__main__":\n    main()'],
]; // prettier-ignore

describe("a function is found in", () => {
  test.each(functions.map(([what, reply, expected = F]) => [what, reply, expected] as const))(
    "%s",
    (_, reply, expected) => {
      expect(extractCode(reply, { entryPoint: "twice" }).code.trim()).toBe(expected);
    },
  );
});

describe("a program is found in", () => {
  test.each(programs.map(([what, reply, expected = STDIN]) => [what, reply, expected] as const))(
    "%s",
    (_, reply, expected) => {
      expect(extractCode(reply).code.trim()).toBe(expected);
    },
  );
});

test("a class whose methods are given in blocks of their own is put together", () => {
  const parts = [
    "class Solution:\n    def helper(self, x):\n        return x + x",
    "    def twice(self, x):\n        return self.helper(x)",
  ];
  const reply = `First:\n${parts.map((part) => block(part)).join("\nThen:\n")}`;
  expect(extractCode(reply, { entryPoint: "Solution().twice" }).code).toBe(parts.join("\n"));
});
