"""Rewards of lines as rewards of tokens."""

import math

import pytest

from funprm_training.psgpo.shaping import line_end_tokens, minimum, token_rewards


def record(*ends: int, code: list[bool] | None = None) -> dict:
    own = code or [True] * len(ends)
    steps = [{"end": end, "code": each} for end, each in zip(ends, own, strict=True)]
    return {"steps": steps, "shaped": {"lambda": 0.25}}


def test_a_line_ends_in_the_token_that_holds_its_last_character() -> None:
    # "ab\ncd\nef": the second token goes over the first line's end, and the third holds the rest.
    assert line_end_tokens(record(3, 6, 8), ["a", "b\nc", "d\nef", ""]) == [1, 2, 2]


def test_rewards_of_one_token_add_up_and_tests_are_paid_at_the_last_one() -> None:
    assert token_rewards(4, [1, 2, 2], [0.1, 0.2, -0.3], 1.0) == pytest.approx([0, 0.1, -0.1, 1.0])


def test_min_form_pays_at_the_worst_line_and_nothing_for_comments() -> None:
    found = minimum(record(1, 2, 3, 4, code=[True, True, True, False]), [0.9, -0.8, -0.2, -1.0], temperature=0.1)
    weights = [math.exp(-9), math.exp(8), math.exp(2)]
    expected = [0.25 * w / sum(weights) * r for w, r in zip(weights, [0.9, -0.8, -0.2], strict=True)]
    assert found == pytest.approx([*expected, 0])
    assert found[1] == pytest.approx(-0.2, abs=1e-2)
