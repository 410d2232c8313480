import type { CommandSpec } from "../command.ts";
import { SCORING } from "./flag-sets.ts";

/** Servers, and whether all that they need is there. */
export const SERVING: readonly CommandSpec[] = [
  {
    name: "serve",
    summary: "an OpenAI-compatible server that gives every client the best of N",
    flags: [
      "model",
      "base-url",
      "api-key-env",
      "samples",
      "max-n",
      "temperature",
      "timeout",
      "concurrency",
      "host",
      "port",
      "client-key-env",
      "open-to-all",
      "at-once",
      "queue",
      "max-body",
      "select",
      ...SCORING,
      "python",
      "quiet",
    ],
    examples: [
      "funprm serve --model gpt-4.1-mini -n 8",
      "funprm serve --model qwen --base-url http://127.0.0.1:8000/v1 --port 8790",
      "FUNPRM_KEY=... funprm serve --model qwen --base-url http://127.0.0.1:8000/v1 --host 0.0.0.0 --client-key-env FUNPRM_KEY",
    ],
    notes: [
      "A request for a Python program is answered with the best of N samples; everything else passes through unchanged.",
      "A client sets N with the header X-Funprm-N, or with funprm: {n: 8} in the body; docs/serve.md says the rest.",
    ],
    load: () => import("../commands/serve.ts"),
  },
  {
    name: "replay",
    argument: { form: "<pool...>", help: "files or folders of recorded candidates" },
    summary: "an OpenAI-compatible server that answers from recorded candidates",
    flags: ["problems", "port", "latency", "fault", "cycle", "quiet"],
    examples: ["funprm replay candidates.jsonl --problems problems.jsonl --port 8080"],
    load: () => import("../commands/replay.ts"),
  },
  {
    name: "doctor",
    summary: "check Node, ONNX Runtime, model, sandbox, Python, API; say how to mend each",
    flags: ["prm", "python", "base-url", "model", "api-key-env"],
    examples: ["funprm doctor", "funprm doctor --base-url http://127.0.0.1:8000/v1"],
    notes: [
      "Exit code 2 when something is not right that a command needs: solve, which runs programs to choose, or what a",
      "flag names. 0 when only what is optional is missing, such as an API.",
    ],
    load: () => import("../commands/doctor.ts"),
  },
];
