"""Logistic regression with an L2 penalty whose chosen weights may not be negative."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

Array = np.ndarray


def sigmoid(log_odds: Array) -> Array:
    """1 / (1 + exp(-x)), without overflow."""
    return np.exp(-np.logaddexp(0.0, -log_odds))


def fit_logistic(features: Array, labels: Array, counts: Array, monotone: Sequence[bool], penalty: float) -> Array:
    """The weights (F,) that minimise the mean cross-entropy plus penalty / 2 times their squares.

    `features` is (N, F), `labels` (N,) in {0, 1}; `counts` (N,) says how much each row counts. Where `monotone` is true
    a weight is at least 0, so that the chance never falls when that feature rises.
    """
    shares = counts / counts.sum()

    def loss(weights: Array) -> tuple[float, Array]:
        log_odds = features @ weights
        cross_entropy = np.logaddexp(0.0, log_odds) - labels * log_odds
        gradient = features.T @ (shares * (sigmoid(log_odds) - labels))
        return float(shares @ cross_entropy + penalty / 2 * weights @ weights), gradient + penalty * weights

    bounds = [(0.0, None) if each else (None, None) for each in monotone]
    return minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
