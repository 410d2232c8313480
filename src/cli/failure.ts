import { printable } from "../console/printable.ts";
import { EXIT_CODE, FunprmError } from "../core/errors.ts";

/** Says on stderr why a command ended; gives its exit code. What is no FunprmError is a defect, told with its stack. */
export function tellFailure(error: unknown, version: string): number {
  if (error instanceof FunprmError) {
    process.stderr.write(`funprm: ${printable(error.message)}\n`);
    return EXIT_CODE[error.code];
  }
  if (isOutOfFiles(error)) {
    process.stderr.write(
      "funprm: too many files are open here; raise the limit (ulimit -n 1024) and run it again\n",
    );
    return EXIT_CODE.usage;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `funprm ${version}: a defect of funprm; please report it with this text\n${printable(detail)}\n`,
  );
  return 1;
}

/** Any file may be the one too many, a module of funprm's own included. */
function isOutOfFiles(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EMFILE" || error.code === "ENFILE");
}
