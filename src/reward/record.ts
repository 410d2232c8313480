import { FunprmError } from "../core/errors.ts";
import type { Step } from "../core/step.ts";
import { passedOf, type Verdict } from "../core/verdict.ts";
import type { FailedTest } from "../grade/failed-test.ts";
import type { Outcome } from "../grade/verdict.ts";
import { codePointOffsets } from "../steps/index.ts";
import type { RewardItem, RewardWish } from "./item.ts";
import type { SentProgram, Span } from "./program-text.ts";
import { psgpoReward, type ShapedReward } from "./psgpo-shape.ts";

/** What is known of an item before its record is written. */
export interface Measured {
  readonly item: RewardItem;
  readonly problemId: string;
  readonly sent: SentProgram;
  readonly steps: readonly Step[];
  /** By step, whether it holds code. */
  readonly isCode: readonly boolean[];
  /** r_t in [0, 1]; undefined: no PRM was asked. */
  readonly rewards: readonly number[] | undefined;
  readonly truncatedTokens: number;
  readonly outcome: Outcome;
}

/** The answer for one item. Offsets count characters (code points, as in Python's str) of the text that was sent. */
export interface RewardRecord {
  readonly id?: string | number;
  readonly problem_id: string;
  /** null: nothing is known of the program, see `unscorable`. */
  readonly passed: boolean | null;
  readonly verdict: Verdict;
  /** Why there is no verdict. Whoever gets this must not take the program for a failing one. */
  readonly unscorable?: { readonly reason: string };
  /** Tests that passed, of how many, and their share; null without a verdict. */
  readonly tests: { readonly passed: number; readonly total: number } | null;
  readonly share: number | null;
  readonly failed_test?: FailedTest;
  /** One number for the program: what its tests are worth or, with a shape, the sum of its rewards. null: not known. */
  readonly reward: number | null;
  readonly steps: readonly RewardStep[];
  /** With `shape`, and where there is a verdict. */
  readonly shaped?: Omit<ShapedReward, "ofLines">;
  readonly truncated_tokens?: number;
  readonly warnings: readonly string[];
}

interface RewardStep {
  readonly index: number;
  readonly kind: string;
  readonly name: string | null;
  /** First and last line in the program, from 1. */
  readonly start_line: number;
  readonly end_line: number;
  /** In the text that was sent, end exclusive; null where the text does not hold the step as it is. */
  readonly start: number | null;
  readonly end: number | null;
  readonly complete: boolean;
  /** Lines: false for comments and for strings that stand alone. */
  readonly code?: boolean;
  /** r_t in [0, 1] of the PRM. */
  readonly reward?: number;
  /** lambda R_t / T; null where no R is known. */
  readonly shaped?: number | null;
}

/** @throws FunprmError `input` for line rewards that are not one for every line. */
export function rewardRecord(measured: Measured, wish: RewardWish): RewardRecord {
  const { item, problemId, outcome, sent } = measured;
  const passed = passedOf(outcome.verdict);
  const { failedTest, passedTests, totalTests } = outcome;
  const share = passed === null ? null : totalTests === 0 ? Number(passed) : passedTests / totalTests;
  const terminal = wish.outcome === "share" ? share : passed === null ? null : Number(passed);
  const own = ownSteps(measured);
  const shaped =
    wish.shape === undefined || passed === null || terminal === null
      ? undefined
      : psgpoReward(
          { passed, terminal },
          own.map(({ isCode }) => isCode),
          lineRewards(item, own),
        );
  const { ofLines, ...totals } = shaped ?? {};
  const isLines = own.some(({ step }) => step.kind === "line");
  return {
    ...(item.id !== undefined && { id: item.id }),
    problem_id: problemId,
    passed,
    verdict: outcome.verdict,
    ...(passed === null && { unscorable: { reason: failedTest?.message ?? "the program was not judged" } }),
    tests: passed === null ? null : { passed: passedTests, total: totalTests },
    share,
    ...(failedTest !== undefined && passed !== null && { failed_test: failedTest }),
    reward: shaped === undefined ? terminal : shaped.total,
    steps: own.map(({ step, span, isCode, reward }, at) => ({
      index: step.index,
      kind: step.kind,
      name: step.name,
      start_line: step.startLine,
      end_line: step.endLine,
      start: span?.start ?? null,
      end: span?.end ?? null,
      complete: step.complete,
      ...(isLines && { code: isCode }),
      ...(reward !== undefined && { reward }),
      ...(ofLines !== undefined && { shaped: ofLines[at] ?? null }),
    })),
    ...("lambda" in totals && { shaped: totals }),
    ...(measured.truncatedTokens > 0 && { truncated_tokens: measured.truncatedTokens }),
    warnings: sent.warnings,
  };
}

interface OwnStep {
  readonly step: Step;
  readonly span: Span | null;
  readonly isCode: boolean;
  readonly reward: number | undefined;
}

/** Steps that were sent, in whole or in part: those of the starter code that a completion continues are the problem's. */
function ownSteps({ sent, steps, isCode, rewards }: Measured): OwnStep[] {
  const own = steps.flatMap((step, at) => {
    if (step.end <= sent.given) return [];
    const span = sent.place(step.start, step.end);
    return [{ step, span, isCode: isCode[at] ?? true, reward: rewards?.[at] }];
  });
  const starts = codePointOffsets(sent.text, own.map(({ span }) => span?.start ?? 0).toSorted(ascending));
  const ends = codePointOffsets(sent.text, own.map(({ span }) => span?.end ?? 0).toSorted(ascending));
  const without = own.filter(({ span }) => span === null).length;
  let at = without;
  return own.map((each) => {
    if (each.span === null) return each;
    const span = { start: starts[at] ?? 0, end: ends[at] ?? 0 };
    at += 1;
    return { ...each, span };
  });
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** R of every line: the caller's, or 2r - 1 of the PRM's, which for a signed PRM is its own output. */
function lineRewards(item: RewardItem, own: readonly OwnStep[]): number[] | undefined {
  const given = item.line_rewards;
  if (given !== undefined) {
    if (given.length === own.length) return given;
    throw new FunprmError(
      "input",
      `line_rewards: expected a number for each of the ${own.length} lines that are not blank, got ${given.length}`,
    );
  }
  const rewards = own.map(({ reward }) => reward);
  return rewards.every((reward) => reward !== undefined)
    ? rewards.map((reward) => 2 * reward - 1)
    : undefined;
}
