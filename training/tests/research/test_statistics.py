"""Statistics on numbers small enough to count by hand."""

import math

import numpy as np
import pytest

from funprm_training.research.statistics import auc, best_of_n, correlation


def test_auc_counts_a_tie_one_half() -> None:
    assert auc(np.array([3, 1, 1]), np.array([1, 0, 1])) == pytest.approx(3 / 4)


@pytest.mark.parametrize("truth", [[1, 1], [0, 0], [math.nan, 1]])
def test_auc_of_one_kind_is_no_number(truth: list[float]) -> None:
    assert math.isnan(auc(np.array([1.0, 2.0]), np.array(truth)))


def test_auc_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(0)
    scores, truth = rng.integers(0, 6, 40).astype(float), rng.integers(0, 2, 40)
    gaps = scores[truth == 1][:, None] - scores[truth == 0]
    assert auc(scores, truth) == pytest.approx((gaps > 0).mean() + (gaps == 0).mean() / 2)


def test_what_has_no_weight_does_not_count_for_the_correlation() -> None:
    a, b = np.array([0.0, 1, 2, 9]), np.array([1.0, 3, 5, -7])
    assert correlation(a, b, np.array([1.0, 1, 1, 0])) == pytest.approx(1)
    assert correlation(a, np.ones(4), np.ones(4)) == 0


def test_best_of_all_takes_the_highest_score_and_shares_ties() -> None:
    scores, values = np.array([1.0, 3, 3]), np.array([1.0, 0, 1])
    assert best_of_n(scores, values, 8, seed=0, draws=3) == pytest.approx((0.5, 2 / 3, 1))
