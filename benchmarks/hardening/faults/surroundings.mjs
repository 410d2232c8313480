// What a command finds around itself: closed streams, few descriptors, little memory, a clock that goes back, no namespaces.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "../processes.mjs";

const ALL = ["grade", "rank", "bench", "sample", "collect"];

const shell = (redirection) => ({
  wrap: (argv) => ["bash", "-c", `exec "$@" ${redirection}`, "-", ...argv],
});
const piped = (line) => ({ wrap: (argv) => ["bash", "-c", line, "-", ...argv] });

/** Results to stdout instead of a file. */
const withoutOut = (argv) => argv.filter((each, at) => each !== "--out" && argv[at - 1] !== "--out");

const faked = (...before) => ({
  needs: "faketime",
  wrap: (argv) => ["faketime", ...before, ...argv],
});

/** A clock that another process sets while the command runs, an hour back. */
const clockJumps = {
  needs: "faketime",
  prepare: ({ cwd }) => writeFileSync(join(cwd, "clock"), "+0"),
  env: ({ cwd }) => ({
    LD_PRELOAD: faketimeLibrary(),
    FAKETIME_TIMESTAMP_FILE: join(cwd, "clock"),
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  }),
  disturb: async (run, work) => {
    await work.reaches(0.3);
    writeFileSync(join(work.cwd, "clock"), "-3600");
  },
};

function faketimeLibrary() {
  const listed = execFileSync("bash", ["-c", "ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null || true"]);
  return listed.toString().trim();
}

const MEMORY = "/sys/fs/cgroup/memory";

/** A control group with so much memory; the kernel kills what needs more. */
const memory = (mebibytes) => ({
  needsRoot: true,
  needsFile: join(MEMORY, "memory.limit_in_bytes"),
  wrap: (argv, work) => {
    const group = join(MEMORY, `funprm-hardening-${process.pid}-${work.number}`);
    mkdirSync(group, { recursive: true });
    writeFileSync(join(group, "memory.limit_in_bytes"), String(mebibytes * 2 ** 20));
    return ["bash", "-c", `echo $$ > ${group}/cgroup.procs; exec "$@"`, "-", ...argv];
  },
  after: async (work) => {
    const group = join(MEMORY, `funprm-hardening-${process.pid}-${work.number}`);
    for (let time = 0; time < 100 && existsSync(group); time += 1) {
      try {
        rmdirSync(group);
      } catch {
        await sleep(100);
      }
    }
  },
});

const USER_NAMESPACE = "--unshare-user --uid 1000 --gid 1000 --disable-userns --dev-bind / / --".split(" ");

export const SURROUNDINGS = [
  { name: "stdin closed", on: ALL, ends: [0], ...shell("<&-") },
  { name: "stdout closed", on: ALL, ends: [0], ...shell(">&-") },
  { name: "stderr closed", on: ALL, ends: [0], ...shell("2>&-") },
  { name: "stdin, stdout and stderr closed", on: ALL, ends: [0], ...shell("<&- >&- 2>&-") },
  { name: "stderr is a full disk", on: ALL, ends: [0], ...shell("2>/dev/full") },
  {
    name: "stderr is a pipe that nobody reads any more",
    on: ALL,
    ends: [0],
    ...piped('exec 2> >(exec sleep 0); sleep 0.5; exec "$@"'),
  },
  {
    name: "stdout is a full disk",
    on: ["grade", "rank", "collect", "sample"],
    ends: [2],
    wrap: (argv) => ["bash", "-c", 'exec "$@" > /dev/full', "-", ...withoutOut(argv)],
  },
  {
    name: "stdout is a pipe that is closed after one line",
    on: ["grade", "rank", "collect", "sample"],
    ends: [0],
    wrap: (argv) => [
      "bash",
      "-c",
      '"$@" | head -1 > /dev/null; exit "${PIPESTATUS[0]}"',
      "-",
      ...withoutOut(argv),
    ],
  },
  {
    name: "24 descriptors (ulimit -n)",
    on: ALL,
    ends: [0, 2, 5, 4],
    wrap: (argv) => ["prlimit", "--nofile=24:24", ...argv],
  },
  {
    name: "48 descriptors (ulimit -n)",
    on: ALL,
    ends: [0, 2, 5, 4],
    wrap: (argv) => ["prlimit", "--nofile=48:48", ...argv],
  },
  { name: "memory for 110 MiB (control group)", on: ALL, ends: [0, 2, 5, "SIGKILL"], ...memory(110) },
  {
    name: "memory for 220 MiB (control group)",
    on: ["grade", "rank", "bench"],
    ends: [0, 2, 5, "SIGKILL"],
    ...memory(220),
  },
  {
    name: "a clock of yesterday after a kill",
    on: ALL,
    ends: ["SIGKILL"],
    disturb: async (run, work) => {
      await work.reaches(0.3);
      process.kill(run.pid(), "SIGKILL");
    },
    again: faked("-f", "-1d"),
  },
  { name: "a clock that is set back an hour meanwhile", on: ALL, ends: [0], ...clockJumps },
  {
    name: "no user namespaces, and not root",
    on: ["grade", "collect"],
    ends: [5],
    needsRoot: true,
    wrap: (argv) => ["bwrap", ...USER_NAMESPACE, ...argv],
    says: /cannot be isolated/,
  },
  {
    name: "no user namespaces, and not root",
    on: ["bench"],
    ends: [0],
    needsRoot: true,
    wrap: (argv) => ["bwrap", ...USER_NAMESPACE, ...argv.filter((each) => each !== "--regrade")],
    says: /no program runs|cannot be isolated|no candidate could be judged/,
    anyEnd: true,
  },
  {
    name: "no user namespaces, and not root",
    on: ["rank"],
    ends: [0],
    needsRoot: true,
    wrap: (argv) => ["bwrap", ...USER_NAMESPACE, ...argv],
  },
  {
    name: "no bubblewrap",
    on: ["grade", "collect"],
    ends: [5],
    prepare: ({ cwd }) => {
      const tools = join(cwd, "tools");
      mkdirSync(tools);
      const line = `for t in node env bash sh; do ln -s "$(command -v $t)" ${tools}/$t; done`;
      // What PATH names may be a script that needs more of PATH.
      const python = `ln -s "$(python3 -c 'import sys; print(sys.executable)')" ${tools}/python3`;
      execFileSync("bash", ["-c", `${line}; ${python}`]);
    },
    env: ({ cwd }) => ({ PATH: join(cwd, "tools") }),
    wrap: (argv) => argv,
    says: /bubblewrap/,
  },
  {
    name: "the working folder is removed before the start",
    on: ALL,
    ends: [0, 2],
    wrap: (argv, { cwd }) => [
      "bash",
      "-c",
      `mkdir -p ${cwd}/gone && cd ${cwd}/gone && rmdir ${cwd}/gone && exec "$@"`,
      "-",
      ...argv,
    ],
  },
  {
    name: "an empty environment",
    on: ALL,
    ends: [0],
    wrap: (argv) => ["env", "-i", `PATH=${process.env.PATH}`, "OPENAI_API_KEY=none", ...argv],
  },
  {
    name: "a home that cannot be written, and no place in /tmp",
    on: ["grade", "rank", "sample"],
    ends: [0],
    env: () => ({ HOME: "/proc", XDG_CACHE_HOME: "/proc/none" }),
  },
];
