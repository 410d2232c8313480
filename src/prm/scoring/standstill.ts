import { readdirSync, readFileSync } from "node:fs";

/** Looks at a process this often, and so many looks at one that does nothing make a standstill: a minute. */
const EVERY_MS = 5_000;
const LOOKS = 12;

export interface StandstillOptions {
  /** Default: 5 s. */
  readonly everyMs?: number;
}

/**
 * Watches a process that has work to do, and calls once when it has used no processor for a minute although it did not
 * stand in line for one: somebody stopped it, or its threads wait for each other. Looks are counted, not time, so that a
 * stop of both processes (Ctrl-Z) is none. Gives the function that ends the watch. Sees nothing where there is no /proc.
 */
export function watchForStandstill(
  pid: number,
  onStandstill: () => void,
  { everyMs = EVERY_MS }: StandstillOptions = {},
): () => void {
  let before = usageOf(pid);
  let still = 0;
  const timer = setInterval(() => {
    const now = usageOf(pid);
    const rests = now !== undefined && now.ticks === before?.ticks && !now.waits;
    still = rests ? still + 1 : 0;
    before = now;
    if (still < LOOKS) return;
    clearInterval(timer);
    onStandstill();
  }, everyMs);
  return () => clearInterval(timer);
}

interface Usage {
  /** Clock ticks that its threads have used. */
  readonly ticks: number;
  /** Whether a thread stands in line for a processor or waits for a disk. */
  readonly waits: boolean;
}

function usageOf(pid: number): Usage | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8"),
    );
    // The name in brackets may hold anything, a bracket too.
    const fields = threads.map((stat) => stat.slice(stat.lastIndexOf(")") + 2).split(" "));
    return {
      ticks: fields.reduce((sum, each) => sum + Number(each[11]) + Number(each[12]), 0),
      waits: fields.some(([state]) => state === "R" || state === "D"),
    };
  } catch {
    return undefined;
  }
}
