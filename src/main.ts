#!/usr/bin/env node
// Parses, runs, and is the only file that exits.
import { readFileSync } from "node:fs";
import process from "node:process";
import { tellFailure } from "./cli/failure.ts";
import { EXIT_CODE, FunprmError } from "./core/errors.ts";

const argv = process.argv.slice(2);
const version = readVersion();
if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-v")) {
  process.stdout.write(`${version}\n`);
} else {
  process.exitCode = await runToExitCode();
}

async function runToExitCode(): Promise<number> {
  const interrupt = new AbortController();
  let interrupted = false;
  const onSignal = (): void => {
    // The first signal lets running work finish and be kept; the second one means it.
    if (interrupted) {
      // Leaving waits for threads of the pool. Without our handlers a further signal ends even that.
      process.removeAllListeners("SIGINT");
      process.removeAllListeners("SIGTERM");
      process.exit(EXIT_CODE.interrupted);
    }
    interrupted = true;
    process.stderr.write("\nfunprm: stopping; what is finished is kept (again to stop at once)\n");
    interrupt.abort(new FunprmError("interrupted", "interrupted"));
    // Whoever waits for more input waits no longer.
    process.stdin.destroy();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // `funprm rank | head -1`: a reader that has seen enough is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`funprm: standard output cannot be written: ${error.message}\n`);
    process.exit(EXIT_CODE.usage);
  });
  // Nobody reads what is told, or it goes to a full disk: no reason to end the work.
  process.stderr.on("error", () => {});
  try {
    const { runCli } = await import("./cli/program.ts");
    const code = await runCli(argv, version, interrupt.signal);
    return interrupted ? EXIT_CODE.interrupted : code;
  } catch (error) {
    return interrupted ? EXIT_CODE.interrupted : tellFailure(error, version);
  }
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  if (manifest instanceof Object && "version" in manifest && typeof manifest.version === "string") {
    return manifest.version;
  }
  throw new Error("package.json has no version");
}
