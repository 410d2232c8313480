import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FunprmError } from "../../core/errors.ts";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import { type Shard, shardOf } from "../../shard/shard.ts";
import type { BenchProblem } from "../bench-pool.ts";
import type { Stages } from "../pool-evidence.ts";

/** In a shard's folder, once it is complete. */
const NAME = "shard.json";

/** A part of a bench. */
export interface BenchShard extends Shard {
  /** Places of the problems of all shards. */
  readonly places: ReadonlyMap<string, number>;
  /** CPU milliseconds of the reference program; undefined where nothing runs. */
  readonly referenceMs: number | undefined;
}

const markerSchema = z.object({
  format: z.literal("funprm-bench-shard-1"),
  shard: z.int().nonnegative(),
  of: z.int().positive(),
  /** Problems of all shards. */
  total: z.int().nonnegative(),
  /** Places of this shard's problems that have candidates, in the order of its outline. */
  places: z.array(z.int().nonnegative()),
  /** Places of its problems that have none. */
  without: z.array(z.int().nonnegative()),
  reference_ms: z.number().nullable(),
  time_limits: z.int().nonnegative(),
  unjudged: z.int().nonnegative(),
  /** What is in no stage's file, because the next run would try again. */
  faults: z.object({
    verdicts: z.record(z.string(), z.json()),
    evidence: z.record(z.string(), z.json()),
  }),
});

export type ShardMarker = z.infer<typeof markerSchema>;

/** Says that a shard's stages are all done. */
export async function writeShard(
  folder: string,
  { index, count, places, referenceMs }: BenchShard,
  problems: readonly BenchProblem[],
  { grades, execution }: Stages,
): Promise<void> {
  const there = new Set(problems.map(({ problem }) => problem.id));
  const verdicts = problems.flatMap(({ problem, candidates }) =>
    candidates.map((candidate) => grades.judgement(problem, candidate)?.verdict),
  );
  const marker = {
    format: "funprm-bench-shard-1",
    shard: index,
    of: count,
    total: places.size,
    places: problems.map(({ problem }) => places.get(problem.id) ?? 0),
    without: [...places].flatMap(([id, place]) =>
      shardOf(id, count) === index && !there.has(id) ? [place] : [],
    ),
    reference_ms: referenceMs ?? null,
    time_limits: verdicts.filter((verdict) => verdict === "time_limit").length,
    unjudged: verdicts.filter((verdict) => verdict === "infra_error").length,
    faults: { verdicts: grades.faults, evidence: execution.faults },
  };
  await writeFileAtomically(join(folder, NAME), `${JSON.stringify(marker)}\n`);
}

/** Says that a folder is no complete shard any more. */
export async function removeShardMarker(folder: string): Promise<void> {
  await rm(join(folder, NAME), { force: true });
}

/** @throws FunprmError `input` where the folder is no complete shard */
export async function readShard(folder: string): Promise<ShardMarker> {
  const path = join(folder, NAME);
  try {
    return markerSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new FunprmError(
      "input",
      `${folder}: expected a complete shard of a bench, with ${NAME}, got none. ` +
        "Run the bench with its --shard again; it goes on where it was.",
      { cause },
    );
  }
}
