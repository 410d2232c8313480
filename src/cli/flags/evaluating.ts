import type { FlagSpec } from "./flag-spec.ts";

/** Flags of benches and their pages. */
export const EVALUATING_FLAGS = {
  pool: {
    flags: "--pool <candidates...>",
    help: "recorded candidates in any form, instead of sampling",
  },
  release: { flags: "--release <v1..v6>", help: "livecodebench: files up to this release (default v6)" },
  from: { flags: "--from <date>", help: "problems from this day on, YYYY-MM-DD" },
  to: { flags: "--to <date>", help: "problems up to this day, inclusive" },
  platform: { flags: "--platform <names>", help: "problems of these platforms, separated by commas" },
  difficulty: { flags: "--difficulty <names>", help: "problems of these difficulties, separated by commas" },
  subset: { flags: "--subset <full|hard>", help: "bigcodebench: all tasks or the hard ones (default full)" },
  split: {
    flags: "--split <complete|instruct>",
    help: "bigcodebench: prompts to complete, or instructions (default complete)",
  },
  limit: {
    flags: "--limit <count>",
    help: "only the first so many problems (default: all)",
    helpOf: { collect: "programs a problem whose prefixes are rewarded (default: all)" },
  },
  selectors: {
    flags: "--selectors <names>",
    help: "selectors to compare, separated by commas (default: all)",
  },
  baseline: {
    flags: "--baseline <selector>",
    help: "selector that the others are compared with (default random)",
  },
  replace: {
    flags: "--replace",
    help: "let the results take the place of earlier ones in the folder that hold more",
    helpOf: { init: "write over a file that is there" },
  },
  regrade: { flags: "--regrade", help: "grade even candidates that come with a verdict" },
  by: {
    flags: "--by <fields>",
    help: "candidate fields that tell samplers apart, such as model,prompt (default model); none: no telling apart",
  },
  pooled: { flags: "--pooled", help: "also choose among the candidates of all samplers" },
  "skip-execution": {
    flags: "--skip-execution",
    help: "run no program for evidence: selectors that need it are left out",
  },
  judge: {
    flags: "--judge <model>",
    help: "LLM at --base-url that reads and grades every program (selector judge)",
  },
  "mixed-only": {
    flags: "--mixed-only",
    help: "score and run only where candidates differ in their verdict: the same figures for less work",
  },
  "test-timeout": { flags: "--test-timeout <seconds>", help: "CPU time of a test (default 10)" },
  title: { flags: "--title <text>", help: "what stands at the head of the pages (default: the bench's own)" },
  summary: { flags: "--summary", help: "print five lines for a pull request instead of the page's path" },
  index: {
    flags: "--index",
    help: "an index page over the runs in the folders inside <run>, newest first",
  },
  readability: {
    flags: "--readability",
    help: "measure functions, docstrings, complexity and copied lines of the programs too",
  },
} as const satisfies Record<string, FlagSpec>;
