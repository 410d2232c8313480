import type { FlagName } from "./flags.ts";

const SAMPLING: readonly FlagName[] = [
  "samples",
  "model",
  "base-url",
  "api-key-env",
  "temperature",
  "top-p",
  "max-tokens",
  "reasoning-effort",
  "logprobs",
  "seed",
  "concurrency",
  "timeout",
  "prompt",
  "store",
  "prices",
  "max-cost",
  "dry-run",
];
const SCORING: readonly FlagName[] = ["prm", "steps", "aggregate", "threads", "max-memory"];

/** A command as data: what help shows and where its code is. Nothing heavy loads before it runs. */
export interface CommandSpec {
  readonly name: string;
  /** The argument as usage shows it, `<problem...>`, and what it is; absent: it takes none. */
  readonly argument?: { readonly form: string; readonly help: string };
  readonly summary: string;
  readonly flags: readonly FlagName[];
  readonly examples: readonly string[];
  /** Lines that help shows before the examples: what the values of a flag mean. */
  readonly notes?: readonly string[];
  readonly load: () => Promise<CommandModule>;
}

/** What a command's file exports: runs it and gives the exit code. */
export interface CommandModule {
  readonly run: (invocation: Invocation) => Promise<number>;
}

/** What main.ts hands a command: arguments and flags as typed by the user, before validation. */
export interface Invocation {
  readonly args: readonly string[];
  readonly flags: Readonly<Record<string, unknown>>;
  readonly command: string;
  readonly signal: AbortSignal;
}

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "solve",
    argument: { form: "<problem...>", help: "problem files: JSON, JSON Lines, Markdown, .gz; - is stdin" },
    summary: "sample, split, score, select: print the winning program",
    flags: ["candidates", ...SAMPLING, ...SCORING, "select", "python", "out", "json", "quiet"],
    examples: [
      "funprm solve problem.json --model gpt-4.1-mini -n 16",
      "funprm solve problem.md --base-url http://127.0.0.1:8000/v1 --model qwen > answer.py",
      "funprm solve problem.json --candidates candidates.jsonl      (offline)",
      "funprm solve problem.json --candidates candidates.jsonl --select prm      (runs no program)",
    ],
    load: () => import("./commands/solve.ts"),
  },
  {
    name: "rank",
    argument: { form: "[candidates...]", help: "files or folders of candidates; nothing or - is stdin" },
    summary: "score and order candidates from files or stdin, best first",
    flags: ["problems", ...SCORING, "grouped", "best", "out", "quiet"],
    examples: [
      "cat candidates.jsonl | funprm rank --problem p.json | head -1",
      "funprm rank samples.jsonl.gz --problems problems.jsonl.gz > ranking.jsonl",
      "funprm rank candidates/ --problem p.json --best > answer.py",
    ],
    load: () => import("./commands/rank.ts"),
  },
  {
    name: "score",
    argument: { form: "<file>", help: "a Python file; - is stdin" },
    summary: "step rewards of one program",
    flags: ["problems", ...SCORING, "explain", "out", "quiet"],
    examples: [
      "funprm score program.py --problem p.json",
      "funprm score program.py --problem p.json --explain",
    ],
    load: () => import("./commands/score.ts"),
  },
  {
    name: "split",
    argument: { form: "<file>", help: "a Python file; - is stdin" },
    summary: "function steps of one program, or of every candidate line",
    flags: ["steps", "jsonl", "out", "quiet"],
    examples: ["funprm split program.py", "funprm split --jsonl candidates.jsonl.gz > steps.jsonl"],
    load: () => import("./commands/split.ts"),
  },
  {
    name: "sample",
    argument: { form: "<problem...>", help: "problem files: JSON, JSON Lines, Markdown, .gz; - is stdin" },
    summary: "sample only: candidate JSONL for later",
    flags: [...SAMPLING, "out", "quiet"],
    examples: ["funprm sample problems.jsonl --model gpt-4.1-mini -n 4 --max-cost 2 > candidates.jsonl"],
    load: () => import("./commands/sample.ts"),
  },
  {
    name: "grade",
    argument: { form: "[candidates...]", help: "files or folders of candidates; nothing or - is stdin" },
    summary: "run unit tests in the sandbox: the same candidates with verdicts",
    flags: [
      "problems",
      "tests",
      "python",
      "jobs",
      "timeout",
      "memory",
      "stop-at-first-failure",
      "form",
      "resume",
      "unsafe",
      "out",
      "quiet",
    ],
    examples: [
      "funprm grade candidates.jsonl --problems problems.jsonl > graded.jsonl",
      "funprm grade samples.jsonl --problems HumanEvalPlus.jsonl.gz --form evalplus --out eval_results.json",
      "funprm grade big.jsonl.gz --problems release.jsonl --out graded.jsonl --resume",
      "funprm grade samples.jsonl --problems BigCodeBench.jsonl.gz --python .venv/bin/python",
    ],
    load: () => import("./commands/grade.ts"),
  },
  {
    name: "collect",
    argument: { form: "<problem...>", help: "problem files: JSON, JSON Lines, Markdown, .gz; - is stdin" },
    summary: "step rewards by Monte-Carlo rollouts: training data",
    flags: [
      "candidates",
      "limit",
      ...SAMPLING,
      "policy",
      "continuation",
      "rollouts",
      "rollout-temperature",
      "verdicts",
      "python",
      "jobs",
      "memory",
      "unsafe",
      "trl",
      "out",
      "quiet",
    ],
    examples: [
      "funprm collect problems.jsonl --model qwen --base-url http://127.0.0.1:8000/v1 -n 8 -k 16 > rewards.jsonl",
      "funprm collect problems.jsonl --policy pool --candidates pool.jsonl.gz --trl --out trl.jsonl",
      "funprm collect problems.jsonl --model qwen --dry-run      (what it would cost)",
    ],
    load: () => import("./commands/collect.ts"),
  },
  {
    name: "bench",
    argument: {
      form: "[suite]",
      help: "livecodebench, bigcodebench, humanevalplus or mbppplus; nothing with --pool and --problems",
    },
    summary: "sample or load a pool, score, grade, compare selectors",
    flags: [
      "pool",
      "problems",
      "tests",
      "release",
      "from",
      "to",
      "platform",
      "difficulty",
      "subset",
      "split",
      "limit",
      "selectors",
      "select",
      "baseline",
      "by",
      "pooled",
      "regrade",
      "skip-execution",
      "mixed-only",
      "judge",
      ...SAMPLING,
      ...SCORING,
      "python",
      "jobs",
      "test-timeout",
      "memory",
      "unsafe",
      "out",
      "json",
      "quiet",
    ],
    examples: [
      "funprm bench livecodebench --release v6 --from 2025-02-01 --model qwen --base-url http://127.0.0.1:8000/v1 -n 10",
      "funprm bench --pool candidates.jsonl --problems problems.jsonl --out results/",
      "funprm bench humanevalplus --problems HumanEvalPlus.jsonl.gz --pool samples.jsonl",
      "funprm bench bigcodebench --subset hard --split instruct --model qwen --dry-run",
    ],
    load: () => import("./commands/bench.ts"),
  },
  {
    name: "report",
    argument: { form: "<run>", help: "the folder that a bench wrote: its --out" },
    summary: "render a finished or unfinished bench again: HTML, Markdown, CSV, JSON, JUnit",
    flags: ["select", "readability", "out", "quiet"],
    examples: [
      "funprm report results/",
      "funprm report results/ --select prm --out prm-report/",
      'xdg-open "$(funprm report results/ --quiet)"',
    ],
    load: () => import("./commands/report.ts"),
  },
  {
    name: "train",
    argument: { form: "<rewards...>", help: "what collect wrote: step rewards, JSON Lines, .gz too" },
    summary: "train a PRM on step rewards; a killed run goes on where it was",
    flags: ["problems", "config", "base", "download", "correction", "threads", "python", "out", "quiet"],
    examples: [
      "funprm train rewards.jsonl --problems problems.jsonl --correction any --out runs/mine",
      "funprm train rewards.jsonl --problems p.jsonl --config training/configs/qwen2.5-coder.json --base Qwen2.5-Coder-1.5B --out runs/qwen",
      "funprm train rewards.jsonl --problems problems.jsonl --config training/configs/rewards-tiny.json --out runs/tiny",
    ],
    notes: [
      "Corrections of the rewards of prefixes; whole programs keep their verdict:",
      "  none     no correction: k of K completions pass",
      "  any      1 if any completion passes or the program itself, else 0; nothing is learnt (recommended)",
      "  pairs    learnt from these labels on: passing programs before failing ones of their problem",
      "  table    learnt from k/K on: mean rewards match verdicts (FunPRM's method)",
      "  weights  learnt weights in place of rewards (control)",
      "Against known truth, any has the best labels at no cost, and pairs the best order within a problem;",
      "table and weights do not help (benchmarks/results/correction.md).",
    ],
    load: () => import("./commands/train.ts"),
  },
  {
    name: "export",
    summary: "a trained run, or a released checkpoint, as a PRM folder for --prm: ONNX, int8",
    flags: ["run", "checkpoint", "layout", "base", "name", "aggregate", "python", "out", "quiet"],
    examples: [
      "funprm export --run runs/mine --out my-prm && funprm rank candidates.jsonl --problems p.jsonl --prm my-prm",
    ],
    load: () => import("./commands/export.ts"),
  },
  {
    name: "replay",
    argument: { form: "<pool...>", help: "files or folders of recorded candidates" },
    summary: "an OpenAI-compatible server that answers from recorded candidates",
    flags: ["problems", "port", "latency", "fault", "cycle", "quiet"],
    examples: ["funprm replay candidates.jsonl --problems problems.jsonl --port 8080"],
    load: () => import("./commands/replay.ts"),
  },
  {
    name: "doctor",
    summary: "check Node, ONNX Runtime, model, sandbox, Python, API; say how to mend each",
    flags: ["prm", "python", "base-url", "model", "api-key-env"],
    examples: ["funprm doctor", "funprm doctor --base-url http://127.0.0.1:8000/v1"],
    load: () => import("./commands/doctor.ts"),
  },
];
