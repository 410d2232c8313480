"""Linear heads find what separates pairs, leave samplers to the nuisance terms, and are judged on unseen problems."""

import numpy as np

from funprm_training.research.bake_off.linear import DECAYS, Recipe, fit, held_out_logits, order_interval, order_share
from funprm_training.research.bake_off.pairs import PairTable, TrainPrograms
from funprm_training.research.pools import Candidate

SUITE = "livecodebench-v5"
WIDTH = 6


def programs(count: int, samplers: tuple[str, str]) -> TrainPrograms:
    """`count` problems with one pair each, the passing program first; `samplers` of passing and failing programs."""
    places = np.arange(count)
    even = np.full(count, 1 / count)
    return TrainPrograms(
        statements=("",) * 2 * count,
        candidates=tuple(Candidate((str(n),), n % 2 == 0, samplers[n % 2]) for n in range(2 * count)),
        suite=np.full(2 * count, SUITE),
        problem=np.array([f"p{n // 2}" for n in range(2 * count)]),
        sampler=np.array([samplers[n % 2] for n in range(2 * count)]),
        pairs={SUITE: PairTable(2 * places, 2 * places + 1, even, even)},
    )


def rows(count: int, gap: float, seed: int = 0) -> np.ndarray:
    """Features in which passing programs are `gap` further along the first axis."""
    x = np.random.default_rng(seed).normal(size=(2 * count, WIDTH)).astype(np.float32)
    x[0::2, 0] += gap
    return x


def test_the_head_finds_the_axis_that_separates_and_decay_shrinks_it() -> None:
    table, x = programs(80, ("a", "a")), rows(80, 3.0)
    head = fit(x, table, Recipe((SUITE,), False, 1e-3))
    assert int(head.weight.abs().argmax()) == 0
    assert order_share(head.logits(x), table, SUITE) > 0.95
    assert fit(x, table, Recipe((SUITE,), False, 10.0)).weight.norm() < 0.3 * head.weight.norm()


def test_a_plain_head_on_raw_features_gives_the_same_logits() -> None:
    table, x = programs(40, ("a", "b")), 5 + 2 * rows(40, 1.0)
    head = fit(x, table, Recipe((SUITE,), True, 1e-2))
    weight, bias = head.plain()
    assert np.allclose(x @ weight.numpy() + bias, head.logits(x), atol=1e-4)


def test_nuisance_terms_take_up_who_wrote_a_program() -> None:
    # The strong sampler always passes, and the first feature gives it away.
    table = programs(80, ("strong", "weak"))
    x = rows(80, 0.0)
    x[:, 0] = table.sampler == "strong"
    learnt = fit(x, table, Recipe((SUITE,), False, 1e-1)).weight[0]
    left = fit(x, table, Recipe((SUITE,), True, 1e-1)).weight[0]
    assert learnt > 0.1
    assert left < 0.35 * learnt


def test_held_out_problems_are_ordered_by_what_others_taught_and_noise_by_chance() -> None:
    table = programs(200, ("a", "a"))
    useful = held_out_logits(rows(200, 1.5), table, (SUITE,), False)
    assert set(useful) == set(DECAYS)
    assert order_share(useful[1e-2], table, SUITE) > 0.75
    noise = held_out_logits(rows(200, 0.0), table, (SUITE,), False)
    low, high = order_interval(noise[1e-2], table, SUITE)
    assert low < 0.5 < high


def test_what_a_held_out_problem_looks_like_does_not_change_its_own_head() -> None:
    table, x = programs(30, ("a", "a")), rows(30, 1.0)
    out = table.problem == "p3"
    changed = x.copy()
    changed[out] += 100
    recipe = Recipe((SUITE,), False, 1e-2)
    assert np.allclose(fit(x, table, recipe, out).weight, fit(changed, table, recipe, out).weight)
