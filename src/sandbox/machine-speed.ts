import { DEFAULT_LIMITS, type Job, type Sandbox } from "./sandbox.ts";

/** About a fifth of a second of what programs do: whole numbers, lists, dictionaries, text. It must never change. */
const REFERENCE = `
counts = {}
items = []
value = 1
for i in range(300000):
    value = (value * 48271) % 2147483647
    key = value % 1009
    counts[key] = counts.get(key, 0) + 1
    if i % 8 == 0:
        items.append(str(value))
items.sort()
print(len(items), max(counts.values()), items[0])
`;
const RUNS = 3;

/** What was measured in a sandbox; it does not change while a process runs. */
const known = new WeakMap<Sandbox, Promise<number | undefined>>();

/**
 * CPU milliseconds that a reference program takes on this machine, the least of a few runs, each with nothing of this
 * sandbox beside it; undefined where it does not run. Verdicts on time limits are comparable where it is about the same.
 */
export function referenceMs(sandbox: Sandbox, signal?: AbortSignal): Promise<number | undefined> {
  const found = known.get(sandbox) ?? measure(sandbox, signal);
  known.set(sandbox, found);
  found.catch(() => known.delete(sandbox));
  return found;
}

async function measure(sandbox: Sandbox, signal: AbortSignal | undefined): Promise<number | undefined> {
  const job: Job = { kind: "script", code: REFERENCE, prelude: "", stdin: "", limits: DEFAULT_LIMITS };
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const { status, cpuMs } = await sandbox.run(job, { alone: true, ...(signal && { signal }) });
    if (status === "exited" && cpuMs > 0) times.push(cpuMs);
  }
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Two machines whose speeds differ by more than this may judge a program near its time limit differently. */
export const COMPARABLE_SPEED = 2;

/** How many times as fast the faster of two machines is; undefined where one is not known. */
export function speedRatio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a / b, b / a);
}
