import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeText, html, jsonForScript } from "../../src/report/html.ts";

const anything = fc.string({ unit: "binary", maxLength: 60 });

describe("html", () => {
  it("escapes what is put in, in text and in attributes, and nothing twice", () => {
    const inner = html`<b title="${`"'><script>`}">${"a & b"}</b>`;
    expect(html`<p>${inner}${["<i>", 3]}${null}${undefined}${false}</p>`.text).toBe(
      '<p><b title="&quot;&#39;&gt;&lt;script&gt;">a &amp; b</b>&lt;i&gt;3</p>',
    );
  });

  it("shows marks that would turn the order of what follows around", () => {
    expect(escapeText("a\u202eb\u2066c\u2069")).toBe("a\ufffdb\ufffdc\ufffd");
  });

  it("leaves no mark of markup and no character that HTML and XML refuse", () => {
    fc.assert(
      fc.property(anything, (text) => {
        const escaped = escapeText(text);
        expect(escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, "")).not.toMatch(/[<>"'&]/);
        expect(escaped).not.toMatch(/(?![\t\n\r\u0085])\p{Cc}|[\ufffe\uffff]|\p{Surrogate}/u);
      }),
    );
  });

  it("writes JSON that cannot leave its script element and reads back as it was", () => {
    fc.assert(
      fc.property(anything, (text) => {
        const json = jsonForScript({ text, at: "</script><!--" });
        expect(json).not.toContain("<");
        expect(JSON.parse(json)).toEqual({ text, at: "</script><!--" });
      }),
    );
  });
});
