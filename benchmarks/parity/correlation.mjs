/** Pearson's correlation of two lists of equal length. */
export function pearson(a, b) {
  const [meanA, meanB] = [a, b].map(
    (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  );
  let [product, squareA, squareB] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    const [da, db] = [value - meanA, b[index] - meanB];
    product += da * db;
    squareA += da * da;
    squareB += db * db;
  }
  return product / Math.sqrt(squareA * squareB);
}

/** Spearman's rank correlation; equal values share the mean of their ranks. */
export function spearman(a, b) {
  return pearson(ranks(a), ranks(b));
}

function ranks(values) {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const ranks = [];
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (const index of order.slice(from, to)) ranks[index] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}
