import { AGGREGATES } from "../core/aggregate.ts";
import { STEP_SIZES } from "../core/step.ts";

/** One flag, the same wherever it appears. `key` is its name in funprm.toml. */
export interface FlagSpec {
  readonly flags: string;
  readonly help: string;
  /** What it is for one command, where that is something else. */
  readonly helpOf?: Readonly<Record<string, string>>;
}

/** Every flag of funprm, defined once; commands list the ones they take. */
export const FLAGS = {
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
  samples: {
    flags: "-n, --samples <count>",
    help: "candidates a problem (default 8)",
    helpOf: {
      solve: "candidates a problem (default 8), or 4..32: four at a time, as long as it pays, 32 at most",
    },
  },
  "stop-at": {
    flags: "--stop-at <p>",
    help: "with -n 4..32: no more samples once the choice is this likely to be right (default 0.9)",
  },
  "min-gain": {
    flags: "--min-gain <p>",
    help: "with -n 4..32: no more samples once a round is not expected to make the choice more likely by this (default 0.002)",
  },
  repair: {
    flags: "--repair",
    help: "with -n 4..32: where no program passes the statement's examples, a round mends the best one",
  },
  model: {
    flags: "--model <name>",
    help: "LLM to sample from; several, separated by commas, take turns",
    helpOf: { doctor: "LLM that the API must list", serve: "LLM to sample from" },
  },
  "base-url": { flags: "--base-url <url>", help: "OpenAI-compatible API, such as http://127.0.0.1:8000/v1" },
  "api-key-env": {
    flags: "--api-key-env <name>",
    help: "environment variable that holds the API key (default OPENAI_API_KEY)",
  },
  temperature: {
    flags: "--temperature <t>",
    help: "sampling temperature (default 0.8)",
    helpOf: { collect: "sampling temperature of programs (default 0.8)" },
  },
  "top-p": { flags: "--top-p <p>", help: "nucleus sampling (default: the API's)" },
  "max-tokens": { flags: "--max-tokens <count>", help: "token limit of one reply (default 8192)" },
  "reasoning-effort": {
    flags: "--reasoning-effort <level>",
    help: "for reasoning models: low, medium, high",
  },
  logprobs: { flags: "--logprobs", help: "ask for log-probabilities, where the API has them" },
  seed: {
    flags: "--seed <integer>",
    help: "seed that is sent with requests (default 0)",
    helpOf: {
      inputs: "seed of what is drawn at random (default 0)",
      bench: "seed that is sent with requests, and of intervals and subsets (default 0)",
      collect: "seed that is sent with requests, and of what is drawn at random (default 0)",
    },
  },
  count: { flags: "--count <count>", help: "inputs a problem (default 60)" },
  large: { flags: "--large", help: "inputs at the bounds of sizes instead, one a shape" },
  concurrency: { flags: "--concurrency <count>", help: "requests in flight at most (default 16)" },
  timeout: {
    flags: "--timeout <seconds>",
    help: "time limit of a request (default 600)",
    helpOf: {
      grade: "CPU time of a test (default 10)",
      collect: "CPU time of a test (default 10)",
      reward: "CPU time of a test (default 10)",
    },
  },
  prompt: {
    flags: "--prompt <name|file>",
    help: "chain-of-function (default), plain, or a template file of your own",
  },
  store: { flags: "--store <dir>", help: "where samples are kept (default .funprm/samples)" },
  prices: { flags: "--prices <file>", help: "JSON with your prices, USD a million tokens" },
  "max-cost": { flags: "--max-cost <usd>", help: "stop before this much is spent" },
  "dry-run": {
    flags: "--dry-run",
    help: "forecast tokens and cost, call nothing; as JSON with --json, or where stdout is no terminal",
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
  tests: {
    flags: "--tests <file>",
    help: "tests of problems whose own file has none (LeetCode suites), joined by title",
  },
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
  resume: { flags: "--resume", help: "go on with the file that --out names; nothing is graded twice" },
  "stop-at-first-failure": {
    flags: "--stop-at-first-failure",
    help: "leave out a candidate's other tests once one has failed",
  },
  form: {
    flags: "--form <name>",
    help: "funprm (JSONL, default), livecodebench (eval_all.json), evalplus, bigcodebench",
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
  limit: {
    flags: "--limit <count>",
    help: "only the first so many problems (default: all)",
    helpOf: { collect: "programs a problem whose prefixes are rewarded (default: all)" },
  },
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
  steady: {
    flags: "--steady",
    help: "leave out times and memory: lines are the same bytes whoever grades",
  },
  "speed-ratio": {
    flags: "--speed-ratio <factor>",
    help: "how many times as fast one machine may be as another where programs met time limits (default 2)",
  },
  compact: { flags: "--compact", help: "pack loose entries and merge packs first" },
  unsafe: { flags: "--unsafe", help: "run candidates WITHOUT isolation, with all your rights" },
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
  host: {
    flags: "--host <address>",
    help: "address to listen on (default 127.0.0.1; another one needs --client-key-env or --open-to-all)",
  },
  port: {
    flags: "--port <number>",
    help: "port to listen on; 0: a free one (default: serve 8790, reward 8791, replay 0)",
  },
  "client-key-env": {
    flags: "--client-key-env <name>",
    help: "environment variable that holds the key that clients must send (default: none is asked for)",
  },
  "open-to-all": { flags: "--open-to-all", help: "serve other machines without a key, at your expense" },
  "max-n": { flags: "--max-n <count>", help: "most samples that a request may ask for (default 32)" },
  "at-once": {
    flags: "--at-once <count>",
    help: "requests that are answered with Best-of-N at once (default 4)",
  },
  queue: {
    flags: "--queue <count>",
    help: "requests that may wait for that; further ones get 429 (default 64)",
    helpOf: { reward: "programs under way or waiting, over all requests; beyond it 429 (default 4096)" },
  },
  shape: {
    flags: "--shape <name>",
    help: "psgpo: with --jsonl, reward lines by tests and lambda R / T",
  },
  outcome: {
    flags: "--outcome <name>",
    help: "with --jsonl, what tests are worth: passed (1 or 0, default) or share (of tests that pass)",
  },
  "max-body": { flags: "--max-body <MiB>", help: "longest request (default 16)" },
  latency: { flags: "--latency <ms>", help: "answer after this time (default 0)" },
  fault: {
    flags: "--fault <spec...>",
    help: "inject faults to test a client, such as 429:3 for every third request",
  },
  cycle: { flags: "--cycle", help: "start again when a problem's candidates are used up" },
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

export type FlagName = keyof typeof FLAGS;
