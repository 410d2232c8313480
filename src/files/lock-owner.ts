import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { isRunning, OWN_START } from "./same-process.ts";

export const lockOwnerSchema = z.object({
  pid: z.int(),
  host: z.string(),
  token: z.string(),
  /** The machine's start that the process belongs to, and the process's own: a number may come again. */
  boot: z.string().exactOptional(),
  start: z.string().exactOptional(),
  /** The owner rewrites the lock at least so often, in ms; one that has not for many times as long is gone. */
  beatMs: z.number().positive().exactOptional(),
});

/** Who holds a lock, as the lock's file says. */
export type LockOwner = z.infer<typeof lockOwnerSchema>;

/** This process as an owner. */
export function ownerHere(token: string, beatMs: number | undefined): LockOwner {
  const boot = bootId();
  return {
    pid: process.pid,
    host: hostname(),
    token,
    ...(boot !== undefined && { boot }),
    ...(OWN_START !== undefined && { start: OWN_START }),
    ...(beatMs !== undefined && { beatMs }),
  };
}

/** Whether an owner can be asked after from here: not a process of another machine, or of this one before it started anew. */
export function isOfThisMachine({ host, boot }: LockOwner): boolean {
  return host === hostname() && (boot === undefined || boot === bootId());
}

/** Whether a process of this machine is still the one that took the lock. `held`: tokens of this very process. */
export function isAlive({ pid, token, start }: LockOwner, held: ReadonlySet<string>): boolean {
  // In a container the killed run often had the very pid that we have: only our own locks are ours.
  if (pid === process.pid) return held.has(token);
  return isRunning(pid, start);
}

function bootId(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return undefined; // no Linux
  }
}
