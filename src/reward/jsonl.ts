import { readRecords } from "../formats/text/json-records.ts";
import type { Source } from "../formats/text/bytes.ts";
import { inOrder } from "../grade/ordered-results.ts";
import { readItem, type RewardWish } from "./item.ts";
import type { RewardRecord } from "./record.ts";
import type { Rewards } from "./rewards.ts";

/** Items under way at most, so that a slow one holds up neither the sandbox nor the order. */
const WINDOW = 256;

/**
 * The rewards of items, one a line, in their order; each is given as soon as it and those before it are known, so that a
 * program may write a line and wait for its answer.
 */
export async function* rewardLines(
  source: Source,
  rewards: Rewards,
  wish: RewardWish,
  signal: AbortSignal,
): AsyncGenerator<RewardRecord> {
  yield* inOrder(readRecords(source), WINDOW, ({ text, file, line }) => {
    const place = `${file}:${line}`;
    return rewards.of(readItem(text, place), wish, place, signal);
  });
}
