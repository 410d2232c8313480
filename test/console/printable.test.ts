import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable, printableFile } from "../../src/console/printable.ts";
import { createReporter } from "../../src/console/reporter.ts";

describe("printable", () => {
  it.each([
    ["colour", "\u001b[31mred", "\\x1b[31mred"],
    ["a title", "\u001b]0;owned\u0007", "\\x1b]0;owned\\x07"],
    ["one-byte control sequence", "\u009b2J", "\\x9b2J"],
    ["back over the line", "safe\rgone\b", "safe\\x0dgone\\x08"],
    ["NUL and DEL", "a\u0000b\u007f", "a\\x00b\\x7f"],
    ["text turned around", "\u202ecod\u2066e", "\\u202ecod\\u2066e"],
    ["half a character", "\ud800", "\\ud800"],
    ["honest text", "π ≈ 3\tund\n日本 🙂", "π ≈ 3\tund\n日本 🙂"],
  ])("shows %s", (_, text, shown) => expect(printable(text)).toBe(shown));

  it("leaves nothing that a terminal obeys, of any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
        expect(printable(printable(text))).toBe(printable(text));
      }),
    );
  });

  it("keeps the line ends of a file", () => {
    expect(printableFile("a\r\nb\rc\r\n")).toBe("a\r\nb\\x0dc\r\n");
  });
});

it("what is told to people cannot steer their terminal", () => {
  let written = "";
  const report = createReporter(false, {
    isTTY: true,
    columns: 200,
    write: (text: string) => (written += text),
  });
  report.note("\u001b[2Ja");
  report.warn("\u001b[2Jb");
  report.error("\u001b[2Jc");
  report.progress("\u001b[2Jd", 1, 2, "\u009b31m");
  expect(written.replaceAll("\r\u001b[2K", "")).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(written.match(/\\x1b\[2J[abcd]/g)).toHaveLength(4);
});
