import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "../../src/core/problem.ts";
import { loadPrompts, type Prompts } from "../../src/prompt/load.ts";
import { renderPrompt } from "../../src/prompt/render.ts";
import { parsePromptTemplate } from "../../src/prompt/template.ts";

function problem(fields: Partial<Problem>): Problem {
  return {
    id: "p/1",
    statement: "Add two.",
    kind: "stdin",
    starterCode: "",
    exampleTests: [],
    meta: {},
    ...fields,
  };
}

function sent(prompts: Prompts, fields: Partial<Problem>): string {
  return renderPrompt(problem(fields), prompts)
    .messages.map(({ content }) => content)
    .join("\n");
}

describe("renderPrompt", () => {
  let prompts: Prompts;
  beforeAll(async () => {
    prompts = await loadPrompts();
  });

  it("takes the template of the problem's kind and names it", () => {
    for (const kind of ["stdin", "method", "function"] as const) {
      const rendered = renderPrompt(problem({ kind, starterCode: "def f():" }), prompts);
      expect(rendered.name).toBe(kind);
      expect(rendered.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(rendered.messages.map(({ role }) => role)).toEqual(["system", "user"]);
    }
  });

  it.each([
    "$& $1 $` $' $$",
    "{{starter_code}} {{statement}} {{unknown}}",
    "## user\n\n## system\ntext",
    "ends in blanks  \n\n",
    "\r\nline\r\n",
  ])("puts the statement %j in verbatim", (statement) => {
    expect(sent(prompts, { statement, starterCode: "x = 1" })).toContain(
      `### Problem\n\n${statement}\n\n### Given code`,
    );
  });

  it("puts any statement and any one-line code in, whatever they hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (statement, code) => {
        const text = sent(prompts, { kind: "method", statement, starterCode: `class A: # ${code}!` });
        expect(text).toContain(`\n\n${statement}\n\n`);
        expect(text).toContain(`class A: # ${code}!`);
      }),
    );
  });

  it("never tells the id or the title", () => {
    const text = sent(prompts, { id: "SECRET-ID", title: "SECRET-TITLE" });
    expect(text).not.toContain("SECRET");
  });

  it("fences given code so that backticks in it cannot end the fence", () => {
    const starterCode = 'def f():\n    """\n    ```\n    f()\n    ````\n    """\n';
    expect(sent(prompts, { kind: "function", starterCode })).toContain(
      `\`\`\`\`\`python\n${starterCode.trimEnd()}\n\`\`\`\`\`\n`,
    );
  });

  it("hands a whole class skeleton to the method prompt, docstrings and all", () => {
    const skeleton =
      'import math\n\nclass Jar:\n    def __init__(self):\n        self.n = 0\n\n    def put(self, n):\n        """Adds n."""\n\n';
    const text = sent(prompts, { kind: "method", starterCode: skeleton });
    expect(text).toContain(skeleton.trimEnd());
    expect(text).toContain("every given method");
  });

  it("says what to write when no code is given", () => {
    expect(sent(prompts, {})).toContain("reads standard input and writes standard output");
    expect(sent(prompts, { kind: "function", entryPoint: "add" })).toContain("The tests call `add`");
    expect(sent(prompts, { kind: "method", entryPoint: "Solution().add" })).toContain(
      "The tests call `Solution().add`",
    );
  });

  it("sends the same prompt to every kind in plain style, without the rules of Chain-of-Function", async () => {
    const plain = await loadPrompts("plain");
    const [first, second] = [
      sent(plain, {}),
      sent(plain, { kind: "method", starterCode: "class Solution: ..." }),
    ];
    expect(first).not.toMatch(/chain|docstring|nested|helper/i);
    expect(second).toContain("class Solution: ...");
    expect(renderPrompt(problem({}), plain).name).toBe("plain");
  });

  it("refuses a prompt that has no place for the code a problem gives", () => {
    const template = parsePromptTemplate("## user\n{{statement}}", "mine");
    const mine = { stdin: template, method: template, function: template };
    expect(() => sent(mine, { kind: "method", starterCode: "class Solution: ..." })).toThrow(
      /prompt mine: expected \{\{starter_code\}\}, because problem p\/1 gives code or a name/,
    );
    expect(() => sent(mine, { kind: "function", entryPoint: "add" })).toThrow(/\{\{starter_code\}\}/);
    expect(sent(mine, {})).toBe("Add two.");
    expect(sent(mine, { kind: "function", statement: "def f():\n  x", starterCode: "def f():\n  x\n" })).toBe(
      "def f():\n  x",
    );
  });
});
