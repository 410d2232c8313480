import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { MAIN } from "./run-cli.ts";

const SCRIPT = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)";

/** Runs the command with a terminal as its stdout and stderr; gives what it wrote there. */
export async function atTerminal(args: readonly string[], cwd: string): Promise<string> {
  const line = ["-c", SCRIPT, process.execPath, MAIN, ...args];
  const { stdout } = await promisify(execFile)("python3", line, { cwd, maxBuffer: 1 << 26 }).catch(ended);
  return stdout.replaceAll("\r\n", "\n");
}

/** A command that ends with another code than 0 has written all the same. */
function ended(error: unknown): { readonly stdout: string } {
  if (error instanceof Error && "stdout" in error && typeof error.stdout === "string")
    return { stdout: error.stdout };
  throw error;
}
