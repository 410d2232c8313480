/** How a program for the problem is called: it reads stdin, it is a method of a class, or a function of a module. */
export type ProblemKind = "stdin" | "method" | "function";

/** One unit test. `check` and `unittest` are themselves Python source; the other two are data, compared outside. */
export type TestCase =
  | { readonly type: "stdio"; readonly input: string; readonly output: string }
  | { readonly type: "call"; readonly args: readonly unknown[]; readonly expected: unknown }
  | { readonly type: "check"; readonly source: string; readonly entryPoint: string }
  | { readonly type: "unittest"; readonly source: string; readonly testClasses?: readonly string[] };

/**
 * Hidden tests as they came from the file, not yet decoded: a release holds gigabytes of them, so they are
 * decoded one problem at a time by formats/hidden-tests.ts.
 */
export type HiddenTests =
  | { readonly form: "list"; readonly tests: readonly TestCase[] }
  /** LiveCodeBench `private_test_cases`: JSON, or base64 of zlib of a pickled JSON string. */
  | { readonly form: "livecodebench"; readonly data: string }
  /** EvalPlus: inputs as JSON; the expected outputs come from running the reference. */
  | {
      readonly form: "evalplus";
      readonly baseInput: unknown;
      readonly plusInput: unknown;
      readonly reference: string;
      readonly atol: number;
    };

/** A programming problem. `id` names it towards the user and never reaches a score. */
export interface Problem {
  readonly id: string;
  readonly title?: string;
  readonly statement: string;
  readonly kind: ProblemKind;
  /** Code the program must start from or fill in; "" when there is none. */
  readonly starterCode: string;
  /** Function or method that call-based tests run, such as `Solution().twoSum` or `twoSum`. */
  readonly entryPoint?: string;
  /** Tests the statement shows (LiveCodeBench `public_test_cases`). */
  readonly exampleTests: readonly TestCase[];
  readonly hiddenTests?: HiddenTests;
  /** Facts for grouping results: platform, difficulty, date, suite. Never part of a score. */
  readonly meta: Readonly<Record<string, unknown>>;
}
