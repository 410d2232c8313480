// The process that holds the ONNX session. A run blocks its event loop, so it has one of its own, and can be
// killed at any moment without harm to the parent.
import { FunprmError } from "../../core/errors.ts";
import type { ChildMessage, LoadMessage, ParentMessage } from "./protocol.ts";
import { openRewarder } from "./rewarder.ts";
import { scorePrograms } from "./score-programs.ts";
import type { LoadedPrm } from "./score-programs.ts";
import { roomForText } from "../tokens/sequence.ts";
import { loadTokenizer } from "../tokens/tokenizer.ts";

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

async function load({ paths, ...options }: LoadMessage): Promise<ChildMessage> {
  const { manifest } = options;
  const { encode, template } = await loadTokenizer(manifest, paths);
  const rewarder = await openRewarder(manifest, paths.model, encode, options);
  const { provider, batches, contextLength, reward } = rewarder;
  const rules = { ...manifest, template, contextLength };
  roomForText(rules, encode(template.afterCode));
  prm = { manifest: rules, encode, reward };
  return { kind: "ready", provider, batches };
}

function send(message: ChildMessage): void {
  // Without a channel the parent is gone, and the disconnect handler ends this process.
  if (process.connected) process.send?.(message);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
