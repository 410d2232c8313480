/** How a program for the problem is called: it reads stdin, it is a method of a class, or a function of a module. */
export type ProblemKind = "stdin" | "method" | "function";

/** One unit test. `check` and `unittest` are themselves Python source; the other two are data, compared outside. */
export type TestCase =
  | { readonly type: "stdio"; readonly input: string; readonly output: string }
  | {
      readonly type: "call";
      readonly args: readonly unknown[];
      readonly expected: unknown;
      /**
       * The same two as the JSON text they came from (`[1.0, 2]`), where a file said them. Send these to Python:
       * a JavaScript number cannot tell 1.0 from 1 and has no exact integers over 2^53.
       */
      readonly argsJson?: string;
      readonly expectedJson?: string;
    }
  | { readonly type: "check"; readonly source: string; readonly entryPoint: string }
  | {
      readonly type: "unittest";
      readonly source: string;
      readonly testClasses?: readonly string[];
      /** The method of the program that these classes test (ClassEval); absent: the whole of it. */
      readonly method?: string;
    };

/**
 * Hidden tests as they came from the file, not yet decoded: a release holds gigabytes of them, so they are
 * decoded one problem at a time by formats/hidden-tests.ts.
 */
export type HiddenTests =
  | { readonly form: "list"; readonly tests: readonly TestCase[] }
  /** LiveCodeBench `private_test_cases`: JSON, or base64 of zlib of a pickled JSON string. */
  | { readonly form: "livecodebench"; readonly data: string }
  /**
   * EvalPlus: two lists of argument lists as the JSON text of the file (Python's dialect: 1.0, long integers, Infinity
   * and NaN stay what they are); the expected outputs come from running the reference.
   */
  | {
      readonly form: "evalplus";
      readonly baseInput: string;
      readonly plusInput: string;
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
  /** Python that a suite's own grader puts before the program, such as its imports. */
  readonly preamble?: string;
  /** A whole program known to pass; it checks a grader and never reaches a sampler or a score. */
  readonly reference?: string;
  /** Facts for grouping results: platform, difficulty, date, suite. Never part of a score. */
  readonly meta: Readonly<Record<string, unknown>>;
}
