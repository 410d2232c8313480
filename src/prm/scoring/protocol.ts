import type { ProgramRewards, ScoreRequest } from "../../core/scorer.ts";
import type { PrmManifest } from "../manifest/manifest.ts";
import type { PrmFolder } from "../manifest/folder.ts";

/** The first message to the child; answered by `ready` or `failed`. */
export interface LoadMessage {
  readonly kind: "load";
  readonly manifest: PrmManifest;
  readonly precision: PrmFolder["precision"];
  readonly paths: PrmFolder["paths"];
  /** Tried one by one, in order. */
  readonly providers: readonly string[];
  readonly threads: number;
  /** Bound on the child's resident bytes; null: none. */
  readonly maxMemoryBytes: number | null;
}

/** A job; answered by `scored` or `failed`. The parent sends the next one only after the answer. */
export interface ScoreMessage {
  readonly kind: "score";
  readonly requests: readonly ScoreRequest[];
}

export type ParentMessage = LoadMessage | ScoreMessage;

export interface ReadyMessage {
  readonly kind: "ready";
  /** The execution provider that took the graph. */
  readonly provider: string;
  /** false: rewards of this graph depend on what else is in the batch, so rows travel alone. */
  readonly batches: boolean;
}

export interface ScoredMessage {
  readonly kind: "scored";
  readonly results: readonly ProgramRewards[];
  /** Tokens run through the model for this job, padding not counted. */
  readonly tokens: number;
}

/** Something that trying again would not mend. The text is fit for the user. */
interface FailedMessage {
  readonly kind: "failed";
  readonly message: string;
}

export type ChildMessage = ReadyMessage | ScoredMessage | FailedMessage;
