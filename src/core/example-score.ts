/** An output that differs where the statement allows several is worth half an example: better than a wrong one. */
const OPEN = 0.5;

/** How well a program does on the statement's examples: one for each it passes, OPEN where the statement leaves it open (null). */
export function exampleScore(results: readonly (boolean | null)[]): number {
  return results.reduce((sum, result) => sum + (result === null ? OPEN : Number(result)), 0);
}
