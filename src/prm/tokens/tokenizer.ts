import { FunprmError } from "../../core/errors.ts";
import { readSmallFile } from "../../files/small-file.ts";
import type { PrmFolder } from "../manifest/folder.ts";
import type { PrmManifest } from "../manifest/manifest.ts";
import { hideSpecialTokens, type HiddenTokens } from "./special-tokens.ts";

/** Text to token ids, without special tokens around it; what spells a special token is text. */
export type Encode = (text: string) => readonly number[];

export interface PrmTokenizer {
  readonly encode: Encode;
  /** The manifest's template for `encode`, which sees its special tokens. */
  readonly template: PrmManifest["template"];
}

/**
 * Loads a PRM's tokenizer and checks that it knows every token id that the manifest names. Special tokens get hidden
 * names: the template's author may write them, a statement or a program, which may be hostile, cannot.
 *
 * @throws FunprmError("model")
 */
export async function loadTokenizer(
  manifest: PrmManifest,
  paths: Omit<PrmFolder["paths"], "model">,
): Promise<PrmTokenizer> {
  const { PreTrainedTokenizer } = await import("../../bundled/transformers.ts");
  const json = readJson(paths.tokenizer);
  const config = paths.tokenizerConfig === null ? {} : readJson(paths.tokenizerConfig);
  let tokenizer: InstanceType<typeof PreTrainedTokenizer>;
  let rename: HiddenTokens["rename"];
  try {
    const hidden = hideSpecialTokens(json, new Set(namedIds(manifest).values()));
    rename = hidden.rename;
    // The class itself, not its from_pretrained: that one guesses file names and may go to the network.
    tokenizer = new PreTrainedTokenizer(hidden.tokenizer, config);
  } catch (cause) {
    throw new FunprmError(
      "model",
      `${paths.tokenizer}: expected a tokenizer.json that transformers.js can read, got one that it refuses (${cause instanceof Error ? cause.message : String(cause)}). ` +
        "Export the model again with a fast tokenizer.",
      { cause },
    );
  }
  refuseUnknownIds(manifest, new Set(tokenizer.get_vocab().values()), paths.tokenizer);
  const { beforeStatement, afterStatement, afterCode } = manifest.template;
  return {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }),
    template: {
      beforeStatement: rename(beforeStatement),
      afterStatement: rename(afterStatement),
      afterCode: rename(afterCode),
    },
  };
}

/** The token ids of a manifest by their fields. */
function namedIds({ specialTokens, reading }: PrmManifest): ReadonlyMap<string, number> {
  const named: Record<string, number | null> = {
    "specialTokens.first": specialTokens.first,
    "specialTokens.betweenStatementAndCode": specialTokens.betweenStatementAndCode,
    "specialTokens.last": specialTokens.last,
    "specialTokens.pad": specialTokens.pad,
    "reading.markId": reading.kind === "step-mark" ? reading.markId : null,
  };
  return new Map(Object.entries(named).flatMap(([field, id]) => (id === null ? [] : [[field, id]])));
}

function refuseUnknownIds(manifest: PrmManifest, vocabulary: ReadonlySet<number>, path: string): void {
  for (const [field, id] of namedIds(manifest)) {
    if (vocabulary.has(id)) continue;
    throw new FunprmError(
      "model",
      `field "${field}" of prm.json: expected one of the ${vocabulary.size} token ids in ${path}, got ${id}. ` +
        "Correct the field, or export the model again with its own tokenizer.",
    );
  }
}

/** The largest vocabularies in use take some 35 MB. */
const MAX_TOKENIZER_BYTES = 256 * 2 ** 20;

function readTokenizerFile(path: string): string {
  try {
    return readSmallFile(path, MAX_TOKENIZER_BYTES).toString("utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FunprmError(
      "model",
      `${path}: expected a readable file of JSON: ${reason}. Export the model again.`,
      {
        cause,
      },
    );
  }
}

function readJson(path: string): object {
  const text = readTokenizerFile(path);
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null) return json;
  } catch (cause) {
    throw new FunprmError("model", `${path}: expected JSON, got text that is not. Export the model again.`, {
      cause,
    });
  }
  throw new FunprmError(
    "model",
    `${path}: expected a JSON object, got another value. Export the model again.`,
  );
}
