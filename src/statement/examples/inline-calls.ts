import type { TestCase } from "../../core/problem.ts";
import { readCall } from "../python/call.ts";
import { readPythonLiteral } from "../python/literal-text.ts";
import { comparisonTest } from "./python-tests.ts";

/** What comes between a call and its value in prose: `==`, `=>`, `->`, `➞`, `# returns`, `should return`, `=`. */
const ARROW =
  /^[^\S\n]*(?:#[^\S\n]*)?(?:={1,3}>?|-{1,2}>|➞|→|returns?|should (?:return|be|equal)|will return|evaluates to|# =>)[^\S\n]*:?[^\S\n]*`*/;

/** What may follow the value on its line: a full stop, a comment, a remark in brackets. */
const AFTER = /^[^\S\n]*(?:[.,;]?[^\S\n]*(?:$|\n)|[.;,]?[^\S\n]*#|\(|[.,;][^\S\n]+[A-Za-z]|"""|''')/;

/** `19 - 5 - 6 = 8`: the value is what the sum comes to. */
const WORKED_OUT = /^[\d\s.+\-*/()]+=\s*(?=[^\s=])/;

/**
 * Calls with their values in running text, as HumanEval's docstrings without doctests have them: `f(1) => 2`,
 * `f("a") returns "b"`. Only calls whose arguments are literals, from the line's start (a list mark before it is
 * skipped).
 */
export function inlineCalls(statement: string, entryPoint: string): TestCase[] {
  const tests: TestCase[] = [];
  for (const match of statement.matchAll(
    /^[ \t]*(?:[*•-][ \t]*|\d+[.)][ \t]*|(?:for|assert|e\.g\.)[ \t]+)?`*/gim,
  )) {
    const call = readCall(statement, match.index + match[0].length, entryPoint);
    if (!call?.args) continue;
    const arrow = ARROW.exec(
      statement.slice(call.end).replace(/^[`;]+/, (marks) => " ".repeat(marks.length)),
    );
    if (!arrow) continue;
    let from = call.end + arrow[0].length;
    from += WORKED_OUT.exec(statement.slice(from).split("\n", 1)[0] ?? "")?.[0].length ?? 0;
    const read = readPythonLiteral(statement, from);
    if (!read || !AFTER.test(statement.slice(read.end).replace(/^`+/, ""))) continue;
    const test = comparisonTest(entryPoint, call, read.literal, statement.slice(from, read.end));
    if (test) tests.push(test);
  }
  return tests;
}
