import { join } from "node:path";
import { FunprmError } from "../core/errors.ts";
import { selectors } from "../select/index.ts";
import { loadPythonParser, splitSteps } from "../steps/index.ts";
import { gather, type Stages } from "./pool-evidence.ts";
import type { Assembled } from "./results/assemble.ts";
import { assembleView } from "./results/assemble-view.ts";
import { readOutline, type RunOutline } from "./results/outline.ts";
import { viewsOf } from "./results/pool-views.ts";
import { ExecutionStage } from "./stages/execution-stage.ts";
import { GradeStage } from "./stages/grade-stage.ts";
import { JudgeStage } from "./stages/judge-stage.ts";
import { ScoreStage } from "./stages/score-stage.ts";

/**
 * The main view of a bench that was killed before it wrote figures, or that still runs, from the files of its stages,
 * which stay as they are. Rows that all stages have come to count; where there is none, the last stages are left out.
 *
 * @returns undefined where no such bench is
 * @throws FunprmError `input` where it has not graded a single row, or for an outline of another version
 */
export async function assembleUnfinished(folder: string): Promise<Assembled | undefined> {
  const outline = await readOutline(folder);
  if (outline === undefined) return undefined;
  await loadPythonParser();
  const { header } = outline;
  const everything = { scored: header.scoring.scorerSha256 !== null, ran: header.execution.sandbox !== null };
  const uses: readonly Used[] = [everything, { ...everything, ran: false }, { scored: false, ran: false }];
  for (const used of uses) {
    const assembled = await assembleWith(folder, outline, used);
    if (assembled !== null) return assembled;
  }
  throw new FunprmError(
    "input",
    `${folder}: expected at least one row whose candidates are graded; the bench had none yet. Run it again; it resumes.`,
  );
}

interface Used {
  readonly scored: boolean;
  readonly ran: boolean;
}

async function assembleWith(folder: string, outline: RunOutline, used: Used): Promise<Assembled | null> {
  const { header, problems } = outline;
  const [view] = viewsOf(problems, header.views);
  if (view === undefined) return null;
  const stages = await openStages(folder, outline, used);
  const gathered = view.groups.flatMap((group) => gather(group, stages) ?? []);
  const known = selectors(header.aggregate);
  return assembleView(view, gathered, {
    ...header,
    sampled: false,
    notes: [...header.notes, ...notesOn(outline, used)],
    selectors: header.selectors.flatMap((name) => known.get(name) ?? []),
    asked: new Set(header.asked),
    split: splitSteps,
    stepSize: header.scoring.stepSize,
  });
}

/** The stages as readers of their files: what they would work with is known by its name only. */
async function openStages(folder: string, { header }: RunOutline, used: Used): Promise<Stages> {
  const { scoring, grading, execution } = header;
  return {
    scores: await ScoreStage.read(join(folder, "scores.jsonl"), {
      ...scoring,
      scorerSha256: used.scored ? (scoring.scorerSha256 ?? undefined) : undefined,
    }),
    grades: await GradeStage.read(join(folder, "verdicts.jsonl"), grading),
    execution: await ExecutionStage.read(join(folder, "evidence.jsonl"), {
      ...execution,
      sandbox: used.ran ? (execution.sandbox ?? undefined) : undefined,
    }),
    judge: new JudgeStage(undefined),
    mixedOnly: header.mixedOnly,
  };
}

function notesOn({ header }: RunOutline, { scored, ran }: Used): string[] {
  const missing = [
    ...(header.scoring.scorerSha256 !== null && !scored ? ["rewards"] : []),
    ...(header.judged ? ["the judge's grades"] : []),
    ...(header.execution.sandbox !== null && !ran ? ["what running the programs shows"] : []),
  ];
  return [
    "The bench had not written its figures yet: these are computed from what its stages have finished.",
    ...(missing.length === 0 ? [] : [`Not used, because no row had come so far: ${missing.join(", ")}.`]),
  ];
}
