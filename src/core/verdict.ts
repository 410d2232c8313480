/**
 * What grading says of a program, in the order in which tables list it. Everything that knows verdicts derives from this list:
 * the type, the schemas of files, and switches that the compiler checks.
 */
export const VERDICTS = [
  "pass",
  "wrong_answer",
  "runtime_error",
  "time_limit",
  "memory_limit",
  "output_limit",
  "tampered",
  "no_code",
  "infra_error",
] as const;

export type Verdict = (typeof VERDICTS)[number];

/**
 * true, false, or null where nothing is known about the program. `infra_error` says nothing about it: no tests, undecodable tests,
 * a missing library of the tests, or a sandbox that failed twice. `tampered`: the program touched the machinery of its test, so
 * whatever the tests said counts as a failure.
 */
export function passedOf(verdict: Verdict): boolean | null {
  switch (verdict) {
    case "pass":
      return true;
    case "wrong_answer":
    case "runtime_error":
    case "time_limit":
    case "memory_limit":
    case "output_limit":
    case "tampered":
    case "no_code":
      return false;
    case "infra_error":
      return null;
  }
}

/** A verdict as reports write it: `wrong answer`. */
export function verdictText(verdict: Verdict): string {
  return verdict.replaceAll("_", " ");
}
