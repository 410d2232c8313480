import type { Problem, TestCase } from "../../core/problem.ts";
import { fitsAnnotation } from "../python/annotation.ts";
import { parsePythonLiteral, readPythonLiteral, type PythonLiteral } from "../python/literal-text.ts";
import { callTest } from "./python-tests.ts";
import { entrySignature, type Signature } from "../python/signature.ts";

interface NamedValue {
  readonly name: string | undefined;
  readonly literal: PythonLiteral;
}

const LABELS = /\bInputs?\s*:([^]*?)\bOutputs?\s*:/g;

/** HumanEval's prose: `For lst = [1,2,3] the output should be 14`. */
const FOR_VALUES =
  /\bFor\s+([A-Za-z_]\w* *=.*?),?\s+the (?:output|result|answer) (?:should be|is|will be)\b/g;

/**
 * LeetCode's examples: `Input: nums = [1,2], k = 3`, `Output: 4`, against the starter code's signature. Arguments
 * are put into the order of the parameters by name; where the names differ, by position if the counts agree. A value
 * that does not fit its annotation means that the text was read wrongly, or needs an object such as a tree: no test.
 */
export function labelledCalls(problem: Problem): TestCase[] {
  const signature = entrySignature(problem);
  if (!signature) return [];
  const tests: TestCase[] = [];
  const text = problem.statement
    .replace(/\r\n?/g, "\n")
    .replace(/\*\*|`|\u00A0|\u200B/g, (mark) => (mark === "\u00A0" ? " " : ""));
  for (const match of [...text.matchAll(LABELS), ...text.matchAll(FOR_VALUES)]) {
    const values = readInput(match[1] ?? "");
    const args = values && argumentsInOrder(values, signature);
    const output = text.slice(match.index + match[0].length);
    const expected = args && readOutput(output, signature.returns);
    const test = args && expected && callTest(args, expected)?.test;
    if (test) tests.push(test);
  }
  return tests;
}

/** `a = 1, b = "x"`, over one line or several, with or without commas; undefined when anything else is between. */
function readInput(text: string): NamedValue[] | undefined {
  const values: NamedValue[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const name = /^([A-Za-z_]\w*)\s*[=:]\s*/.exec(rest);
    const read = readPythonLiteral(rest, name?.[0].length ?? 0);
    if (!read) return undefined;
    values.push({ name: name?.[1], literal: read.literal });
    const after = rest.slice(read.end);
    if (!/^\s*(?:[,;]|\n|$)/.test(after)) return undefined;
    rest = after.replace(/^\s*[,;]?\s*/, "");
  }
  return values;
}

function argumentsInOrder(
  values: readonly NamedValue[],
  { parameters }: Signature,
): readonly PythonLiteral[] | undefined {
  if (values.length !== parameters.length) return undefined;
  const byName = new Map(values.map(({ name, literal }) => [name, literal]));
  const named = parameters.map(({ name }) => byName.get(name));
  const literals = named.every((literal) => literal !== undefined)
    ? named
    : values.map(({ literal }) => literal);
  const fitting = parameters.every(({ annotation }, index) => {
    const literal = literals[index];
    return literal !== undefined && fitsAnnotation(literal, annotation);
  });
  return fitting ? literals : undefined;
}

/** The literal after `Output:`; for `-> str`, words without quotes to the line's end too. */
function readOutput(text: string, returns: string): PythonLiteral | undefined {
  const read = readPythonLiteral(text, 0);
  if (read && /^\.?[^\S\n]*(?:\n|#|$)/.test(text.slice(read.end)) && fitsAnnotation(read.literal, returns)) {
    return read.literal;
  }
  const line = /^\s*(.*)/.exec(text)?.[1]?.trim() ?? "";
  const alone = parsePythonLiteral(line);
  if (alone && fitsAnnotation(alone, returns)) return alone;
  return returns === "str" && line !== "" && !/["']/.test(line) ? { type: "string", value: line } : undefined;
}
