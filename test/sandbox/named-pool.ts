import { readdir, readFile } from "node:fs/promises";
import { bubblewrapLaunch, PRELOAD } from "../../src/sandbox/bubblewrap.ts";
import type { Interpreter } from "../../src/sandbox/interpreter.ts";
import { WorkerPool } from "../../src/sandbox/worker-pool.ts";

export interface NamedPoolOptions {
  readonly jobs?: number;
  readonly graceMs?: number;
}

/** The host name of a pool: another run of these tests on this machine has other ones. */
const named = (name: string): string => `${name}-${process.pid}`;

/** A pool whose bubblewrap processes are told apart from all others by their host name. */
export function namedPool(
  interpreter: Interpreter,
  name: string,
  options: NamedPoolOptions = {},
): WorkerPool {
  const launch = (worker: number) => {
    const made = bubblewrapLaunch("bwrap", { interpreter, preload: PRELOAD, worker });
    return { ...made, args: made.args.map((arg) => (arg === "sandbox" ? named(name) : arg)) };
  };
  return new WorkerPool({ identity: "test", jobs: 1, launch, ...options });
}

export async function bubblewraps(name: string): Promise<number[]> {
  const pids: number[] = [];
  for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.split("\0").includes(named(name))) pids.push(Number(pid));
  }
  return pids;
}

/** The same, once there are some. */
export async function started(name: string): Promise<number[]> {
  for (;;) {
    const pids = await bubblewraps(name);
    if (pids.length > 0) return pids;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whoever has ended meanwhile is not missed. */
export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
