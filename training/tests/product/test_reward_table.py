"""Which programs an upper step draws."""

import numpy as np
import pytest

from funprm_training.product.reward_table import CorrectionOptions, draw_upper
from funprm_training.product.step_rewards import RewardedProgram


@pytest.mark.parametrize("pairs", [1, 2, 3, 8, 100])
def test_every_program_of_an_upper_step_over_pairs_is_in_a_pair_and_problems_take_turns(pairs: int) -> None:
    verdicts = {"a": [1, 0, 0, 0, 0], "b": [1, 1, 0], "c": [0, 1]}
    meta = [
        RewardedProgram(name, "s", (f"{name}{number}",), (float(v),), (0,), bool(v))
        for name, of_problem in verdicts.items()
        for number, v in enumerate(of_problem)
    ]
    for seed in range(10):
        drawn = draw_upper(meta, pairs, CorrectionOptions("pairs"), np.random.default_rng(seed))
        assert len(drawn) == len({program.steps for program in drawn}) <= 2 * pairs
        found = {name: [program.passed for program in drawn if program.problem == name] for name in verdicts}
        assert all(len(set(of_problem)) == 2 for of_problem in found.values() if of_problem)
        assert sum(map(bool, found.values())) == min(pairs, 3)
    if pairs == 100:
        assert len(drawn) == len(meta)
