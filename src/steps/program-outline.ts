/** What a reader of Python code, the tree walk or the scanner, says about a program. */

/** A top-level function, or a method of a class that is not inside a function or a block. */
export interface FunctionSpan {
  readonly kind: "function" | "method";
  /** `solve`, `Solution.twoSum`, `Outer.Inner.method`. */
  readonly name: string;
  /** Offset behind the terminator of the function's last line; comments and blank lines after it are outside. */
  readonly end: number;
}

/** `Solution.twoSum` from the names of the classes around a function, outermost first, and its own. */
export function functionSpan(classNames: readonly string[], name: string, end: number): FunctionSpan {
  return {
    kind: classNames.length === 0 ? "function" : "method",
    name: [...classNames, name].join("."),
    end,
  };
}
