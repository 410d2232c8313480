// The process that holds the ONNX session. A run blocks its event loop, so it has one of its own, and can be
// killed at any moment without harm to the parent.
import { FunprmError } from "../core/errors.ts";
import { rewardsAreIndependent } from "./independence.ts";
import { loadModel } from "./model.ts";
import type { ChildMessage, LoadMessage, ParentMessage } from "./protocol.ts";
import { scorePrograms } from "./score-programs.ts";
import type { LoadedPrm } from "./score-programs.ts";
import { roomForText } from "./sequence.ts";
import { loadTokenizer } from "./tokenizer.ts";

/** Tokens that go through the model together; more gains nothing on a CPU. */
const MAX_BATCH_TOKENS = 4096;
const MAX_BATCH_ROWS = 32;

let prm: LoadedPrm | null = null;

process.on("message", (message: ParentMessage) => {
  void answer(message).then(send, (error: unknown) => {
    if (error instanceof FunprmError) return send({ kind: "failed", message: error.message });
    return send({ kind: "failed", message: `scoring failed: ${describe(error)}` });
  });
});

// The parent is gone: nobody is left to answer.
process.on("disconnect", () => process.exit(0));
// A terminal's Ctrl-C reaches the whole group; the parent decides when to stop this process.
process.on("SIGINT", () => {});

async function answer(message: ParentMessage): Promise<ChildMessage> {
  switch (message.kind) {
    case "load":
      return await load(message);
    case "score": {
      if (prm === null) throw new Error("a score message before the load message");
      return { kind: "scored", ...(await scorePrograms(message.requests, prm)) };
    }
  }
}

async function load({ manifest, paths, providers, threads }: LoadMessage): Promise<ChildMessage> {
  const model = await loadModel(manifest, paths.model, { providers, threads });
  const encode = await loadTokenizer(manifest, paths);
  roomForText(manifest, encode(manifest.template.afterCode));
  const batches = await rewardsAreIndependent(
    model,
    encode(PROBE_TEXT),
    manifest.reading.kind === "step-mark",
  );
  const limits = { maxTokens: MAX_BATCH_TOKENS, maxRows: batches ? MAX_BATCH_ROWS : 1 };
  prm = { manifest, encode, run: model.run, limits };
  return { kind: "ready", provider: model.provider, batches };
}

/** Any text with a handful of different tokens. */
const PROBE_TEXT = "def main():\n    n = int(input())\n    print(sum(range(n)))\n";

function send(message: ChildMessage): void {
  // Without a channel the parent is gone, and the disconnect handler ends this process.
  if (process.connected) process.send?.(message);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
