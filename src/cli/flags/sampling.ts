import type { FlagSpec } from "./flag-spec.ts";

/** Flags of what asks an LLM for programs. */
export const SAMPLING_FLAGS = {
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
} as const satisfies Record<string, FlagSpec>;
