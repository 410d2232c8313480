"""Selection accuracy and intervals on groups small enough to count by hand."""

import numpy as np
import pytest

from funprm_training.research.selection import Group, estimate, report, selected


def group(scores: list[float], passed: list[int], problem: str = "p") -> Group:
    return Group(problem, "s", np.array(scores), np.array(passed, dtype=float))


def test_ties_share_the_choice_duplicates_counted() -> None:
    assert selected(group([2, 2, 2, 1], [1, 0, 0, 1])) == pytest.approx(1 / 3)


def test_constant_scores_are_random_choice() -> None:
    found = report([group([0] * 4, [1, 0, 0, 0]), group([0] * 2, [1, 1], "q"), group([0], [0], "r")])
    assert found["mixed"] == 1
    assert str(found["selected"]).startswith(".417")
    assert found["selected"] == found["random"]
    assert found["mixed auc"].value == 0.5


def test_intervals_resample_problems_not_groups() -> None:
    groups = [group([0], [1], "one problem"), group([0], [0], "one problem")]
    assert (estimate(groups, [1, 0]).low, estimate(groups, [1, 0]).high) == (0.5, 0.5)
