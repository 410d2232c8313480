import { createHash } from "node:crypto";
import type { Candidate } from "../../core/candidate.ts";
import type { Problem } from "../../core/problem.ts";
import { sha256OfFiles } from "../../files/files-sha256.ts";
import { GRADING_VERSION } from "../../grade/grading-version.ts";
import { referenceMs } from "../../sandbox/machine-speed.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { belongsTo, type Shard } from "../../shard/shard.ts";
import { removeRecord, type ShardHeader, writeRecord } from "../../shard/shard-record.ts";
import { Units } from "../../shard/units.ts";

export interface FinishedCollect {
  readonly lines: ReadonlyMap<Candidate, number>;
  readonly exit: number;
  readonly settings: ShardHeader["settings"];
  /** Programs that were stopped at a time limit. */
  readonly timeLimits: number;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
}

/** What a shard of `collect` has done. Units are recorded candidates, or problems where candidates are sampled. */
export class CollectShard {
  readonly #shard: Shard;
  readonly #out: string;
  readonly #problemFiles: readonly string[];
  #total = 0;
  /** The units of this shard, ascending. */
  #own: readonly number[] = [];
  #unitOf: (candidate: Candidate) => number = () => 0;
  #input: ShardHeader["settings"] = {};

  constructor(shard: Shard, out: string, problemFiles: readonly string[]) {
    this.#shard = shard;
    this.#out = out;
    this.#problemFiles = problemFiles;
  }

  begin(): Promise<void> {
    return removeRecord(this.#out);
  }

  /** The shard's candidates among all recorded ones. */
  ownOf(all: readonly Candidate[]): Candidate[] {
    const digest = createHash("sha256");
    const places = new Map<Candidate, number>();
    for (const [at, candidate] of all.entries()) {
      const { problemId, sampleIndex, model = null, code } = candidate;
      digest.update(JSON.stringify([problemId, sampleIndex, model, code]));
      if (belongsTo(this.#shard, problemId)) places.set(candidate, at);
    }
    this.#total = all.length;
    this.#own = [...places.values()];
    this.#unitOf = (candidate) => places.get(candidate) ?? 0;
    this.#input = { candidates_sha256: digest.digest("hex") };
    return [...places.keys()];
  }

  /** Candidates are sampled: problems are the units. `order`: places of all problems; `source`: what samples. */
  sampled(order: ReadonlyMap<string, number>, own: readonly Problem[], source: object): void {
    this.#total = order.size;
    this.#own = own.map(({ id }) => order.get(id) ?? 0);
    this.#unitOf = ({ problemId }) => order.get(problemId) ?? 0;
    this.#input = { sampling: JSON.stringify(source) };
  }

  async finish({ lines, exit, settings, timeLimits, sandbox, signal }: FinishedCollect): Promise<void> {
    const byUnit = new Map<number, number>();
    for (const [candidate, count] of lines) {
      const unit = this.#unitOf(candidate);
      byUnit.set(unit, (byUnit.get(unit) ?? 0) + count);
    }
    const units = new Units();
    for (const unit of this.#own) units.add(unit, byUnit.get(unit) ?? 0);
    await writeRecord(this.#out, {
      command: "collect",
      shard: this.#shard,
      total: this.#total,
      units,
      settings: {
        ...settings,
        ...this.#input,
        problems_sha256: await sha256OfFiles(this.#problemFiles),
        grading_version: GRADING_VERSION,
        interpreter: sandbox.fingerprint ?? sandbox.identity,
      },
      referenceMs: await referenceMs(sandbox, signal),
      timeLimits,
      exit,
    });
  }
}
