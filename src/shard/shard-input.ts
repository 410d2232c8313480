import { createHash } from "node:crypto";
import type { Candidate } from "../core/candidate.ts";
import { belongsTo, type Shard } from "./shard.ts";

/**
 * The candidates of a shard out of those of the whole run, all of which it reads: it tells how many there are, what they
 * are, and which of them are the shard's.
 */
export class ShardInput {
  readonly #shard: Shard;
  readonly #idOf: (problemId: string) => string;
  readonly #digest = createHash("sha256");
  /** Candidates of all shards that were read. */
  total = 0;

  /** @param idOf the id of a problem that a candidate may spell otherwise */
  constructor(shard: Shard, idOf: (problemId: string) => string) {
    this.#shard = shard;
    this.#idOf = idOf;
  }

  /** @param onOwn told of each of the shard's candidates: its position among all */
  async *own<C extends Candidate>(
    candidates: AsyncIterable<C>,
    onOwn: (at: number) => void,
  ): AsyncGenerator<C> {
    for await (const candidate of candidates) {
      const { problemId, sampleIndex, model = null, code } = candidate;
      this.#digest.update(JSON.stringify([problemId, sampleIndex, model, code]));
      const at = this.total;
      this.total += 1;
      if (!belongsTo(this.#shard, this.#idOf(problemId))) continue;
      onOwn(at);
      yield candidate;
    }
  }

  /** sha256 of all candidates, hex, once they are read. */
  sha256(): string {
    return this.#digest.copy().digest("hex");
  }
}
