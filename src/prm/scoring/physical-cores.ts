import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/**
 * Cores that compute at full speed side by side: a second hardware thread of a core only slows ONNX Runtime down.
 * Never more than this process may use. Where the system does not say, every processor counts as a core.
 */
export function physicalCores(): number {
  const allowed = availableParallelism();
  if (process.platform !== "linux") return allowed;
  return Math.min(allowed, countCores(readCpuInfo()) || allowed);
}

/**
 * Different (socket, core) pairs in the text of Linux's cpuinfo; 0 where it lists none.
 * @internal for tests
 */
export function countCores(cpuInfo: string): number {
  const cores = new Set<string>();
  for (const processor of cpuInfo.split("\n\n")) {
    const socket = /^physical id\s*: (\d+)$/m.exec(processor)?.[1];
    const core = /^core id\s*: (\d+)$/m.exec(processor)?.[1];
    if (socket !== undefined && core !== undefined) cores.add(`${socket}.${core}`);
  }
  return cores.size;
}

function readCpuInfo(): string {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return "";
  }
}
