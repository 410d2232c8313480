import type { Problem } from "../../core/problem.ts";
import { functionOf, type MethodOutline, methodsOf } from "./class-outline.ts";

/** The functions that a problem's starter code fixes, and how their sessions run. */
export interface FixedFunctions {
  readonly outlines: readonly MethodOutline[];
  /** A function that works with libraries: it may draw, write files and take long to load. */
  readonly library: boolean;
}

/** What signatures are written with; a starter code that imports more hands out a library to work with. */
const TYPING = /^(?:typing|collections\.abc|__future__|dataclasses|abc|enum)$/;

/** Modules whose functions take and give what literals can say. */
const PLAIN =
  /^(?:typing|collections|__future__|dataclasses|abc|enum|math|cmath|re|string|itertools|functools|heapq|bisect|operator|copy|hashlib|random|statistics|fractions|decimal|sys|unicodedata|ast)\b/;

/**
 * The methods of a class that the starter code fixes; else its one function, when it works with libraries: its arguments
 * and results are then seldom literals, so that its docstring is run as a session. Needs `loadPythonParser()`.
 */
export function fixedFunctions({
  starterCode,
  kind,
  entryPoint,
}: Pick<Problem, "starterCode" | "kind" | "entryPoint">): FixedFunctions {
  const methods = methodsOf(starterCode);
  if (methods.length > 0) return { outlines: methods, library: false };
  if (kind !== "function" || entryPoint === undefined || !importsLibrary(starterCode))
    return { outlines: [], library: false };
  const outline = functionOf(starterCode, entryPoint);
  return { outlines: outline === undefined ? [] : [outline], library: true };
}

/** Whether the starter code imports anything that its signatures alone do not need. Pure text. */
function importsLibrary(starterCode: string): boolean {
  return modulesOf(starterCode).some((module) => !TYPING.test(module));
}

/**
 * Whether calls with literals alone say little of the function: it works with tables, plots, files, processes or the
 * network. Pure text.
 */
export function worksWithLibraries({ starterCode, kind }: Pick<Problem, "starterCode" | "kind">): boolean {
  return kind === "function" && modulesOf(starterCode).some((module) => !PLAIN.test(module));
}

function modulesOf(starterCode: string): string[] {
  return [...starterCode.matchAll(/^(?:from|import)\s+([\w.]+)/gm)].map(([, module = ""]) => module);
}
