/**
 * The chance that a passing candidate scores above a failing one, ties counting half (area under the ROC curve, from
 * the Mann-Whitney U statistic). null when all pass or all fail. Scores only need an order; none may be NaN.
 */
export function auc(scores: readonly number[], passed: readonly boolean[]): number | null {
  const order = scores.map((score, index) => ({ score, passed: passed[index] === true }));
  order.sort((a, b) => a.score - b.score);
  let failingBelow = 0;
  let wins = 0;
  let passing = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let tiedPassing = 0;
    while (end < order.length && order[end]?.score === order[start]?.score) {
      if (order[end]?.passed === true) tiedPassing++;
      end++;
    }
    const tiedFailing = end - start - tiedPassing;
    wins += tiedPassing * (failingBelow + tiedFailing / 2);
    passing += tiedPassing;
    failingBelow += tiedFailing;
    start = end;
  }
  return passing === 0 || failingBelow === 0 ? null : wins / (passing * failingBelow);
}
