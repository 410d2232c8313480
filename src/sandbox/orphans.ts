import { readdirSync, readFileSync } from "node:fs";

/** The variable by which a process is known that has not yet become the fork server, which gets an environment of its own. */
const MARK = "FUNPRM_WORKER";

/** The environment of a process that `killMarked` finds. */
export function marked(token: string): Readonly<Record<string, string>> {
  return { [MARK]: token };
}

/**
 * Kills what bubblewrap has started and not yet let go: it waits for a word of its parent's, and where somebody kills the
 * parent before it gives it, for ever. Does nothing where there is no /proc.
 */
export function killMarked(token: string): void {
  for (const pid of processIds()) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
      if (environment.includes(`${MARK}=${token}`)) process.kill(pid, "SIGKILL");
    } catch {
      // It has ended, or is another user's.
    }
  }
}

function processIds(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
