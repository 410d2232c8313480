// Places that cannot be written, or that another process writes.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { signal, start } from "../processes.mjs";

const ALL = ["grade", "rank", "bench", "sample", "collect"];

const tmpfs = (path, options) => {
  mkdirSync(path, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "none", path]);
};
const remount = (path, options) => execFileSync("mount", ["-o", `remount,${options}`, path]);

/** A disk of so many bytes; more room before the command is started again. */
const smallDisk = (bytes) => ({
  needsRoot: true,
  prepare: ({ out }) => tmpfs(out, `size=${bytes}`),
  repair: ({ out }) => remount(out, "size=64m"),
});

/** Room for so many bytes in a file. */
const smallFiles = (bytes) => ({ wrap: (argv) => ["prlimit", `--fsize=${bytes}:`, ...argv] });

const readOnly = {
  needsRoot: true,
  prepare: ({ out }) => tmpfs(out, "size=64m,ro"),
  repair: ({ out }) => remount(out, "rw,size=64m"),
};

export const PLACES = [
  { name: "the disk fills up", on: ["grade", "sample"], ends: [2], ...smallDisk("12k") },
  { name: "the disk fills up", on: ["bench", "collect"], ends: [2], ...smallDisk("16k") },
  { name: "the disk fills up", on: ["rank"], ends: [2], ...smallDisk("100k") },
  { name: "the disk is full from the beginning", on: ALL, ends: [2], ...fullDisk() },
  {
    name: "a limit on the size of files (RLIMIT_FSIZE)",
    on: ["grade", "bench", "collect"],
    ends: [2],
    ...smallFiles(4096),
  },
  { name: "a limit on the size of files (RLIMIT_FSIZE)", on: ["rank"], ends: [2], ...smallFiles(100_000) },
  { name: "a limit on the size of files (RLIMIT_FSIZE)", on: ["sample"], ends: [2], ...smallFiles(512) },
  { name: "a read-only folder", on: ALL, ends: [2], ...readOnly },
  {
    name: "the folder of the results is removed meanwhile",
    on: ["grade", "bench", "collect", "sample"],
    ends: [0, 2],
    disturb: async (run, work) => {
      await work.reaches(0.3);
      work.forget();
      // What is written to meanwhile cannot be removed at once, but moved away it can.
      renameSync(work.out, `${work.folder}/gone`);
      rmSync(`${work.folder}/gone`, { recursive: true, force: true, maxRetries: 10 });
    },
    repair: ({ out }) => mkdirSync(out, { recursive: true }),
    mayNotClaim: true,
  },
  {
    name: "a second run into the same place",
    on: ["grade", "bench"],
    ends: [0],
    disturb: async (run, work) => {
      await work.reaches(0.3);
      // It is held, so that it is still at work when the second one looks.
      signal(run.pid(), "SIGSTOP");
      const second = await start(work.argv, { folder: work.folder, name: "second", cwd: work.cwd }).ended;
      signal(run.pid(), "SIGCONT");
      if (second.code !== 2 || !/another .* works? here|writes|process \d+/.test(second.stderr))
        work.fail(`the second run ended with ${second.code}: ${second.stderr.trim()}`);
    },
  },
  {
    name: "a second run into the same place",
    on: ["rank", "sample", "collect"],
    ends: [0],
    disturb: async (run, work) => {
      await work.reaches(0.3);
      const second = await start(work.argv, { folder: work.folder, name: "second", cwd: work.cwd }).ended;
      if (second.code !== 0) work.fail(`the second run ended with ${second.code}: ${second.stderr.trim()}`);
    },
  },
  {
    name: "the results go to a named pipe",
    on: ["grade", "rank"],
    ends: [2],
    prepare: ({ out, resultFile }) => {
      mkdirSync(out, { recursive: true });
      execFileSync("mkfifo", [join(out, resultFile)]);
    },
    repair: ({ out, resultFile }) => rmSync(join(out, resultFile), { force: true }),
  },
  {
    name: "no room for temporary files (packed problems)",
    on: ["grade", "collect"],
    ends: [2],
    needsRoot: true,
    prepare: ({ temporary, cwd, inputs }) => {
      tmpfs(temporary, "size=4k");
      writeFileSync(join(temporary, "full"), Buffer.alloc(4096));
      writeFileSync(join(cwd, "problems.jsonl.gz"), gzipSync(readFileSync(inputs.problems)));
    },
    inputs: ({ inputs, cwd }) => ({ ...inputs, problems: join(cwd, "problems.jsonl.gz") }),
    repair: ({ temporary }) => {
      if (existsSync(join(temporary, "full"))) rmSync(join(temporary, "full"));
      remount(temporary, "size=64m");
    },
  },
];

function fullDisk() {
  return {
    needsRoot: true,
    prepare: ({ out }) => {
      tmpfs(out, "size=4k");
      writeFileSync(join(out, "full"), Buffer.alloc(4096));
    },
    repair: ({ out }) => {
      rmSync(join(out, "full"));
      remount(out, "size=64m");
    },
  };
}
