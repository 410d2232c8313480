import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Interpreter } from "./interpreter.ts";

/** How to start a fork server. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files that the process reads from descriptors, from 4 on. */
  readonly files: readonly string[];
  /** Whether the process tells the id of the one it starts on descriptor 3 (bubblewrap's --info-fd). */
  readonly isolated: boolean;
  /** What ends that which the process stands for, where killing the process does not: a container. */
  readonly end?: { readonly command: string; readonly args: readonly string[] };
}

export interface LaunchOptions {
  readonly interpreter: Interpreter;
  /** Modules every child finds loaded. */
  readonly preload: readonly string[];
  /** Position among the workers, from 0. */
  readonly worker: number;
}

/** Standard library modules that most solutions import. Each costs every fork a little. */
export const PRELOAD: readonly string[] = words(
  "math collections itertools functools heapq bisect re string typing random operator copy time datetime decimal fractions " +
    "statistics io traceback queue",
);

export const SCRATCH_BYTES = 256 << 20;
export const SHARED_MEMORY_BYTES = 64 << 20;
export const INSIDE = "/opt/funprm";
const INSIDE_UID = 1000;
const SERVER_FOLDER = fileURLToPath(new URL("python", import.meta.url));

/** The few files of /etc that interpreters look at; none says anything about people or hosts. */
const SYSTEM_FILES = [
  "/etc/ld.so.cache",
  "/etc/localtime",
  "/etc/alternatives",
  "/etc/mime.types",
  "/etc/fonts",
];

/** The user that programs find themselves to be, in the environment and among the system's users. */
const USER = "sandbox";

const ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME: "/tmp",
  USER,
  LOGNAME: USER,
  LANG: "C.UTF-8",
  PYTHONUTF8: "1",
  PYTHONHASHSEED: "0",
  PYTHONDONTWRITEBYTECODE: "1",
  OPENBLAS_NUM_THREADS: "1",
  OMP_NUM_THREADS: "1",
  MPLBACKEND: "Agg",
};

/** What programs find in their environment; `python` is the interpreter that runs them. */
export function environment({ executable }: Interpreter): Readonly<Record<string, string>> {
  return { ...ENVIRONMENT, PATH: `${dirname(executable)}:/usr/bin:/bin` };
}

/** Starts the fork server inside bubblewrap: new namespaces, no capabilities, no network, read-only system, empty /tmp. */
export function bubblewrapLaunch(bwrap: string, options: LaunchOptions): Launch {
  const uid = rootWorkerUid(options.worker);
  const { interpreter, mounts } = placed(options.interpreter);
  return {
    command: bwrap,
    args: [
      ...namespaceArgs(uid),
      ...words("--die-with-parent --info-fd 3 --new-session --as-pid-1 --hostname sandbox --clearenv"),
      ...Object.entries(environment(interpreter)).flatMap(([name, value]) => ["--setenv", name, value]),
      ...words(
        "--perms 0755 --dir /etc --perms 0644 --file 4 /etc/passwd --perms 0644 --file 5 /etc/group --perms 0644 --file 6 /etc/hosts",
      ),
      ...mountArgs(mounts),
      ...words("--chdir /tmp --"),
      interpreter.executable,
      ...serverArgs(INSIDE, { isolated: true, uid }, { ...options, interpreter }),
    ],
    env: {},
    files: userFiles(uid ?? INSIDE_UID),
    isolated: true,
  };
}

/** Starts the fork server as a plain process: the same limits on time and memory, no isolation at all. */
export function unprotectedLaunch(options: LaunchOptions): Launch {
  return {
    command: options.interpreter.executable,
    args: serverArgs(SERVER_FOLDER, { isolated: false, uid: null }, options),
    env: { ...environment(options.interpreter), ...ownUser() },
    files: [],
    isolated: false,
  };
}

/** Outside of a namespace the system knows the user by its own name. */
function ownUser(): Readonly<Record<string, string>> {
  try {
    const { username } = userInfo();
    return { USER: username, LOGNAME: username };
  } catch {
    return {}; // a user id without a name
  }
}

