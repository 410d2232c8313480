import { FunprmError } from "../../core/errors.ts";

/**
 * The unbiased estimate of pass@k from n samples of which c pass: 1 - C(n-c, k) / C(n, k), the chance that k drawn
 * without replacement hold a passing one (Chen et al., arXiv 2107.03374). Refused for k > n, where it is not defined.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (!Number.isInteger(k) || k < 1 || k > n) {
    throw new FunprmError(
      "usage",
      `expected k from 1 to the ${n} samples of the problem for pass@k; got k = ${k}. Sample more or lower k`,
    );
  }
  let failing = 1;
  for (let i = n - c + 1; i <= n; i++) failing *= Math.max(0, 1 - k / i);
  return 1 - failing;
}

/** pass@k averaged over problems, each with its own n. */
export function meanPassAtK(verdicts: readonly (readonly boolean[])[], k: number): number {
  if (verdicts.length === 0)
    throw new FunprmError("input", "expected at least one problem for pass@k; got none");
  const sum = verdicts.reduce(
    (total, passed) => total + passAtK(passed.length, passed.filter(Boolean).length, k),
    0,
  );
  return sum / verdicts.length;
}
