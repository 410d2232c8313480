import { join, resolve } from "node:path";
import { z } from "zod";
import { AGGREGATES } from "../../core/aggregate.ts";
import { STEP_SIZES } from "../../core/step.ts";
import { readManifest } from "../manifest/folder.ts";
import { endpointSchema, FORMAT, MANIFEST_NAME, readAs } from "../manifest/manifest.ts";

const DEFAULT_VOTES = 8;
/** Room for an answer of one word; a model that thinks first needs more. */
const DEFAULT_MAX_TOKENS = 16;

const chatManifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  kind: z.literal("chat"),
  name: z.string().min(1),
  version: z.string().min(1),
  license: z.string().min(1),
  label: z.string().min(1),
  stepSize: z.enum(STEP_SIZES),
  aggregate: z.enum(AGGREGATES),
  endpoint: endpointSchema,
  /** Answers that are asked for where a server gives no log-probabilities. */
  votes: z.int().min(1).max(64).default(DEFAULT_VOTES),
  maxTokens: z.int().min(1).max(65_536).default(DEFAULT_MAX_TOKENS),
  /** Sent as they are: `{"chat_template_kwargs": {"enable_thinking": false}}`. */
  extraBody: z.record(z.string(), z.json()).optional(),
  /** Platt scaling: the reward is 1 / (1 + exp(-(slope x + intercept))), x being the log-odds of Yes against No. */
  calibration: z
    .strictObject({ slope: z.number().positive(), intercept: z.number() })
    .default({ slope: 1, intercept: 0 }),
});

/** A prm.json of the kind `chat`: an LLM that is asked whether a program's beginning is right. */
export type ChatManifest = Readonly<z.infer<typeof chatManifestSchema>>;

export interface ChatPrmFolder {
  readonly manifest: ChatManifest;
  /** The text of prm.json. */
  readonly text: string;
}

/**
 * Reads a PRM folder whose prm.json is of the kind `chat`; null for another kind.
 *
 * @throws FunprmError("model") that names the field, what it should hold and what it holds
 */
export async function loadChatManifest(dir: string): Promise<ChatPrmFolder | null> {
  const folder = resolve(dir);
  const text = await readManifest(folder);
  if (!/"kind"\s*:\s*"chat"/.test(text)) return null;
  return { manifest: readAs(chatManifestSchema, text, join(folder, MANIFEST_NAME)), text };
}
