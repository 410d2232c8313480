/** The border of a run's files: what they must hold to be rendered. Fields of later versions are let through unread. */
import { z } from "zod";
import { VERDICTS } from "../../core/verdict.ts";
import { failedTestSchema } from "../../grade/failed-test.ts";
import type { ProblemReport, ReportData } from "./report-data.ts";

/** JSON has no NaN and writes null: a mean of nothing. */
const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const count = z.number().int().nonnegative();
const position = z.number().int().nonnegative();

const estimate = z.object({ value: figure, low: figure, high: figure });

const selectorSummary = z.object({
  name: z.string(),
  selected: estimate,
  headroomRecovered: estimate.nullable(),
  mixed: z.object({ selected: estimate, auc: estimate }).nullable(),
  blind: count,
  difference: z.object({
    gained: z.array(z.string()),
    lost: z.array(z.string()),
    pValue: figure,
    selected: estimate,
  }),
});

const comparison = z.object({
  problems: count,
  distinctProblems: count.exactOptional(),
  candidates: count,
  random: estimate,
  oracle: estimate,
  mixed: z.object({ problems: count, random: figure }),
  baseline: z.string(),
  selectors: z.array(selectorSummary).min(1),
});

const sweepPoint = z.object({
  n: count,
  selected: figure,
  low: figure,
  high: figure,
  random: figure,
  oracle: figure,
});

const readabilityRow = z.object({
  group: z.string(),
  programs: count,
  functionsPerProgram: figure,
  docstringShare: figure,
  longestFunctionLines: figure,
  cyclomaticComplexity: figure,
  duplicatedLineShare: figure,
});

const roundsSpent = z.object({
  least: count,
  stopAt: figure,
  minGain: figure,
  samples: figure,
  saved: estimate,
  selected: figure,
  difference: estimate,
  gained: count,
  lost: count,
});

/** `results.json`. */
export const reportDataSchema: z.ZodType<ReportData> = z.object({
  format: z.literal("funprm-bench-1"),
  title: z.string(),
  complete: z.boolean(),
  producedBy: z.record(z.string(), z.unknown()),
  notes: z.array(z.string()),
  comparison,
  groups: z.array(
    z.object({ name: z.string(), values: z.array(z.object({ value: z.string(), comparison })) }),
  ),
  passAtK: z.array(z.object({ k: count, value: figure })),
  sweeps: z.array(z.object({ selector: z.string(), points: z.array(sweepPoint) })),
  // Runs of before have none.
  rounds: z.array(roundsSpent).default([]),
  readability: z.array(readabilityRow),
  shownSelector: z.string(),
});

const step = z.object({
  index: position,
  kind: z.enum(["function", "method", "module", "line"]),
  name: z.string().nullable(),
  startLine: count,
  endLine: count,
  start: position,
  end: position,
  complete: z.boolean(),
  reward: figure,
});

const candidate = z.object({
  sampleIndex: z.number().int(),
  model: z.string().exactOptional(),
  code: z.string(),
  passed: z.boolean().nullable(),
  verdict: z.enum(VERDICTS).exactOptional(),
  failedTest: failedTestSchema.exactOptional(),
  reward: z.number().nullable().exactOptional(),
  steps: z.array(step).exactOptional(),
  examples: z.object({ passed: count, judged: count }).exactOptional(),
  agreeing: count.exactOptional(),
  largeInputsAnswered: count.exactOptional(),
  passProbability: z.number().min(0).max(1).exactOptional(),
  duplicateOf: position.nullable(),
  warnings: z.array(z.string()),
});

/** A line of `problems.jsonl`. */
export const problemReportSchema: z.ZodType<ProblemReport> = z.object({
  id: z.string(),
  title: z.string().exactOptional(),
  statement: z.string(),
  starterCode: z.string(),
  facts: z.record(z.string(), z.string()),
  candidates: z.array(candidate),
  choices: z.array(
    z.object({
      selector: z.string(),
      chosen: position.nullable(),
      best: z.array(position),
      decidedBy: z.string().nullable(),
      unavailable: z.string().exactOptional(),
    }),
  ),
});
