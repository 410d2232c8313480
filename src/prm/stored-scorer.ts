import { z } from "zod";
import type { ProgramRewards, Scorer, ScoreRequest } from "../core/scorer.ts";
import { entryKey } from "../store/entry.ts";
import type { EntryStore } from "../store/entry-store.ts";

const KIND = "rewards";

const rewardsSchema = z.array(
  z.object({
    rewards: z.array(z.number()),
    truncatedTokens: z.number(),
    truncatedCodeTokens: z.number(),
  }),
);

/**
 * A scorer that asks a store before the model. What is scored together is one entry: rewards of an int8 model may depend
 * on the company in their last digits. Of a rewards' conflict within rounding nothing is told.
 * @param scope what rewards depend on besides the model: a bound on memory cuts statements
 */
export function storedScorer(scorer: Scorer, store: EntryStore, scope: unknown): Scorer {
  return {
    identity: scorer.identity,
    get usage() {
      return scorer.usage;
    },
    async score(requests, options) {
      if (requests.length === 0) return [];
      const key = keyOf(scorer, scope, requests);
      const known = rewardsSchema.safeParse((await store.get(key))?.value).data;
      if (known?.length === requests.length) return known;
      const rewards = await scorer.score(requests, options);
      const { entry } = await store.publish({ key, kind: KIND, value: plain(rewards) }, isClose);
      return rewardsSchema.safeParse(entry.value).data ?? rewards;
    },
    close: () => scorer.close(),
  };
}

function keyOf(scorer: Scorer, scope: unknown, requests: readonly ScoreRequest[]): string {
  return entryKey(
    KIND,
    scorer.identity.sha256,
    scope,
    requests.map(({ statement, steps }) => [statement, steps]),
  );
}

function plain(rewards: readonly ProgramRewards[]): unknown {
  return rewards.map((each) => ({ ...each, rewards: [...each.rewards] }));
}

/** What other processors and other summation orders change, and an int8 activation that rounds the other way. */
const ROUNDING = 0.05;

function isClose(a: { readonly value: unknown }, b: { readonly value: unknown }): boolean {
  const [left, right] = [a, b].map(({ value }) =>
    rewardsSchema.safeParse(value).data?.flatMap(({ rewards }) => rewards),
  );
  return (
    left?.length === right?.length &&
    left?.every((reward, at) => Math.abs(reward - (right?.[at] ?? Number.NaN)) <= ROUNDING) === true
  );
}
