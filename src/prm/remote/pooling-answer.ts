import { z } from "zod";
import { FunprmError } from "../../core/errors.ts";
import { expectedOf, pathOf, valueAt } from "../../core/expected.ts";
import { describe } from "../../formats/text/json-text.ts";
import type { PrmManifest } from "../manifest/manifest.ts";
import { toReward } from "../manifest/reward.ts";
import type { TokenSequence } from "../tokens/sequence.ts";

/** What of a manifest decides how an answer is read. */
export interface PoolingRules extends Pick<PrmManifest, "name" | "output" | "reading"> {
  /** Which of a token's numbers is its reward. */
  readonly column: number;
}

/** vLLM's PoolingResponse: for each input the numbers of its tokens, or of its step marks. */
const answerSchema = z.object({
  data: z.array(
    z.object({ index: z.int().nonnegative(), data: z.array(z.union([z.number(), z.array(z.number())])) }),
  ),
});

/**
 * The rewards of each sequence from the answer of a vLLM server's `/pooling` for the task "token_classify".
 *
 * A server gives a row for every token (pooling type ALL), or, with step pooling, one for every token that is a step
 * mark; which of the two it does is seen by the number of rows.
 *
 * @throws FunprmError("api") for an answer of another form, "model" for rewards outside [0, 1].
 */
export function readPooled(
  value: unknown,
  sequences: readonly TokenSequence[],
  rules: PoolingRules,
  url: string,
): number[][] {
  const refuse = (expected: string, got: string): FunprmError =>
    new FunprmError(
      "api",
      `the PRM server at ${url}: expected ${expected}, got ${got}. Serve the model for token classification ` +
        "(docs/design/prm-manifest.md), or correct prm.json.",
    );
  const answer = answerSchema.safeParse(value);
  if (!answer.success) {
    const [issue] = answer.error.issues;
    const field = issue === undefined || issue.path.length === 0 ? "" : `field "${pathOf(issue)}" with `;
    const wanted = issue === undefined ? "" : `, where ${expectedOf(issue)} is expected`;
    throw refuse("a pooling answer", `${field}${describe(valueAt(value, issue?.path ?? []))}${wanted}`);
  }
  const byIndex = new Map(answer.data.data.map(({ index, data }) => [index, data]));
  if (byIndex.size !== sequences.length) {
    throw refuse(`an entry for each of ${sequences.length} inputs`, `${byIndex.size}`);
  }
  return sequences.map((sequence, index) => {
    const rows = byIndex.get(index);
    if (rows === undefined) throw refuse(`an entry with index ${index}`, "none");
    return rowsToRead(sequence, rows.length, rules, refuse).map((row) => {
      const numbers = rows[row];
      return toReward(Array.isArray(numbers) ? numbers[rules.column] : numbers, rules, url);
    });
  });
}

/** Which of an input's rows hold its rewards. */
function rowsToRead(
  { ids, marks }: TokenSequence,
  rows: number,
  { reading }: PoolingRules,
  refuse: (expected: string, got: string) => FunprmError,
): readonly number[] {
  if (marks === null || reading.kind === "prefix") {
    // A single row is the last token's, whose output is the sequence's.
    if (rows === ids.length || rows === 1) return [rows - 1];
    throw refuse(`a row for each of ${ids.length} tokens`, `${rows}`);
  }
  if (rows === ids.length) return marks;
  const places = [...ids.keys()].filter((place) => ids[place] === reading.markId);
  if (rows === places.length) return marks.map((mark) => places.indexOf(mark));
  throw refuse(`a row for each of ${ids.length} tokens or ${places.length} step marks`, `${rows}`);
}
