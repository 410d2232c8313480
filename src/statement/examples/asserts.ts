import type { TestCase } from "../../core/problem.ts";
import { readCall } from "../python/call.ts";
import { readPythonLiteral } from "../python/literal-text.ts";
import { closingBracket } from "../python/source.ts";
import { assertionTest, comparisonTest } from "./python-tests.ts";

/**
 * `assert f(1) == 2` as MBPP writes it. Other assertions about the entry point (`assert not f(1)`,
 * `assert set(f(1)) == {2}`, `assert math.isclose(f(1), 2)`) are kept as `check` source.
 */
export function asserts(statement: string, entryPoint: string): TestCase[] {
  const tests: TestCase[] = [];
  for (const match of statement.matchAll(/^[ \t]*assert\b[ \t]*/gm)) {
    const expression = logicalLine(statement, match.index + match[0].length);
    const test = expression === undefined ? undefined : assertionCase(expression, entryPoint);
    if (test) tests.push(test);
  }
  return tests;
}

/** The test that an expression states, when it is one that can hold for the entry point. */
export function assertionCase(expression: string, entryPoint: string): TestCase | undefined {
  const call = readCall(expression, 0, entryPoint);
  const comparison = call?.args && /^\s*==\s*/.exec(expression.slice(call.end));
  if (call && comparison) {
    const from = call.end + comparison[0].length;
    const read = readPythonLiteral(expression, from);
    const message = read && /^\s*(?:,[^]*|#[^]*)?$/.test(expression.slice(read.end));
    if (read && message)
      return comparisonTest(entryPoint, call, read.literal, expression.slice(from, read.end));
  }
  return expression.includes(`${entryPoint}(`) ? assertionTest(entryPoint, expression, []) : undefined;
}

/** From `start` to the end of the line on which all brackets are closed, on one line. */
function logicalLine(text: string, start: number): string | undefined {
  let i = start;
  while (i < text.length && text[i] !== "\n") {
    if ("([{".includes(text[i] ?? "")) {
      const end = closingBracket(text, i);
      if (end === undefined) return undefined;
      i = end;
    } else {
      i++;
    }
  }
  return text
    .slice(start, i)
    .replace(/\s*\n\s*/g, " ")
    .trim();
}
