import { randomUUID } from "node:crypto";
import { z } from "zod";
import { expectedOf, pathOf } from "../../core/expected.ts";

/** Added tokens of a tokenizer.json; what else a tokenizer needs is its loader's business. */
const addedTokens = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string(), special: z.boolean().optional() })),
  model: z.looseObject({ vocab: z.unknown(), unk_token: z.unknown().optional() }),
});

/** A tokenizer whose special tokens have names that nobody can guess. */
export interface HiddenTokens {
  readonly tokenizer: object;
  /** The same text with the hidden names of the special tokens that it spells. */
  readonly rename: (text: string) => string;
}

/**
 * Gives special tokens (those said to be, and added ones of the ids in `named`) names of this run in a parsed
 * tokenizer.json; ids stay. In the vocabulary too: a unigram model finds them there without their being added.
 * The token of the unknown keeps its name in the vocabulary, by which the model finds it. Throws where the JSON is no tokenizer.
 */
export function hideSpecialTokens(tokenizer: object, named: ReadonlySet<number>): HiddenTokens {
  const parsed = addedTokens.safeParse(tokenizer);
  if (!parsed.success) {
    const told = parsed.error.issues.map((issue) => `${expectedOf(issue)} at "${pathOf(issue)}"`);
    throw new Error(`expected ${told.join(", and ")}`);
  }
  const { added_tokens: added, model } = parsed.data;
  // Letters and digits, which every normaliser leaves alone; no name begins another.
  const secret = `x${randomUUID().replaceAll("-", "")}`;
  const names = new Map(
    added
      .filter(({ id, special, content }) => content !== "" && (special === true || named.has(id)))
      .map(({ id, content }) => [content, `${secret}n${id}x`]),
  );
  const nameOf = (token: string): string => names.get(token) ?? token;
  const inVocabulary = (token: string): string => (token === model.unk_token ? token : nameOf(token));
  return {
    tokenizer: {
      ...tokenizer,
      added_tokens: added.map((token) => ({ ...token, content: nameOf(token.content) })),
      model: { ...model, vocab: renameKeys(model.vocab, inVocabulary) },
    },
    rename: replaceAll(names),
  };
}

/** A vocabulary, `{token: id}` or `[[token, score], ..]`, with other names. */
function renameKeys(vocabulary: unknown, rename: (token: string) => string): unknown {
  if (Array.isArray(vocabulary)) {
    return vocabulary.map((piece: unknown) =>
      Array.isArray(piece) ? [rename(String(piece[0])), ...piece.slice(1)] : piece,
    );
  }
  if (typeof vocabulary !== "object" || vocabulary === null) return vocabulary;
  return Object.fromEntries(Object.entries(vocabulary).map(([token, id]) => [rename(token), id]));
}

/** Where several begin at the same place the longest counts, as it does for a tokenizer. */
function replaceAll(names: ReadonlyMap<string, string>): (text: string) => string {
  if (names.size === 0) return (text) => text;
  const tokens = [...names.keys()].toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(
    tokens.map((token) => token.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"),
    "g",
  );
  return (text) => text.replace(pattern, (token) => names.get(token) ?? token);
}
