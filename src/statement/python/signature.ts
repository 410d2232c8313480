import type { Problem } from "../../core/problem.ts";
import { closingBracket } from "./source.ts";

interface Parameter {
  readonly name: string;
  /** The annotation as written, "" when there is none. */
  readonly annotation: string;
}

export interface Signature {
  /** Name of the function or method, without its class. */
  readonly name: string;
  /** Parameters in order, without `self` and without the marks `*` and `/`; `*rest` is called `rest`. */
  readonly parameters: readonly Parameter[];
  /** The annotation after `->`, "" when there is none. */
  readonly returns: string;
}

/** The function's own name in an entry point such as `Solution().twoSum`. */
export function bareName(entryPoint: string): string {
  return entryPoint.split(".").at(-1) ?? entryPoint;
}

/**
 * The signature of the problem's entry point from its starter code, or from the statement where that holds the code
 * (HumanEval). Without an entry point: the last function or method that the starter code defines.
 */
export function entrySignature(problem: Problem): Signature | undefined {
  const name = problem.entryPoint === undefined ? undefined : bareName(problem.entryPoint);
  return (
    signatureIn(problem.starterCode, name) ??
    (name === undefined ? undefined : signatureIn(problem.statement, name))
  );
}

function signatureIn(code: string, name: string | undefined): Signature | undefined {
  const found = [...code.matchAll(/^[ \t]*(?:async +)?def +([A-Za-z_]\w*) *\(/gm)].findLast((match) =>
    name === undefined ? !match[1]?.startsWith("__") : match[1] === name,
  );
  if (!found) return undefined;
  const open = found.index + found[0].length - 1;
  const close = closingBracket(code, open);
  if (close === undefined) return undefined;
  const parameters = splitTopLevel(code.slice(open + 1, close - 1)).map(parameterOf);
  const returns = /^\s*->\s*([^:\n]+):/.exec(code.slice(close))?.[1]?.trim() ?? "";
  return {
    name: found[1] ?? "",
    parameters: parameters.filter(({ name }) => name !== "self" && name !== ""),
    returns,
  };
}

function parameterOf(text: string): Parameter {
  const match = /^\s*\**(\w+)\s*(?::\s*([^=]+))?/.exec(text);
  return { name: match?.[1] ?? "", annotation: match?.[2]?.trim() ?? "" };
}

/** Splits at the commas that are in no bracket and no string. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? "";
    if ("([{".includes(char)) i = (closingBracket(text, i) ?? text.length) - 1;
    else if (char === ",") {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  const rest = text.slice(start);
  return rest.trim() === "" ? parts : [...parts, rest];
}
