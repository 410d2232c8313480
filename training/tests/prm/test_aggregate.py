"""The aggregates are those of the ranker: both sides are asked about the cases of test/fixtures/aggregates.json."""

import json
from pathlib import Path

import pytest

from funprm_training.prm.aggregate import AGGREGATES, aggregate

CASES = json.loads((Path(__file__).parents[3] / "test/fixtures/aggregates.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("how", AGGREGATES)
def test_aggregates_equal_those_of_the_ranker(how: str) -> None:
    for case in CASES:
        assert aggregate(case["rewards"], how) == pytest.approx(case[how], abs=1e-12)
