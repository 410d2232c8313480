import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AGGREGATES } from "../../core/aggregate.ts";
import type { TestCase } from "../../core/problem.ts";
import { STEP_SIZES } from "../../core/step.ts";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import { checkedJson } from "../../formats/text/checked-json.ts";
import { splitLines } from "../../formats/text/lines.ts";
import type { BenchProblem } from "../bench-pool.ts";
import type { ExecutionMethod } from "../stages/execution-stage.ts";
import type { GradeKeys } from "../stages/grade-stage.ts";
import type { ScoringMethod } from "../stages/score-stage.ts";
import type { ViewRun } from "./assemble-view.ts";
import type { ViewOptions } from "./pool-views.ts";

/** Beside the files of the stages while a bench has no figures yet: what their keys are made of. */
const OUTLINE_NAME = "unfinished.jsonl";

const Header = z.object({
  format: z.literal("funprm-unfinished-1"),
  title: z.string(),
  notes: z.array(z.string()),
  producedBy: z.record(z.string(), z.unknown()),
  scoring: z.object({
    scorerSha256: z.string().nullable(),
    stepSize: z.enum(STEP_SIZES),
    outcomeRewards: z.boolean(),
  }),
  grading: z.object({ scope: z.array(z.unknown()), regrade: z.boolean() }),
  execution: z.object({ sandbox: z.string().nullable(), large: z.boolean() }),
  judged: z.boolean(),
  mixedOnly: z.boolean(),
  selectors: z.array(z.string()),
  asked: z.array(z.string()),
  baseline: z.string(),
  shown: z.string(),
  seed: z.number(),
  aggregate: z.enum(AGGREGATES),
  views: z.object({ bySampler: z.boolean(), pooled: z.boolean() }),
});

const Pool = z.object({
  problem: z.object({
    id: z.string(),
    title: z.string().exactOptional(),
    statement: z.string(),
    kind: z.enum(["stdin", "method", "function"]),
    starterCode: z.string(),
    entryPoint: z.string().exactOptional(),
    // Only their bytes matter here: they are part of a key.
    exampleTests: z.array(z.custom<TestCase>()),
    preamble: z.string().exactOptional(),
    meta: z.record(z.string(), z.unknown()),
  }),
  candidates: z.array(
    z.object({
      sampleIndex: z.number(),
      code: z.string(),
      codeSha256: z.string(),
      sampler: z.string(),
      model: z.string().exactOptional(),
      recorded: z.boolean().exactOptional(),
      meanLogProbability: z.number().exactOptional(),
      selfCertainty: z.number().exactOptional(),
      warnings: z.array(z.string()),
    }),
  ),
});

/** A bench as far as figures depend on it, without what it works with. */
export interface RunOutline {
  readonly header: z.infer<typeof Header>;
  readonly problems: readonly BenchProblem[];
}

/** What of a running bench goes into its outline. */
export interface OutlinedRun extends Omit<ViewRun, "split" | "stepSize"> {
  readonly folder: string;
  readonly problems: readonly BenchProblem[];
  readonly scoring: ScoringMethod;
  readonly grading: GradeKeys;
  readonly execution: ExecutionMethod;
  /** Anything where an LLM grades programs. */
  readonly judge?: unknown;
  readonly views: ViewOptions;
}

/** Keeps with a run what its stages' files do not say, so that a page can be made of them after a kill. */
export function writeOutline(run: OutlinedRun): Promise<void> {
  return writeFileAtomically(join(run.folder, OUTLINE_NAME), outlineLines(run));
}

function* outlineLines(run: OutlinedRun): Generator<string> {
  const { scoring, grading, execution } = run;
  const header: z.infer<typeof Header> = {
    format: "funprm-unfinished-1",
    title: run.title,
    notes: [...run.notes],
    producedBy: run.producedBy,
    scoring: {
      scorerSha256: scoring.scorer?.identity.sha256 ?? null,
      stepSize: scoring.stepSize,
      outcomeRewards: scoring.outcomeRewards,
    },
    grading: { scope: [...grading.scope], regrade: grading.regrade },
    execution: { sandbox: execution.sandbox?.identity ?? null, large: execution.large },
    judged: run.judge !== undefined,
    mixedOnly: run.mixedOnly,
    selectors: run.selectors.map(({ name }) => name),
    asked: [...run.asked],
    baseline: run.baseline,
    shown: run.shown,
    seed: run.seed,
    aggregate: run.aggregate,
    views: run.views,
  };
  yield `${JSON.stringify(header)}\n`;
  for (const { problem, candidates } of run.problems) {
    const { hiddenTests: _, reference: _reference, ...shown } = problem;
    yield `${JSON.stringify({ problem: shown, candidates })}\n`;
  }
}

/** Nobody needs it where there are figures. */
export function removeOutline(folder: string): Promise<void> {
  return rm(join(folder, OUTLINE_NAME), { force: true });
}

/**
 * undefined where there is none: no bench was killed here.
 * @throws FunprmError `input` for one that this version of funprm did not write
 */
export async function readOutline(folder: string): Promise<RunOutline | undefined> {
  const path = join(folder, OUTLINE_NAME);
  if ((await stat(path).catch(() => undefined))?.isFile() !== true) return undefined;
  let header: z.infer<typeof Header> | undefined;
  const problems: BenchProblem[] = [];
  for await (const { text, number } of splitLines(createReadStream(path), path, { line: 1 })) {
    const wrong = `${path}:${number}: expected what this version of funprm writes of a bench, got something else. Run the bench again; it resumes.`;
    if (header === undefined) header = checkedJson(text, Header, wrong);
    else problems.push(checkedJson(text, Pool, wrong));
  }
  return header && { header, problems };
}
