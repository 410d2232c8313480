"""Selection accuracy, AUC, and intervals on groups small enough to count by hand."""

import math

import numpy as np
import pytest

from funprm_training.aggregate import aggregate
from funprm_training.evaluate import Group, auc, estimate, report, selected


def group(scores: list[float], passed: list[int], problem: str = "p") -> Group:
    return Group(problem, "s", np.array(scores), np.array(passed, dtype=float))


def test_ties_share_the_choice_duplicates_counted() -> None:
    assert selected(group([2, 2, 2, 1], [1, 0, 0, 1])) == pytest.approx(1 / 3)


def test_auc_counts_a_tie_one_half() -> None:
    assert auc(group([3, 1, 1], [1, 0, 1])) == pytest.approx(3 / 4)


def test_constant_scores_are_random_choice() -> None:
    found = report([group([0] * 4, [1, 0, 0, 0]), group([0] * 2, [1, 1], "q"), group([0], [0], "r")])
    assert found["mixed"] == 1
    assert str(found["selected"]).startswith(".417")
    assert found["selected"] == found["random"]
    assert found["mixed auc"].value == 0.5


def test_intervals_resample_problems_not_groups() -> None:
    groups = [group([0], [1], "one problem"), group([0], [0], "one problem")]
    assert (estimate(groups, [1, 0]).low, estimate(groups, [1, 0]).high) == (0.5, 0.5)


def test_aggregates_equal_those_of_the_ranker() -> None:
    rewards = [0.5, 0.25]
    found = {how: aggregate(rewards, how) for how in ("mean", "min", "last", "product", "log-odds")}
    assert found == pytest.approx(
        {"mean": 0.375, "min": 0.25, "last": 0.25, "product": 0.125, "log-odds": math.log(1 / 3) / 2}
    )
    assert aggregate([], "mean") == 0
    assert aggregate([1.0], "log-odds") == pytest.approx(math.log((1 - 1e-6) / 1e-6))
