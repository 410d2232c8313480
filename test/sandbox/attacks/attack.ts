/**
 * A program that tries something. HOST_FILE, HOST_FOLDER, HOST_PORT and HOST_PID are filled in before it runs; HOST_PREFIX is how the
 * expected output begins, HOST_ANSWER all of it, for programs that use it only after they got where they must not.
 */
export interface Attack {
  readonly name: string;
  /** The form of test it is graded with; the task is always to double an integer. */
  readonly form: "stdio" | "call" | "evalplus" | "check" | "unittest";
  readonly code: string;
  /** What it is graded with in place of the form's usual test: lines of a test's body, X the question and E the answer to it. */
  readonly test?: string;
}

export function attacks(form: Attack["form"], programs: Readonly<Record<string, string>>): Attack[] {
  return Object.entries(programs).map(([name, code]) => ({ name, form, code }));
}

/** Attacks on a test of a certain way to ask: the lines of the test's body, and the program. */
export function attacksOn(
  form: "check" | "unittest",
  programs: Readonly<Record<string, readonly [test: string, code: string]>>,
): Attack[] {
  return Object.entries(programs).map(([name, [test, code]]) => ({ name, form, test, code }));
}
