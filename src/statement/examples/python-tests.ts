import type { TestCase } from "../../core/problem.ts";
import { holdsSet, literalValue, literalValues } from "../python/literal-value.ts";
import type { ReadCall } from "../python/call.ts";
import type { PythonLiteral } from "../python/literal-text.ts";
import { namesOf, withoutStrings } from "../python/source.ts";

/**
 * `call == expected` as a test: data where JSON carries every argument exactly, else a `check` that keeps Python's
 * own values (tuples, sets). `expectedSource` is the literal as written.
 */
export function comparisonTest(
  entryPoint: string,
  call: ReadCall,
  expected: PythonLiteral,
  expectedSource: string,
): TestCase | undefined {
  if (call.args && call.args.keywords.size === 0 && !holdsSet(expected)) {
    const test = callTest(call.args.positional, expected);
    if (test?.exact === true) return test.test;
  }
  const python = pythonConstants(expectedSource.trim());
  return assertionTest(entryPoint, `${call.source} == ${python.includes("\n") ? `(${python})` : python}`, []);
}

/**
 * A call as data, and whether its arguments reach Python as they were written. The JSON texts are there where
 * JavaScript's numbers would lose something. undefined when a value has no likeness in JSON.
 */
export function callTest(
  args: readonly PythonLiteral[],
  expected: PythonLiteral,
): { readonly test: TestCase; readonly exact: boolean } | undefined {
  const values = literalValues(args);
  const wanted = literalValue(expected);
  if (values === undefined || wanted === undefined) return undefined;
  const test: TestCase = {
    type: "call",
    args: values.value,
    expected: wanted.value,
    ...(values.json === JSON.stringify(values.value) ? {} : { argsJson: values.json }),
    ...(wanted.json === JSON.stringify(wanted.value) ? {} : { expectedJson: wanted.json }),
  };
  return { test, exact: values.exact };
}

/**
 * `check` source that asserts an expression, after `setup` lines; undefined when it uses a name that would not be
 * there (a helper, a variable), since a right program would then fail.
 */
export function assertionTest(
  entryPoint: string,
  expression: string,
  setup: readonly string[],
): TestCase | undefined {
  const known = new Set([entryPoint]);
  const modules = new Set<string>();
  for (const line of [...setup, expression]) {
    if (/=>|[`$?]/.test(withoutStrings(line))) return undefined; // prose that looks like Python
    const assignment = /^\s*([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s*=(?!=)\s*([^]*)$/.exec(line);
    const names = namesOf(assignment?.[2] ?? line);
    if (names.unknown.some((name) => !known.has(name))) return undefined;
    for (const module of names.modules) modules.add(module);
    for (const name of assignment?.[1]?.split(",") ?? []) known.add(name.trim());
  }
  const body = [...setup, `assert ${expression}`].map((line) => `    ${line.trim()}`);
  const imports = [...modules].map((module) => `import ${module}\n`).join("");
  // A local name bound to the candidate: the assertion stays as the statement has it.
  const binding = entryPoint === "candidate" ? "" : `    ${entryPoint} = candidate\n`;
  return {
    type: "check",
    source: `${imports}def check(candidate):\n${binding}${body.join("\n")}\n`,
    entryPoint,
  };
}

/** `true`, `false` and `null` as Python writes them; only for a literal that stands alone. */
function pythonConstants(source: string): string {
  return { true: "True", false: "False", null: "None" }[source] ?? source;
}
