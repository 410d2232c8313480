import type { Step } from "../core/step.ts";
import { functionSteps } from "../steps/function-steps.ts";
import { partition } from "../steps/partition.ts";

/** A function step without the module code that follows the program's last function. */
export interface Part {
  readonly name: string | null;
  /** The name, and `A.x setter` for the setter of a property, which has its getter's name and does not replace it. */
  readonly defines: string | null;
  /** `A.B` for the method `A.B.m`, "" for functions and module code. */
  readonly className: string;
  readonly text: string;
  readonly complete: boolean;
}

/** A program as rollouts see it: its steps, and the same with the module code at the end apart. */
export interface Outline {
  readonly code: string;
  readonly steps: readonly Step[];
  readonly parts: readonly Part[];
  /** Module code behind the last function; "" when there is none. */
  readonly tail: string;
}

/** Needs `loadPythonParser()` to be done. */
export function outlineOf(code: string): Outline {
  const ends = functionSteps(code);
  const steps = partition(code, ends);
  const lastEnd = ends.at(-1)?.end ?? code.length;
  const parts = steps.map(({ name, start, end, complete }) => {
    const text = code.slice(start, Math.min(end, lastEnd));
    return { name, defines: definedBy(name, text), className: classOf(name), text, complete };
  });
  return { code, steps, parts, tail: code.slice(lastEnd) };
}

function definedBy(name: string | null, text: string): string | null {
  const bare = name?.slice(name.lastIndexOf(".") + 1);
  const accessor = new RegExp(`^[ \\t]*@${bare}\\.(getter|setter|deleter)\\b`, "m").exec(text)?.[1];
  return accessor === undefined ? name : `${name} ${accessor}`;
}

/** The class a step's name says it belongs to, "" for none. */
export function classOf(name: string | null): string {
  return name === null ? "" : name.slice(0, Math.max(0, name.lastIndexOf(".")));
}
