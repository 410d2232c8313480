import type { TestCase } from "../../core/problem.ts";
import { assertionCase } from "./asserts.ts";
import { readCall } from "../python/call.ts";
import { parsePythonLiteral } from "../python/literal-text.ts";
import { assertionTest, comparisonTest } from "./python-tests.ts";

export interface Doctest {
  readonly source: string;
  /** The lines below, as the interpreter would print them; "" when it prints nothing. */
  readonly printed: string;
}

/**
 * `>>> f(1)` and the value's repr on the lines below. Statements before it in the same run (`>>> x = f(1)`,
 * `>>> x[0]`) become the test's setup. A result that is no literal (an object's repr, an exception, a float cut
 * short) gives no test, and neither does printed text.
 */
export function doctests(statement: string, entryPoint: string): TestCase[] {
  const tests: TestCase[] = [];
  for (const run of doctestRuns(statement)) {
    const setup: string[] = [];
    let usable = true;
    for (const { source, printed } of run) {
      if (/^[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*\s*=(?!=)/.test(source)) {
        usable = usable && !source.includes("\n");
        setup.push(source);
        continue;
      }
      const test = usable ? doctestCase(source, printed, entryPoint, setup) : undefined;
      if (test) tests.push(test);
    }
  }
  return tests;
}

function doctestCase(
  source: string,
  printed: string,
  entryPoint: string,
  setup: readonly string[],
): TestCase | undefined {
  const expectedSource = printed === "" ? "None" : printed;
  const expected = parsePythonLiteral(expectedSource);
  if (expected === undefined) return undefined;
  const call = readCall(source, 0, entryPoint);
  const whole = call !== undefined && /^\s*(?:#.*)?$/.test(source.slice(call.end));
  if (whole && call.args) return comparisonTest(entryPoint, call, expected, expectedSource);
  const stated = printed === "" && call !== undefined && /^\s*==/.test(source.slice(call.end));
  if (stated) return assertionCase(source, entryPoint); // `>>> f(1) == 2`, True left out
  // Nothing printed: only a bare call is known to have returned None; print(..) and statements say nothing.
  if (printed === "" || source.includes("\n") || /^(?:import|from|print|del|with|for)\b/.test(source))
    return undefined;
  if (!source.includes(entryPoint) && setup.every((line) => !line.includes(entryPoint))) return undefined;
  return assertionTest(entryPoint, `(${source.replace(/\s*#[^"']*$/, "")}) == ${expectedSource}`, setup);
}

/** Doctests that follow each other without a blank line or other text between share their variables. */
export function doctestRuns(statement: string): Doctest[][] {
  const lines = statement.replace(/\r\n?/g, "\n").split("\n");
  const runs: Doctest[][] = [];
  let open: Doctest[] | undefined;
  for (let i = 0; i < lines.length;) {
    const start = /^(\s*)>>>\s?(.*)$/.exec(lines[i] ?? "");
    if (!start) {
      if ((lines[i] ?? "").trim() !== "") open = undefined;
      i++;
      continue;
    }
    const source = [start[2] ?? ""];
    i++;
    for (
      let more = /^\s*\.\.\.\s?(.*)$/.exec(lines[i] ?? "");
      more;
      more = /^\s*\.\.\.\s?(.*)$/.exec(lines[i] ?? "")
    ) {
      source.push(more[1] ?? "");
      i++;
    }
    const printed: string[] = [];
    while (i < lines.length && !/^\s*(?:$|>>>|"""|''')/.test(lines[i] ?? "")) {
      printed.push((lines[i] ?? "").trim().replace(/(?:"""|''')$/, ""));
      i++;
    }
    if (!open) runs.push((open = []));
    open.push({ source: source.join("\n").trim(), printed: printed.join("\n").trim() });
  }
  return runs;
}