/** Starts the server without `site`; it brings the search path that comes with it. */
export function serverArgs(
  folder: string,
  identity: { readonly isolated: boolean; readonly uid: number | null },
  { interpreter: { path, prefix }, preload }: LaunchOptions,
): string[] {
  return ["-B", "-S", `${folder}/fork_server.py`, JSON.stringify({ ...identity, path, prefix, preload })];
}

/**
 * Root would stay root to the kernel inside a user namespace, and RLIMIT_NPROC does nothing for root. So a root caller gets no
 * user namespace; the fork server itself changes to a user id that nobody has, one for every worker, and loses all capabilities.
 */
function rootWorkerUid(worker: number): number | null {
  if (process.getuid?.() !== 0) return null;
  return 1_900_000_000 + (process.pid % 1_000_000) * 64 + worker;
}

function namespaceArgs(uid: number | null): string[] {
  const spaces = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"];
  if (uid === null) {
    const id = String(INSIDE_UID);
    return [...spaces, "--unshare-user", "--uid", id, "--gid", id, "--cap-drop", "ALL"];
  }
  return [...spaces, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"];
}

/** `/etc/passwd` and `/etc/group`: the program's user, and the owners of what it sees; `/etc/hosts`: itself, the only host. */
function userFiles(uid: number): readonly string[] {
  const users = [
    ["root", 0, "/"],
    [USER, uid, "/tmp"],
    ["nobody", 65_534, "/"],
  ] as const;
  return [
    users.map(([name, id, home]) => `${name}:x:${id}:${id}::${home}:/bin/sh\n`).join(""),
    users.map(([name, id]) => `${name}:x:${id}:\n`).join(""),
    "127.0.0.1 localhost sandbox\n::1 localhost sandbox\n",
  ];
}

interface Mount {
  readonly from: string;
  readonly to: string;
}

/** Folders keep their place, so that absolute paths in them stay right, but for those that scratch folders would hide. */
function placed(interpreter: Interpreter): { interpreter: Interpreter; mounts: readonly Mount[] } {
  const mounts = interpreter.folders
    .filter((folder) => folder !== "/usr" && !folder.startsWith("/usr/"))
    .map((from, at) => ({ from, to: /^\/(tmp|dev|proc)\//.test(from) ? `/opt/python/${at}` : from }));
  const moved = (path: string) => {
    const mount = mounts.find(({ from }) => path === from || path.startsWith(`${from}/`));
    return mount === undefined ? path : mount.to + path.slice(mount.from.length);
  };
  const { executable, prefix, path } = interpreter;
  const inside = { executable: moved(executable), prefix: moved(prefix), path: path.map(moved) };
  return { interpreter: { ...interpreter, ...inside }, mounts };
}

function mountArgs(folders: readonly Mount[]): string[] {
  const mounts = ["--ro-bind", "/usr", "/usr"];
  for (const link of ["bin", "sbin", "lib", "lib32", "lib64"]) {
    if (existsSync(`/${link}`)) mounts.push("--symlink", `usr/${link}`, `/${link}`);
  }
  for (const file of SYSTEM_FILES) mounts.push("--ro-bind-try", file, file);
  for (const { from, to } of folders) mounts.push(...ancestorArgs(to), "--ro-bind", from, to);
  return [
    ...mounts,
    ...ancestorArgs(INSIDE),
    "--ro-bind",
    SERVER_FOLDER,
    INSIDE,
    ...words("--proc /proc --dev /dev"),
    ...words(`--perms 1777 --size ${SHARED_MEMORY_BYTES} --tmpfs /dev/shm`),
    ...words(`--perms 1777 --size ${SCRATCH_BYTES} --tmpfs /tmp`),
    ...words("--remount-ro /dev --remount-ro /"),
  ];
}

/** Makes the folders above a mount point; left to itself bubblewrap makes them for its own user only. */
function ancestorArgs(path: string): string[] {
  const names = path.split("/").slice(1, -1);
  return names.flatMap((_, at) => ["--perms", "0755", "--dir", `/${names.slice(0, at + 1).join("/")}`]);
}

function words(text: string): string[] {
  return text.split(" ");
}
