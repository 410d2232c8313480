/**
 * McNemar's exact test, two-sided: how likely it is that `gained` and `lost` differ at least this much when both
 * selectors are equally good. Only problems on which they differ count. 1 when there are none.
 */
export function mcnemarExact(gained: number, lost: number): number {
  const n = gained + lost;
  const few = Math.min(gained, lost);
  // Terms C(n, i) / 2^n as logarithms, because 2^n overflows long before n is a suite's size.
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let i = 1; i <= few; i++) {
    logTerm += Math.log((n - i + 1) / i);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
