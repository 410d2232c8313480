import { AGGREGATES } from "../../core/aggregate.ts";
import { STEP_SIZES } from "../../core/step.ts";
import type { FlagSpec } from "./flag-spec.ts";

/** Flags of what scores programs and chooses among them. */
export const CHOOSING_FLAGS = {
  problems: {
    flags: "--problems <file>",
    help: "problems, any form, .gz too; --problem is the same",
    helpOf: {
      grade: "problems with their tests, any form, .gz too; --problem is the same",
      reward: "problems with their tests that requests may name by id, any form, .gz too",
      bench: "your own problems, or your copy of the suite, any form, .gz too; --problem is the same",
    },
  },
  candidates: {
    flags: "--candidates <file>",
    help: "recorded candidates to choose from; no LLM is called",
    helpOf: { collect: "recorded programs whose prefixes are rewarded, instead of sampling some" },
  },
  prm: {
    flags: "--prm <dir|hub-id>",
    help: "process reward model (default: the bundled one)",
    helpOf: {
      solve: "process reward model to ask about ties (default: none; --select prm: the bundled one)",
      reward: "process reward model of step rewards (default: none)",
    },
  },
  steps: {
    flags: "--steps <size>",
    help: `${STEP_SIZES.join(", ")} (default function)`,
    helpOf: { collect: "function (default): rewards k / K; line: labels +1 and -1" },
  },
  aggregate: {
    flags: "--aggregate <name>",
    help: `of step rewards: ${AGGREGATES.join(", ")} (default: the model's own)`,
    helpOf: { export: `that the model is used with: ${AGGREGATES.join(", ")} (default: the layout's)` },
  },
  threads: {
    flags: "--threads <count>",
    help: "threads of the PRM (default: physical cores)",
    helpOf: { train: "threads of the training (default: physical cores)" },
  },
  "max-memory": {
    flags: "--max-memory <MiB>",
    help: "most memory of the scoring process; statements are cut last (default: no bound)",
  },
  select: {
    flags: "--select <name>",
    help: "how to choose: auto (default: examples, votes, large inputs), auto+prm (default with --prm), prm, ...",
    helpOf: {
      rank: "prm (default), or soundness+prm: what reading finds wrong comes last; only from the command line",
      bench: "whose choice the pages show first (default: auto; auto+prm with --prm)",
      report: "whose choice the pages show first (default: the bench's)",
      compare: "whose choices are compared (default: those that each run's pages show)",
    },
  },
  "min-confidence": {
    flags: "--min-confidence <p>",
    help: "print no program that is less likely to be right, and end with exit code 3 (default 0)",
  },
  test: {
    flags: "--test <command>",
    help: "your own tests, such as 'pytest -q': run in the sandbox on a copy of the working directory; what passes comes first",
  },
  "test-file": {
    flags: "--test-file <file>",
    help: "your own tests as one Python file, instead of a command",
  },
  "test-path": {
    flags: "--test-path <path>",
    help: "where the tests expect the program (default solution.py)",
  },
  separate: {
    flags: "--separate [helps]",
    help: "ask an LLM to tell programs apart that still tie: all (default), or some of generator,brute,input; see below",
  },
  "separate-model": {
    flags: "--separate-model <name>",
    help: "LLM that --separate asks (default: the first that is sampled from)",
  },
  recombine: {
    flags: "--recombine",
    help: "put a class together from the best-supported methods of all candidates, where that does better than one of them",
  },
  grouped: {
    flags: "--grouped",
    help: "the input holds each problem's candidates together: print each problem as soon as it is complete",
  },
  best: { flags: "--best", help: "print the best program only" },
  explain: { flags: "--explain", help: "print the program with each step's reward in the margin" },
  jsonl: {
    flags: "--jsonl",
    help: "FILE holds candidate lines; write one line of steps for each",
    helpOf: { reward: "no server: read items, one a line, and write one line for each" },
  },
  count: { flags: "--count <count>", help: "inputs a problem (default 60)" },
  large: { flags: "--large", help: "inputs at the bounds of sizes instead, one a shape" },
} as const satisfies Record<string, FlagSpec>;
