import { expect, test } from "vitest";
import { shorten } from "../../src/grade/verdict.ts";

test("keeps short texts, and the ends of long ones, whatever is in them", () => {
  expect(shorten("a\ud83d\0é")).toBe("a\ud83d\0é");
  const long = `${"é".repeat(200)}${"x".repeat(200)}`;
  expect(shorten(long)).toBe(`${"é".repeat(150)}…${"x".repeat(150)}`);
});

test("holds nothing of the text that it was cut from", () => {
  const before = process.memoryUsage().rss;
  // 400 MB are kept alive if each of the 100 pieces holds its text of 4 MB.
  const kept = Array.from({ length: 100 }, (_, at) => shorten(`${at}${"x".repeat(4 << 20)}`.toUpperCase()));
  expect(process.memoryUsage().rss - before).toBeLessThan(250 << 20);
  expect(kept[7]?.startsWith("7XXX")).toBe(true);
});
