import { createHash } from "node:crypto";
import type { Candidate } from "../core/candidate.ts";
import { sha256OfFiles } from "../files/files-sha256.ts";
import type { Options } from "../settings/options.ts";
import { belongsTo, type Shard } from "../shard/shard.ts";
import { removeRecord, writeRecord } from "../shard/shard-record.ts";
import { Units } from "../shard/units.ts";
import type { OpenPrm } from "../solve/open-prm.ts";

/** What a shard of `rank` has done. Units are problems, in the order in which candidates first name them. */
export class RankShard {
  readonly #shard: Shard;
  readonly #out: string;
  readonly #options: Options;
  readonly #digest = createHash("sha256");
  /** Places of the problems of all shards. */
  readonly #places = new Map<string, number>();
  readonly #units = new Units();

  constructor(shard: Shard, out: string, options: Options) {
    this.#shard = shard;
    this.#out = out;
    this.#options = options;
  }

  begin(): Promise<void> {
    return removeRecord(this.#out);
  }

  /** Told of every candidate of all shards; whether it is one of this shard. */
  isOwn({ sampleIndex, model, code }: Candidate, problemId: string): boolean {
    this.#digest.update(JSON.stringify([problemId, sampleIndex, model ?? null, code]));
    if (!this.#places.has(problemId)) this.#places.set(problemId, this.#places.size);
    return belongsTo(this.#shard, problemId);
  }

  /** Told of every problem of this shard, in order. */
  done(problemId: string, lines: number): void {
    this.#units.add(this.#places.get(problemId) ?? 0, lines);
  }

  async finish(exit: number, { by }: OpenPrm): Promise<void> {
    const { problems = "", maxMemory, select } = this.#options;
    await writeRecord(this.#out, {
      command: "rank",
      shard: this.#shard,
      total: this.#places.size,
      units: this.#units,
      settings: {
        candidates_sha256: this.#digest.digest("hex"),
        problems_sha256: await sha256OfFiles([problems]),
        by: { ...by },
        select,
        max_memory: maxMemory ?? null,
      },
      exit,
    });
  }
}
