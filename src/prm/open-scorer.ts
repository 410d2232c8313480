import type { Scorer } from "../core/scorer.ts";
import { loadChatManifest } from "./chat/chat-manifest.ts";
import { type ChatScorerOptions, openChatScorer } from "./chat/chat-scorer.ts";
import { loadRemoteManifest } from "./manifest/folder.ts";
import { openOnnxScorer } from "./scoring/onnx-scorer.ts";
import type { OnnxScorerOptions } from "./scoring/onnx-scorer.ts";
import { openRemoteScorer } from "./remote/remote-scorer.ts";
import type { RemoteScorerOptions } from "./remote/remote-scorer.ts";

export interface ScorerOptions {
  /** For a folder that holds its weights. */
  readonly onnx?: OnnxScorerOptions;
  /** For a folder whose prm.json names a server. */
  readonly remote?: RemoteScorerOptions;
  /** For a folder whose prm.json is of the kind `chat`. */
  readonly chat?: ChatScorerOptions;
}

/**
 * Opens the PRM of a folder where its weights are: in ONNX Runtime on this machine, on the server it names, or in an LLM that is asked.
 *
 * @throws FunprmError("model") for a folder or machine that cannot score.
 */
export async function openScorer(dir: string, options: ScorerOptions = {}): Promise<Scorer> {
  const chat = await loadChatManifest(dir);
  if (chat !== null) return openChatScorer(chat, options.chat);
  const remote = await loadRemoteManifest(dir);
  return remote === null
    ? await openOnnxScorer(dir, options.onnx)
    : await openRemoteScorer(remote, options.remote);
}
