import { FunprmError } from "../core/errors.ts";
import { isStdin } from "../files/opened-by-shell.ts";

/** Refuses a command line that takes two inputs from stdin, which holds one. @throws FunprmError `usage` */
export function refuseStdinTwice(inputs: readonly (string | undefined)[]): void {
  if (inputs.filter((input) => input !== undefined && isStdin(input)).length < 2) return;
  throw new FunprmError(
    "usage",
    "expected one input from stdin, got two: problems and candidates. Name a file for one of them.",
  );
}

/** Refuses problems from stdin where they are read more than once. @throws FunprmError `usage` */
export function refuseProblemsFromStdin(command: string, files: readonly (string | undefined)[]): void {
  if (!files.some((file) => file !== undefined && isStdin(file))) return;
  throw new FunprmError(
    "usage",
    `${command}: expected the problems in a file, because they are read more than once; got stdin. Save them to a file.`,
  );
}
