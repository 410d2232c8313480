import type { ComparisonHints } from "./example-test.ts";

/** `unknown`: the output differs from the one shown where the statement allows several. */
export type ExampleVerdict = "pass" | "fail" | "unknown";

/**
 * Judges what a program printed for a stdin example. Blank space at the ends of the output and of its lines does not
 * count, nor how words are set apart in a line; numbers that are written differently are equal (`1.0`, `1`).
 */
export function stdoutVerdict(actual: string, expected: string, hints: ComparisonHints = {}): ExampleVerdict {
  const actualLines = outputLines(actual, hints);
  const expectedLines = outputLines(expected, hints);
  const equal =
    actualLines.length === expectedLines.length &&
    actualLines.every((line, index) => lineEqual(line, expectedLines[index] ?? "", hints.tolerance));
  if (equal) return "pass";
  if (hints.anyAnswer === true) return "unknown";
  if (hints.anyOrder === true && sameMembers(actualLines, expectedLines)) return "pass";
  return "fail";
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

function outputLines(output: string, hints: ComparisonHints): string[] {
  const text = hints.anyCase === true ? output.toLowerCase() : output;
  return text
    .trim()
    .split("\n")
    .map((line) => line.trim());
}

function lineEqual(actual: string, expected: string, tolerance: number | undefined): boolean {
  if (actual === expected) return true;
  const actualTokens = actual.split(/\s+/);
  const expectedTokens = expected.split(/\s+/);
  return (
    actualTokens.length === expectedTokens.length &&
    actualTokens.every((token, index) => tokenEqual(token, expectedTokens[index] ?? "", tolerance))
  );
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function tokenEqual(actual: string, expected: string, tolerance: number | undefined): boolean {
  if (actual === expected) return true;
  if (!DECIMAL.test(actual) || !DECIMAL.test(expected)) return false;
  if (/^[+-]?\d+$/.test(actual) && /^[+-]?\d+$/.test(expected))
    return BigInt(bare(actual)) === BigInt(bare(expected));
  return numberEqual(Number(actual), Number(expected), tolerance);
}

function bare(integer: string): string {
  return integer.replace(/^\+/, "");
}

function numberEqual(actual: number, expected: number, tolerance: number | undefined): boolean {
  if (actual === expected) return true;
  if (tolerance === undefined) return false;
  return Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
}

function valueEqual(actual: unknown, expected: unknown, hints: ComparisonHints): boolean {
  if (typeof expected === "number")
    return typeof actual === "number" && numberEqual(actual, expected, hints.tolerance);
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
