import { printable } from "../console/printable.ts";
import { EXIT_CODE, FunprmError } from "../core/errors.ts";

/** Says on stderr why a command ended; gives its exit code. What is no FunprmError is a defect, told with its stack. */
export function tellFailure(error: unknown, version: string): number {
  if (error instanceof FunprmError) {
    process.stderr.write(`funprm: ${printable(error.message)}\n`);
    return EXIT_CODE[error.code];
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `funprm ${version}: a defect of funprm; please report it with this text\n${printable(detail)}\n`,
  );
  return 1;
}
