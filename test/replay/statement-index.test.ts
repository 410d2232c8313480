import * as fc from "fast-check";
import { expect, test } from "vitest";
import { normaliseStatement, StatementIndex } from "../../src/replay/statement-index.ts";

const word = fc.constantFrom("a", "ab", "ba", "b", "abab", "sum", "\n", "  ", "\u00e9", "\ud83d\ude00");
const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(" "));

test("finds the longest contained statement, as a search for each of them does", () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), text, text, (statements, before, after) => {
      const index = new StatementIndex<string>();
      for (const statement of statements) index.add(statement, normaliseStatement(statement));
      const prompt = `${before} ${statements[0] ?? ""} ${after}`;
      const contained = statements
        .map(normaliseStatement)
        .filter((statement) => statement !== "" && normaliseStatement(prompt).includes(statement));
      const longest = Math.max(0, ...contained.map((statement) => statement.length));
      expect(index.find(prompt)[0]?.length ?? 0).toBe(longest);
    }),
  );
});

test("values of one statement come together, in their order, whatever the white space", () => {
  const index = new StatementIndex<number>();
  index.add("Count the pairs of numbers whose sum is even.", 1);
  index.add("  Count the pairs\r\n of numbers\twhose sum is even.\n", 2);
  expect(index.find("# Task\n> Count the pairs of numbers whose sum is even. Go.")).toEqual([1, 2]);
  expect(index.find("Count the pairs of numbers whose sum is odd.")).toEqual([]);
  expect(index.find("")).toEqual([]);
});
