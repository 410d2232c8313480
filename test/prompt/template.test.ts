import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { FunprmError } from "../../src/core/errors.ts";
import { fillTemplate, parsePromptTemplate } from "../../src/prompt/template.ts";

const values = { statement: "S", starter_code: "C" };

function fill(text: string): { role: string; content: string }[] {
  return fillTemplate(parsePromptTemplate(text, "mine"), values);
}

describe("parsePromptTemplate", () => {
  it("sends the sections only, without the blank lines around them", () => {
    expect(
      fill(
        "# Title\nnotes {{draft}}\n\n## system\n\nBe right.\n\n## user\n\n{{statement}}\n\n{{ starter_code }}\n\n",
      ),
    ).toEqual([
      { role: "system", content: "Be right." },
      { role: "user", content: "S\n\nC" },
    ]);
  });

  it("takes a value as often as the prompt asks for it", () => {
    expect(fill("## user\n{{statement}}{{statement}}")).toEqual([{ role: "user", content: "SS" }]);
  });

  it("keeps headings inside code fences and deeper headings as text", () => {
    const body = "### Form\n```python\n## user comes here\n~~~\n```\n{{statement}}";
    expect(fill(`## user\n${body}`)).toEqual([{ role: "user", content: body.replace("{{statement}}", "S") }]);
  });

  it("leaves braces that are no placeholder alone", () => {
    expect(fill('## user\n{{statement}} {x} {{1, 2}: 3} {{"a": {}}}')[0]?.content).toBe(
      'S {x} {{1, 2}: 3} {{"a": {}}}',
    );
  });

  it("reads CRLF and a byte order mark", () => {
    expect(fill("\uFEFF## user\r\na\r\n{{statement}}\r\n")).toEqual([{ role: "user", content: "a\nS" }]);
  });

  it("identifies the file by the sha256 of its text", () => {
    const text = "## user\n{{statement}}\n";
    expect(parsePromptTemplate(text, "mine").sha256).toBe(createHash("sha256").update(text).digest("hex"));
  });

  it.each([
    ["nothing", "", /prompt mine: expected a line "## user", found none/],
    ["only system", "## system\n{{statement}}", /expected a line "## user"/],
    [
      "an unknown section",
      "x\n## assistant\nhi",
      /prompt mine, line 2: expected "## system" or "## user", found "## assistant"/,
    ],
    [
      "a repeated section",
      "## user\n{{statement}}\n## user\nx",
      /line 3: expected one section "## user", found a second/,
    ],
    [
      "system after user",
      "## user\n{{statement}}\n## system\nx",
      /line 3: expected "## system" before "## user"/,
    ],
    [
      "an empty section",
      "## system\n\n## user\n{{statement}}",
      /line 1: expected text below "## system", found none/,
    ],
    ["no statement", "## user\n{{starter_code}}", /expected \{\{statement\}\} in a section, found none/],
    [
      "an unknown placeholder",
      "## user\n{{statement}} {{title}}",
      /section "## user": expected \{\{statement\}\} or .* found \{\{title\}\}/,
    ],
  ])("refuses %s and says where and what to do", (_case, text, message) => {
    expect(() => parsePromptTemplate(text, "mine")).toThrow(message);
    expect(() => parsePromptTemplate(text, "mine")).toThrow(FunprmError);
  });
});
