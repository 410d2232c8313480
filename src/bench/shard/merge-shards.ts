import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FunprmError } from "../../core/errors.ts";
import { AtomicFile } from "../../files/atomic-file.ts";
import { readWholeLinesOf } from "../../files/append-file.ts";
import { selectors } from "../../select/index.ts";
import { checkSpeeds, checkWhole } from "../../shard/merge-checks.ts";
import { loadPythonParser, splitSteps } from "../../steps/index.ts";
import type { BenchProblem } from "../bench-pool.ts";
import { gather, type Stages } from "../pool-evidence.ts";
import { assembleView } from "../results/assemble-view.ts";
import { NewResults } from "../results/new-results.ts";
import { readOutline, type RunOutline } from "../results/outline.ts";
import { viewsOf } from "../results/pool-views.ts";
import type { ReportData } from "../results/report-data.ts";
import { writeRun } from "../results/write-run.ts";
import { claimFolder, type RunIdentity } from "../run-identity.ts";
import { RunLog } from "../run-log.ts";
import { evidenceFaultsSchema, ExecutionStage } from "../stages/execution-stage.ts";
import { gradeFaultsSchema, GradeStage } from "../stages/grade-stage.ts";
import { JudgeStage } from "../stages/judge-stage.ts";
import { ScoreStage } from "../stages/score-stage.ts";
import { readShard, type ShardMarker } from "./shard-marker.ts";

export interface MergeOptions {
  readonly speedRatio: number;
  /** Makes the pages of results in a folder. */
  readonly render: (folder: string) => Promise<void>;
}

export interface MergedBench {
  readonly views: readonly { readonly folder: string; readonly data: ReportData }[];
  readonly unjudged: number;
}

/** A complete shard of a bench. */
interface ShardFolder {
  readonly folder: string;
  readonly marker: ShardMarker;
  readonly outline: RunOutline;
}

/**
 * Puts the shards of a bench together in a locked folder: the results are those of a bench on one machine, byte for byte,
 * and the files of the stages hold the same rows, so that a bench goes on there.
 * @throws FunprmError `input` for shards that are missing, double, unfinished or of different benches
 */
export async function mergeShards(
  folders: readonly string[],
  out: string,
  { speedRatio, render }: MergeOptions,
): Promise<MergedBench> {
  await loadPythonParser();
  const shards: ShardFolder[] = [];
  for (const folder of folders) shards.push(await openShard(folder));
  const claims = shards.map(({ folder, marker, outline }) => ({
    ...marker,
    place: folder,
    command: "bench",
    settings: { ...outline.header },
  }));
  checkWhole(claims);
  checkSpeeds(claims, speedRatio);
  const problems = inOrder(shards);
  const [first] = shards;
  if (first === undefined) throw new Error("no shards");
  await claimFolder(out, await identityOf(first.folder));
  for (const name of ["scores.jsonl", "verdicts.jsonl", "evidence.jsonl"])
    await joinRows(
      folders.map((folder) => join(folder, name)),
      join(out, name),
    );
  const { header } = first.outline;
  const stages = await openStages(out, first.outline, shards);
  const results = await NewResults.open(out);
  const known = selectors(header.aggregate);
  const written: { folder: string; data: ReportData }[] = [];
  for (const view of viewsOf(problems, header.views)) {
    const gathered = view.groups.flatMap((group) => gather(group, stages) ?? []);
    const assembled = assembleView(view, gathered, {
      ...header,
      sampled: true,
      selectors: header.selectors.flatMap((name) => known.get(name) ?? []),
      asked: new Set(header.asked),
      split: splitSteps,
      stepSize: header.scoring.stepSize,
    });
    if (assembled === null || gathered.length < view.groups.length) {
      throw new FunprmError(
        "input",
        `expected every stage of every shard to be finished, got ${gathered.length} of ${view.groups.length} rows; ` +
          "the files of a shard were changed: run it again",
      );
    }
    const place = results.placeOf(view.folder);
    await writeRun(place, assembled);
    await render(place);
    written.push({ folder: view.folder, data: assembled.data });
  }
  await results.install(written.map(({ folder }) => folder));
  await logMerge(out, shards.length);
  return { views: written, unjudged: shards.reduce((sum, { marker }) => sum + marker.unjudged, 0) };
}

