// Runs a command of Node and says how long it took and how much memory it held at most.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Ends with an error where the command does not end with one of the exit codes. */
export async function measuredCommand(args, cwd, exits = [0]) {
  const folder = mkdtempSync(join(tmpdir(), "funprm-measured-"));
  const out = join(folder, "usage.json");
  const hook = join(folder, "hook.mjs");
  writeFileSync(
    hook,
    `import { writeFileSync } from "node:fs";
process.once("exit", () => writeFileSync(${JSON.stringify(out)}, JSON.stringify(process.resourceUsage())));`,
  );
  try {
    const started = performance.now();
    const child = spawn(process.execPath, ["--import", pathToFileURL(hook).href, ...args], {
      cwd,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    const seconds = (performance.now() - started) / 1000;
    if (!exits.includes(code)) throw new Error(`${args.join(" ")} ended with ${code}`);
    const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(readFileSync(out, "utf8"));
    return { seconds, mostBytes: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
