/** PSGPO's reward of lines (arXiv 2410.17621): tests at the end, and lambda R_t / T at the end of every line. */

/** lambda: small where tests say enough already. */
const LAMBDA = { passes: 0.025, fails: 0.25 } as const;

export interface ShapedReward {
  readonly lambda: number;
  /** T: lines of code. Comments and blank lines neither count nor earn, so that none of them pays. */
  readonly lines: number;
  /** What tests are worth, at the end of the text. */
  readonly terminal: number;
  /** lambda R_t / T for every line; null where no R is known, 0 for lines without code. */
  readonly ofLines: readonly (number | null)[];
  /** The sum of it all; null where an R is not known. */
  readonly total: number | null;
}

/**
 * `isCode`: which lines hold code. `rewards`: R_t in [-1, 1] of every line, those without code too; undefined: not known.
 */
export function psgpoReward(
  outcome: { readonly passed: boolean; readonly terminal: number },
  isCode: readonly boolean[],
  rewards: readonly number[] | undefined,
): ShapedReward {
  const { passed, terminal } = outcome;
  const lambda = passed ? LAMBDA.passes : LAMBDA.fails;
  const lines = isCode.filter(Boolean).length;
  const ofLines = isCode.map((counts, at) => {
    if (!counts) return 0;
    const reward = rewards?.[at];
    return reward === undefined ? null : (lambda * reward) / lines;
  });
  const total = ofLines.reduce<number | null>(
    (sum, reward) => (sum === null || reward === null ? null : sum + reward),
    terminal,
  );
  return { lambda, lines, terminal, ofLines, total };
}