async function openShard(folder: string): Promise<ShardFolder> {
  const marker = await readShard(folder);
  const outline = await readOutline(folder);
  if (outline === undefined || outline.problems.length !== marker.places.length) {
    throw new FunprmError("input", `${folder}: expected the outline of its bench; run the shard again`);
  }
  return { folder, marker, outline };
}

/** The problems of all shards in the order of the whole bench. @throws FunprmError `input` for one that is missing or double */
function inOrder(shards: readonly ShardFolder[]): BenchProblem[] {
  const total = shards[0]?.marker.total ?? 0;
  const owners = new Map<number, { readonly folder: string; readonly problem: BenchProblem | undefined }>();
  for (const { folder, marker, outline } of shards) {
    const own: (readonly [number, BenchProblem | undefined])[] = [
      ...marker.places.map((place, at) => [place, outline.problems[at]] as const),
      ...marker.without.map((place) => [place, undefined] as const),
    ];
    for (const [place, problem] of own) {
      const other = owners.get(place);
      if (other !== undefined)
        throw new FunprmError(
          "input",
          `${folder}: problem ${place} is in ${other.folder} too; the shards are of different benches`,
        );
      owners.set(place, { folder, problem });
    }
  }
  if (owners.size < total)
    throw new FunprmError("input", `expected ${total} problems in all shards together, got ${owners.size}`);
  return Array.from({ length: total }, (_, place) => owners.get(place)?.problem ?? []).flat();
}

/** What the whole bench is about. */
async function identityOf(folder: string): Promise<RunIdentity> {
  const path = join(folder, "run.json");
  const identity = z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]))
    .safeParse(JSON.parse(await readFile(path, "utf8"))).data;
  if (identity === undefined) throw new FunprmError("input", `${path}: expected what a bench is about`);
  return { ...identity, shard: null };
}

/** Rows of several files in one; of equal keys the first. */
async function joinRows(from: readonly string[], to: string): Promise<void> {
  const file = await AtomicFile.open(to);
  const keys = new Set<string>();
  try {
    for (const path of from) {
      let lines: string[] = [];
      await readWholeLinesOf(path, (line) => void lines.push(line));
      lines = lines.filter((line) => {
        const key = /^\{"key":"([^"]*)"/.exec(line)?.[1];
        if (key === undefined || keys.has(key)) return false;
        keys.add(key);
        return true;
      });
      if (lines.length > 0) await file.handle.appendFile(`${lines.join("\n")}\n`);
    }
  } catch (error) {
    await file.discard();
    throw error;
  }
  await file.commit();
}

async function openStages(
  out: string,
  { header }: RunOutline,
  shards: readonly ShardFolder[],
): Promise<Stages> {
  const { scoring, grading, execution } = header;
  const grades = await GradeStage.read(join(out, "verdicts.jsonl"), grading);
  const ran = await ExecutionStage.read(join(out, "evidence.jsonl"), {
    ...execution,
    sandbox: execution.sandbox ?? undefined,
  });
  for (const { marker } of shards) {
    grades.addFaults(gradeFaultsSchema.parse(marker.faults.verdicts));
    ran.addFaults(evidenceFaultsSchema.parse(marker.faults.evidence));
  }
  return {
    scores: await ScoreStage.read(join(out, "scores.jsonl"), {
      ...scoring,
      scorerSha256: scoring.scorerSha256 ?? undefined,
    }),
    grades,
    execution: ran,
    judge: new JudgeStage(undefined),
    mixedOnly: header.mixedOnly,
  };
}

async function logMerge(out: string, shards: number): Promise<void> {
  const log = await RunLog.open(out);
  try {
    await log.write("merged", { shards });
  } finally {
    await log.close();
  }
}
