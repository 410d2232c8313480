import type { FlagSpec } from "./flag-spec.ts";

/** Flags of what runs programs, shares what was found and writes it. */
export const RUNNING_FLAGS = {
  out: {
    flags: "--out <path>",
    help: "write to this file instead of stdout, whole or not at all",
    helpOf: {
      grade: "write to this file instead of stdout, line by line, so that --resume can go on",
      merge: "write to this file instead of stdout; of benches, the folder of the results",
      bench: "folder of the results (default: one of its own in .funprm/bench)",
      report: "folder for the pages (default: the run's own)",
      train: "folder of the training run",
      export: "folder for the PRM",
    },
  },
  json: {
    flags: "--json",
    help: "one JSON object a problem, with all that produced it",
    helpOf: {
      bench: "print the figures as JSON, an object a table, instead of tables",
      compare: "print the figures and the problems as JSON",
      sample: "print the forecast of --dry-run as JSON",
      collect: "print the forecast of --dry-run as JSON",
    },
  },
  quiet: { flags: "--quiet", help: "no progress, no notes; errors only" },
  python: {
    flags: "--python <path>",
    help: "interpreter that runs candidates, with its libraries (default python3)",
    helpOf: {
      rank: "interpreter that reads candidates for faults (default python3)",
      score: "interpreter that reads the program for faults (default python3)",
      train: "interpreter with the packages of training/ (default: that of training/setup)",
      export: "interpreter with the packages of training/ (default: that of training/setup)",
    },
  },
  jobs: { flags: "--jobs <count>", help: "tests run at once (default: the machine's cores)" },
  memory: { flags: "--memory <MiB>", help: "memory of one program (default 1024)" },
  tests: {
    flags: "--tests <file>",
    help: "tests of problems whose own file has none (LeetCode suites), joined by title",
  },
  resume: { flags: "--resume", help: "go on with the file that --out names; nothing is graded twice" },
  "stop-at-first-failure": {
    flags: "--stop-at-first-failure",
    help: "leave out a candidate's other tests once one has failed",
  },
  form: {
    flags: "--form <name>",
    help: "funprm (JSONL, default), livecodebench (eval_all.json), evalplus, bigcodebench",
  },
  unsafe: { flags: "--unsafe", help: "run candidates WITHOUT isolation, with all your rights" },
  verdicts: {
    flags: "--verdicts <dir>",
    help: "store of finished work that any number of processes share: nothing is done twice (default: none)",
    helpOf: {
      collect:
        "store of verdicts that any number of processes share: nothing is graded twice (default .funprm/verdicts)",
    },
  },
  shard: {
    flags: "--shard <i/n>",
    help: "do only the part i of n, 0/n to n-1/n, of the problems; funprm merge puts the parts together",
  },
  shards: {
    flags: "--shards <file>",
    help: 'do the shards that lines {"shard": "3/8", "out": "part-3.jsonl"} name, the model loaded once; - is stdin',
  },
  steady: {
    flags: "--steady",
    help: "leave out times and memory: lines are the same bytes whoever grades",
  },
  "speed-ratio": {
    flags: "--speed-ratio <factor>",
    help: "how many times as fast one machine may be as another where programs met time limits (default 2)",
  },
  compact: { flags: "--compact", help: "pack loose entries and merge packs first" },
} as const satisfies Record<string, FlagSpec>;
