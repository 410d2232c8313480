import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { FunprmError } from "../core/errors.ts";
import { resolveInterpreter } from "./interpreter.ts";

/** One line of `funprm doctor`. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to do; only when not ok. */
  readonly remedy?: string;
}

const run = promisify(execFile);

/** Says for each thing that grading needs whether it is there, and how to get it. Runs no candidate. */
export async function diagnoseSandbox(options: { readonly python?: string } = {}): Promise<Check[]> {
  return Promise.all([bubblewrapCheck(), namespaceCheck(), interpreterCheck(options.python ?? "python3")]);
}

/** Where bubblewrap is and which version; undefined when PATH has none. */
export async function findBubblewrap(): Promise<{ path: string; version: string } | undefined> {
  try {
    const { stdout } = await run("bwrap", ["--version"]);
    return { path: "bwrap", version: stdout.trim().replace(/^bubblewrap /, "") };
  } catch {
    return undefined;
  }
}

export async function bubblewrapCheck(): Promise<Check> {
  const name = "bubblewrap";
  if (process.platform !== "linux") {
    const detail = `bubblewrap needs Linux, this is ${process.platform}`;
    return { name, ok: false, detail, remedy: "Grade inside a Linux machine or virtual machine." };
  }
  const found = await findBubblewrap();
  if (found !== undefined) return { name, ok: true, detail: found.version };
  const remedy =
    "Install it with the system's package manager: apt-get install bubblewrap, dnf install bubblewrap, pacman -S bubblewrap.";
  return { name, ok: false, detail: "there is no `bwrap` on PATH", remedy };
}

/** Whether bubblewrap may make its namespaces here. */
async function namespaceCheck(): Promise<Check> {
  const name = "namespaces";
  try {
    const spaces = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"];
    await run("bwrap", [...spaces, "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]);
    return { name, ok: true, detail: "bubblewrap can isolate processes" };
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    if (said === "") return { name, ok: false, detail: "not tried, bubblewrap does not run" };
    return { name, ok: false, detail: said, remedy: await remedies(said) };
  }
}

async function interpreterCheck(python: string): Promise<Check> {
  const name = "Python";
  try {
    const found = await resolveInterpreter(python);
    return { name, ok: true, detail: `${found.version} at ${found.executable}` };
  } catch (error) {
    if (!(error instanceof FunprmError)) throw error;
    return { name, ok: false, detail: `${python} does not serve`, remedy: error.message };
  }
}

/** What stands in bubblewrap's way, as far as the system's settings tell. */
export async function remedies(said: string): Promise<string> {
  if ((await setting("kernel/apparmor_restrict_unprivileged_userns")) === "1") {
    return (
      "AppArmor forbids user namespaces. Allow them to bubblewrap with a profile in /etc/apparmor.d/bwrap " +
      "(`abi <abi/4.0>, include <tunables/global> profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }`, then " +
      "`systemctl reload apparmor`), or to all: `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`."
    );
  }
  if ((await setting("kernel/unprivileged_userns_clone")) === "0") {
    return "The kernel forbids user namespaces to users: `sysctl -w kernel.unprivileged_userns_clone=1`.";
  }
  if ((await setting("user/max_user_namespaces")) === "0") {
    return "The limit of user namespaces is 0: `sysctl -w user.max_user_namespaces=15000`.";
  }
  if (/permission|not permitted/i.test(said)) {
    return (
      "This looks like a container without the right to make namespaces. Start it with --privileged, or with " +
      "--security-opt seccomp=unconfined --cap-add SYS_ADMIN and an unmasked /proc, or grade outside the container."
    );
  }
  return "The interpreter and its folders must be readable by everyone when funprm runs as root.";
}

async function setting(name: string): Promise<string | undefined> {
  try {
    return (await readFile(`/proc/sys/${name}`, "utf8")).trim();
  } catch {
    return undefined;
  }
}
