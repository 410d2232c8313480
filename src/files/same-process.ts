import { readFileSync } from "node:fs";

/**
 * When a process of this machine started, in the kernel's own count; undefined where that cannot be known. With its id it
 * names a process for good: ids are given anew, and no clock that is set has a part in it.
 * @internal for tests
 */
export function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the name, in brackets, which may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** The start of this process. */
export const OWN_START = startOf(process.pid);

/** Whether the process that had an id, and started then, still runs. Without a start any process with that id is taken for it. */
export function isRunning(pid: number, start: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Alive, but another user's.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const now = start === undefined ? undefined : startOf(pid);
  return now === undefined || now === start;
}
