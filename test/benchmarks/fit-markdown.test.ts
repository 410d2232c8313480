import { array, assert, property, stringMatching } from "fast-check";
import { describe, expect, it } from "vitest";
import { fitted, WIDTH } from "../../benchmarks/fit-markdown.mjs";

const long = "word ".repeat(60).trim();

describe("fitted", () => {
  it("wraps a paragraph without changing a word", () => {
    const text = array(stringMatching(/^[a-z0-9+*.-]{1,30}$/), { minLength: 1, maxLength: 80 });
    assert(
      property(text, (words) => {
        const out = fitted(`a ${words.join(" ")}`);
        expect(out.split(/\s+/)).toEqual(["a", ...words]);
        expect(
          out
            .split("\n")
            .slice(1)
            .filter((line) => /^(?:[-+*]|\d+[.)]) /.test(line)),
        ).toEqual([]);
      }),
    );
  });

  it("indents what follows the first line of an item", () => {
    const [first = "", second = ""] = fitted(`- ${long}`).split("\n");
    expect(first.length).toBeLessThanOrEqual(WIDTH);
    expect(second).toMatch(/^ {2}word/);
  });

  it("keeps a code span on one line", () => {
    expect(fitted(`${"x".repeat(110)} \`two words and more\` end`)).toContain("`two words and more`");
  });

  it("cuts a wide table into tables with the same key", () => {
    const cell = "c".repeat(60);
    const table = `| name | a | b |\n|---|---|---|\n| one | ${cell} | ${cell} |\n| two | ${cell} | ${cell} |`;
    expect(
      fitted(table)
        .split("\n\n")
        .map((part) => part.split("\n")[0]),
    ).toEqual(["| name | a |", "| name | b |"]);
  });

  it("makes a list of a table that no cut makes narrow enough", () => {
    expect(fitted(`| name | text |\n|---|---|\n| one | ${long} |`)).toMatch(/^- one: word/);
  });

  it("leaves fenced blocks alone", () => {
    const fence = `\`\`\`\n${long}\n\n${long}\n\`\`\``;
    expect(fitted(fence)).toBe(fence);
  });
});
