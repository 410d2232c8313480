"""Small statistics of scores against truth, exact where that is cheap."""

import math

import numpy as np


def auc(scores: np.ndarray, truth: np.ndarray) -> float:
    """Chance that a true item outscores a false one, ties one half; NaN when one of the two is missing."""
    true, false = scores[truth == 1], scores[truth == 0]
    if len(true) == 0 or len(false) == 0:
        return math.nan
    order = np.sort(false)
    below, upto = np.searchsorted(order, true, side="left"), np.searchsorted(order, true, side="right")
    return float((below + upto).mean() / 2 / len(false))


def correlation(a: np.ndarray, b: np.ndarray, weights: np.ndarray) -> float:
    """Pearson's, weighted; 0 when one of them is constant."""
    total = weights.sum()
    if total <= 0:
        return 0.0
    x, y = a - np.average(a, weights=weights), b - np.average(b, weights=weights)
    spread = np.sqrt((weights * x * x).sum() * (weights * y * y).sum())
    return float((weights * x * y).sum() / spread) if spread > 0 else 0.0


def best_of_n(
    scores: np.ndarray, values: np.ndarray, n: int, seed: int, draws: int = 400
) -> tuple[float, float, float]:
    """Mean value of the item with the highest score among n drawn without replacement, ties shared; then the mean value
    of a random one of them, and of the best."""
    rng = np.random.default_rng([seed, len(scores)])
    chosen, random, best = [], [], []
    for _ in range(draws):
        places = rng.choice(len(scores), size=min(n, len(scores)), replace=False)
        part, worth = scores[places], values[places]
        chosen.append(worth[part == part.max()].mean())
        random.append(worth.mean())
        best.append(worth.max())
    return float(np.mean(chosen)), float(np.mean(random)), float(np.mean(best))
