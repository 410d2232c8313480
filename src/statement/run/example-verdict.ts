import { outputLines, outputTokens, sameOutput } from "../../grade/compare/stdout.ts";
import type { ComparisonHints } from "../examples/example-test.ts";

/** `unknown`: the output differs from the one shown where the statement allows several. */
export type ExampleVerdict = "pass" | "fail" | "unknown";

/** Judges what a program printed for a stdin example: as grading does, or else as the statement's hints allow. */
export function stdoutVerdict(actual: string, expected: string, hints: ComparisonHints = {}): ExampleVerdict {
  if (sameOutput(actual, expected)) return "pass";
  if (hints.anyAnswer === true) return "unknown";
  const actualLines = hintedLines(actual, hints);
  const expectedLines = hintedLines(expected, hints);
  if (hints.anyOrder === true && sameMembers(actualLines, expectedLines)) return "pass";
  const equal =
    actualLines.length === expectedLines.length &&
    actualLines.every((line, index) => lineEqual(line, expectedLines[index] ?? "", hints.tolerance));
  return equal ? "pass" : "fail";
}

/** Judges the value that a call-based example returned, as JSON values with tuples as lists. */
export function valueVerdict(
  actual: unknown,
  expected: unknown,
  hints: ComparisonHints = {},
): ExampleVerdict {
  if (valueEqual(actual, expected, hints)) return "pass";
  const unordered = hints.anyOrder === true && Array.isArray(actual) && Array.isArray(expected);
  if (unordered && sameMembers(actual.map(jsonText), expected.map(jsonText))) return "pass";
  return hints.anyAnswer === true ? "unknown" : "fail";
}

function hintedLines(output: string, hints: ComparisonHints): string[] {
  return outputLines(hints.anyCase === true ? output.toLowerCase() : output);
}

function lineEqual(actual: string, expected: string, tolerance: number | undefined): boolean {
  if (sameOutput(actual, expected)) return true;
  const actualWords = outputTokens(actual);
  const expectedWords = outputTokens(expected);
  return (
    actualWords.length === expectedWords.length &&
    actualWords.every((word, index) => wordEqual(word, expectedWords[index] ?? "", tolerance))
  );
}

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Tolerance is for reals: an example that shows an integer counts something, and a count is right or wrong. */
function wordEqual(actual: string, expected: string, tolerance: number | undefined): boolean {
  if (sameOutput(actual, expected)) return true;
  if (!DECIMAL.test(actual) || !DECIMAL.test(expected)) return false;
  if (/^[+-]?\d+$/.test(actual) && /^[+-]?\d+$/.test(expected)) return false;
  return numberEqual(Number(actual), Number(expected), tolerance);
}

function numberEqual(actual: number, expected: number, tolerance: number | undefined): boolean {
  if (actual === expected) return true;
  if (tolerance === undefined) return false;
  return Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
}

function valueEqual(actual: unknown, expected: unknown, hints: ComparisonHints): boolean {
  if (typeof expected === "number") {
    return typeof actual === "number" && numberEqual(actual, expected, hints.tolerance);
  }
  if (typeof expected === "string") {
    if (typeof actual !== "string") return false;
    return hints.anyCase === true ? actual.toLowerCase() === expected.toLowerCase() : actual === expected;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return false;
    return actual.every((item, index) => valueEqual(item, expected[index], hints));
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof actual !== "object" || actual === null || Array.isArray(actual)) return false;
    const wanted = Object.entries(expected);
    const got = new Map<string, unknown>(Object.entries(actual));
    return (
      got.size === wanted.length &&
      wanted.every(([key, value]) => got.has(key) && valueEqual(got.get(key), value, hints))
    );
  }
  return actual === expected;
}

function sameMembers(actual: readonly string[], expected: readonly string[]): boolean {
  return actual.length === expected.length && actual.toSorted().join("\n") === expected.toSorted().join("\n");
}

function jsonText(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}
