import type { FlagSpec } from "./flag-spec.ts";

/** Flags of rewards by completions, and of training. */
export const TRAINING_FLAGS = {
  policy: {
    flags: "--policy <name>",
    help: "who completes prefixes: api (default), or pool: the other candidates' functions, without an API",
  },
  continuation: {
    flags: "--continuation <how>",
    help: "prefill (default: the prefix is the assistant's last message) or completions (/v1/completions)",
  },
  rollouts: {
    flags: "-k, --rollouts <count>",
    help: "K, completions of every prefix (default 16); of lines at most (default 20)",
  },
  label: {
    flags: "--label <how>",
    help: "of lines: search (default: halving, to the line of no return) or exhaustive (every line, the control)",
  },
  mix: {
    flags: "--mix <name>",
    help: "of lines: full (default), medium (problems with both outcomes) or revised (failing programs with a good beginning)",
  },
  "rollout-temperature": {
    flags: "--rollout-temperature <t>",
    help: "sampling temperature of completions (default 0.3)",
  },
  config: {
    flags: "--config <file>",
    help: "training configuration (default: training/configs/rewards.json)",
  },
  correction: {
    flags: "--correction <kind>",
    help: "of the rewards of prefixes: none (default), any (recommended), pairs, table, weights; see below",
  },
  run: { flags: "--run <dir>", help: "folder of a training run" },
  checkpoint: {
    flags: "--checkpoint <path>",
    help: "a released checkpoint instead: file (dreamprm) or folder (skywork)",
  },
  layout: {
    flags: "--layout <name>",
    help: "its layout: dreamprm (LoRA and reward_head) or skywork (value head at step tokens)",
  },
  base: {
    flags: "--base <dir>",
    help: "folder of the pretrained model to train from",
    helpOf: { export: "folder of the pretrained model that the run or the dreamprm checkpoint adapts" },
  },
  download: {
    flags: "--download",
    help: "let --base be a hub id, such as Qwen/Qwen2.5-Coder-1.5B, that is downloaded when it is not in the cache",
  },
  name: { flags: "--name <name>", help: "the model's name in every result (default: the folder's)" },
} as const satisfies Record<string, FlagSpec>;
