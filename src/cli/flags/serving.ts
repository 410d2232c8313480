import type { FlagSpec } from "./flag-spec.ts";

/** Flags of servers. */
export const SERVING_FLAGS = {
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
} as const satisfies Record<string, FlagSpec>;
