import type { Step } from "../../core/step.ts";
import { functionSteps } from "../../steps/function-steps.ts";
import { partition } from "../../steps/partition.ts";

/** A method, or a function, as the starter code has it. */
export interface MethodOutline {
  /** `Class.add`; of a function its name. */
  readonly name: string;
  /** `add` */
  readonly bare: string;
  /** From its `def` on, docstring included. */
  readonly text: string;
  /** Called through an object. */
  readonly bound: boolean;
  /** Parameters that a caller must give, and those that may be left out. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** The methods that the starter code fixes, in its order; none when it shows no class. Needs `loadPythonParser()`. */
export function methodsOf(starterCode: string): MethodOutline[] {
  return outlinesOf(starterCode, ({ kind }) => kind === "method");
}

/** The function of that name in the starter code. Needs `loadPythonParser()`. */
export function functionOf(starterCode: string, entryPoint: string): MethodOutline | undefined {
  return outlinesOf(starterCode, ({ kind, name }) => kind === "function" && name === entryPoint).at(-1);
}

function outlinesOf(starterCode: string, isAsked: (step: Step) => boolean): MethodOutline[] {
  return partition(starterCode, functionSteps(starterCode)).flatMap((step) => {
    const { kind, name, start, end } = step;
    if (name === null || !isAsked(step)) return [];
    const whole = starterCode.slice(start, end);
    const at = whole.search(/^[ \t]*(?:async +)?def\b/m);
    if (at === -1) return [];
    const text = whole.slice(at);
    const decorators = /(?:^[ \t]*@\w+[^\n]*\n)+$/m.exec(whole.slice(0, at))?.[0] ?? "";
    const parameters = splitParameters(text);
    const bound = kind === "method" && !/@staticmethod/.test(decorators);
    const given = parameters.slice(bound ? 1 : 0).filter((each) => !each.startsWith("*"));
    const bareName = (parameter: string): string => /^\w*/.exec(parameter)?.[0] ?? "";
    return [
      {
        name,
        bare: name.slice(name.lastIndexOf(".") + 1),
        text,
        bound,
        required: given.filter((each) => !each.includes("=")).map(bareName),
        optional: given.filter((each) => each.includes("=")).map(bareName),
      },
    ];
  });
}

function splitParameters(text: string): string[] {
  const list = /\(([^()]*(?:\([^()]*\)[^()]*)*)\)/.exec(text)?.[1] ?? "";
  return list
    .split(/,(?![^[(]*[\])])/)
    .map((each) => each.trim())
    .filter((each) => each !== "");
}
