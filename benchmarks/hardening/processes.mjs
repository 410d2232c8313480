// Starts the built command under watch.py, and finds and signals the processes that it starts.
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
/** FUNPRM_DIST names another build than dist/, next to it. */
export const MAIN = join(root, process.env["FUNPRM_DIST"] ?? "dist", "main.js");
const WATCH = fileURLToPath(new URL("watch.py", import.meta.url));

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Starts a command; `wrap` puts other programs around it. Its stdin is empty, its stdout and stderr go to files of
 * `folder`. `ended` gives what watch.py reports, with `hung` where it had to be ended after `limitS`.
 */
export function start(argv, { folder, name, cwd, env = {}, limitS = 300 }) {
  const report = join(folder, `${name}.report`);
  const [out, err] = ["out", "err"].map((stream) => openSync(join(folder, `${name}.${stream}`), "w"));
  const watch = spawn("python3", [WATCH, report, ...argv], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", out, err],
  });
  for (const file of [out, err]) closeSync(file);
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    watch.kill("SIGTERM");
  }, limitS * 1000);
  const text = (stream) => readFileSync(join(folder, `${name}.${stream}`), "utf8");
  let over = false;
  const ended = new Promise((resolve) => {
    watch.once("exit", () => {
      clearTimeout(timer);
      over = true;
      const result = existsSync(report)
        ? JSON.parse(readFileSync(report, "utf8"))
        : { code: null, signal: null, strays: [] };
      resolve({ ...result, hung, stdout: text("out"), stderr: text("err") });
    });
  });
  const pidFile = `${report}.pid`;
  return {
    ended,
    over: () => over,
    /** The process id of what was started, the command itself where nothing is wrapped around it. */
    pid: () => (existsSync(pidFile) && Number(readFileSync(pidFile, "utf8"))) || undefined,
    tree: () => descendants(watch.pid),
    text,
  };
}

/** Waits for a condition, or for the end of the command. Gives whether the condition came. */
export async function until(run, condition) {
  while (!run.over()) {
    const found = condition();
    if (found !== undefined && found !== false) return found;
    await sleep(5);
  }
  return undefined;
}

function processes() {
  const all = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const at = stat.lastIndexOf(")");
      const fields = stat.slice(at + 2).split(" ");
      if (fields[0] === "Z") continue;
      all.set(Number(name), {
        pid: Number(name),
        parent: Number(fields[1]),
        name: stat.slice(stat.indexOf("(") + 1, at),
        ticks: Number(fields[11]) + Number(fields[12]),
        rssKb: Number(fields[21]) * 4,
      });
    } catch {
      // It has ended.
    }
  }
  return all;
}

/** What descends from a process, each with its role. */
export function descendants(ancestor) {
  const all = processes();
  const mine = new Set([ancestor]);
  for (let before = 0; before !== mine.size;) {
    before = mine.size;
    for (const { pid, parent } of all.values()) if (mine.has(parent)) mine.add(pid);
  }
  mine.delete(ancestor);
  const found = [...mine].flatMap((pid) => all.get(pid) ?? []);
  return found.map((each) => ({ ...each, role: roleOf(each, all) }));
}

function roleOf({ pid, parent, name }, all) {
  let line = "";
  try {
    line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "gone";
  }
  if (name === "bwrap") return "bubblewrap";
  if (line.includes("onnx-child")) return "onnx";
  if (line.includes("fork_server.py")) return all.get(parent)?.name === "bwrap" ? "server" : "program";
  if (line.includes("main.js")) return "command";
  return "other";
}

export function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

/** A process of a role, as soon as there is one that `also` takes. */
export function find(run, role, also = () => true) {
  return until(run, () => run.tree().find((each) => each.role === role && also(each)));
}
