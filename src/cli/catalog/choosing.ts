import type { CommandSpec } from "../command.ts";
import { SAMPLING, SCORING } from "./flag-sets.ts";

/** From a problem to a program, and the parts of that way. */
export const CHOOSING: readonly CommandSpec[] = [
  {
    name: "solve",
    argument: {
      form: "<problem...>",
      help: "problem files: JSON, JSON Lines, Markdown, text, .gz; - is stdin, JSON or a statement; or the statement itself",
    },
    summary: "sample, split, score, select: print the winning program",
    flags: [
      "candidates",
      ...SAMPLING,
      "stop-at",
      "min-gain",
      "repair",
      ...SCORING,
      "select",
      "test",
      "test-file",
      "test-path",
      "min-confidence",
      "recombine",
      "python",
      "out",
      "json",
      "quiet",
    ],
    examples: [
      "funprm solve problem.json --model gpt-4.1-mini -n 16",
      "funprm solve problem.json --model gpt-4.1-mini,gpt-4.1-nano -n 4..32 --repair      (as long as it pays)",
      "funprm solve problem.md --base-url http://127.0.0.1:8000/v1 --model qwen > answer.py",
      "funprm solve - --model qwen < statement.txt > answer.py      (a statement as it is)",
      "funprm solve 'Write a Python function slug(title) that ...' --model qwen --test-file test_slug.py --test-path slug.py",
      "funprm solve problem.json --candidates candidates.jsonl      (offline)",
      "funprm solve problem.json --model qwen --min-confidence 0.8 > answer.py || echo nothing to trust",
      "funprm solve problem.json --candidates candidates.jsonl --select prm      (runs no program)",
    ],
    load: () => import("../commands/solve.ts"),
  },
  {
    name: "rank",
    argument: { form: "[candidates...]", help: "files or folders of candidates; nothing or - is stdin" },
    summary: "score and order candidates from files or stdin, best first",
    flags: ["problems", ...SCORING, "select", "grouped", "best", "python", "out", "quiet"],
    notes: [
      "Candidates are read, not run: what does not compile, lacks a part that is asked for or uses names that nothing",
      "defines is told in warnings and counted in soundness (0: nothing wrong), where the sandbox works (funprm doctor).",
    ],
    examples: [
      "cat candidates.jsonl | funprm rank --problem p.json | head -1",
      "funprm rank samples.jsonl.gz --problems problems.jsonl.gz > ranking.jsonl",
      "funprm rank candidates/ --problem p.json --best > answer.py",
      "funprm rank samples.jsonl --problems problems.jsonl --select soundness+prm      (faulty ones last)",
    ],
    load: () => import("../commands/rank.ts"),
  },
  {
    name: "score",
    argument: { form: "<file>", help: "a Python file; - is stdin" },
    summary: "step rewards of one program",
    flags: ["problems", ...SCORING, "explain", "python", "out", "quiet"],
    examples: [
      "funprm score program.py --problem p.json",
      "funprm score program.py --problem p.json --explain",
    ],
    load: () => import("../commands/score.ts"),
  },
  {
    name: "split",
    argument: { form: "[file]", help: "a Python file, or candidate lines; nothing or - is stdin" },
    summary: "function steps of one program, or of every candidate line",
    flags: ["steps", "jsonl", "out", "quiet"],
    examples: ["funprm split program.py", "funprm split --jsonl candidates.jsonl.gz > steps.jsonl"],
    load: () => import("../commands/split.ts"),
  },
  {
    name: "inputs",
    argument: {
      form: "<problem...>",
      help: "problem files: JSON, JSON Lines, Markdown, text, .gz; - is stdin, JSON or a statement",
    },
    summary: "what a statement says about its inputs, and inputs made from that: JSONL",
    flags: ["count", "large", "seed", "out", "quiet"],
    examples: [
      "funprm inputs problem.json | head -1 | jq .model.not_understood",
      "funprm inputs problem.md --count 200 --seed 7 > inputs.jsonl",
      "funprm inputs problem.json --large > large.jsonl      (at the bounds of sizes)",
    ],
    load: () => import("../commands/inputs.ts"),
  },
  {
    name: "sample",
    argument: {
      form: "<problem...>",
      help: "problem files: JSON, JSON Lines, Markdown, text, .gz; - is stdin, JSON or a statement",
    },
    summary: "sample only: candidate JSONL for later",
    flags: [...SAMPLING, "out", "json", "quiet"],
    examples: ["funprm sample problems.jsonl --model gpt-4.1-mini -n 4 --max-cost 2 > candidates.jsonl"],
    load: () => import("../commands/sample.ts"),
  },
];
