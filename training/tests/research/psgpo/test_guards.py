"""The shape with a guard taken out, and what hacks do to programs."""

from itertools import combinations

import pytest

from funprm_training.research.psgpo.evaluation import pass_at
from funprm_training.research.psgpo.guards import GUARDS, without
from funprm_training.research.psgpo.hacks import HACKS, material
from funprm_training.research.psgpo.programs import run

CODE, SAID = [True, False, True, True], [0.5, 1.0, -1.0, 0.2]


def record(passes: bool) -> dict:
    scale = 0.025 if passes else 0.25
    shaped = [scale * r / 3 if own else 0.0 for r, own in zip(SAID, CODE, strict=True)]
    steps = [{"code": own, "shaped": each} for own, each in zip(CODE, shaped, strict=True)]
    return {"steps": steps, "shaped": {"lambda": scale}}


@pytest.mark.parametrize(
    ("guard", "passes", "expected"),
    [
        (None, True, [0.025 / 6, 0, -0.025 / 3, 0.005 / 3]),
        ("division by T", False, [0.125, 0, -0.25, 0.05]),
        ("small lambda", True, [0.125 / 3, 0, -0.25 / 3, 0.05 / 3]),
        ("comments 0", False, [0.03125, 0.0625, -0.0625, 0.0125]),
    ],
)
def test_each_guard_is_taken_out_alone(guard: str | None, passes: bool, expected: list[float]) -> None:
    assert without(guard, record(passes), SAID) == pytest.approx(expected)


def test_no_guard_is_one_of_the_three_by_another_name() -> None:
    found = {guard: without(guard, record(True), SAID) for guard in (None, *GUARDS)}
    assert len({str(rewards) for rewards in found.values()}) == 4


def test_hacks_keep_what_a_program_answers() -> None:
    problems, programs = material(4)
    for problem, (right, wrong) in zip(problems, programs, strict=True):
        tests = problem["tests"]
        for hack in HACKS.values():
            text, other = ("\n".join(line for line, _ in hack(lines, problem)) for lines in (right, wrong))
            assert all(run(text, test["args"][0]) == test["expected"] for test in tests)
            known = sum(run(other, test["args"][0]) == test["expected"] for test in tests)
            assert known >= 2 if hack is HACKS["half of the tests by heart"] else known <= len(tests)
        assert all(good for _, good in right)
        goods = [good for _, good in wrong]
        assert goods == sorted(goods, reverse=True)
        assert not goods[-1]


def test_pass_at_k_is_the_share_of_choices_that_hold_a_passing_program() -> None:
    verdicts = [True, True, False, False, False]
    chosen = list(combinations(verdicts, 3))
    assert pass_at(3, 2, 5) == pytest.approx(sum(any(each) for each in chosen) / len(chosen))
    assert (pass_at(3, 0, 5), pass_at(3, 4, 5)) == (0, 1)
