"""Reading, deduplication, and pairs that the sampler's name cannot predict."""

import gzip
import json
from collections import Counter
from pathlib import Path

import numpy as np
from pools import tiny_pools

from funprm_training.research.contrast import PairSampler, balanced_pairs
from funprm_training.research.pools import Candidate, ProblemPool, read_pools, usable


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_splits_do_not_mix(tmp_path: Path) -> None:
    problems = [{"id": split, "statement": f"of {split}", "split": split} for split in ("train", "dev")]
    rows = [
        {"problem_id": split, "model": "m", "sample_index": 0, "code": "x = 1", "passed": True}
        for split in ("train", "dev")
    ]
    _write(tmp_path / "problems/classic.jsonl.gz", problems)
    _write(tmp_path / "pools/classic.jsonl.gz", rows)
    assert [pool.statement for pool in read_pools(tmp_path, "train", ("classic",))] == ["of train"]
    assert [pool.statement for pool in read_pools(tmp_path, "dev", ("classic",))] == ["of dev"]


def test_copies_are_kept_once_and_dropped_where_verdicts_differ() -> None:
    rows = [("a", True), ("a\n", True), ("b", True), ("b", False), ("", False)]
    pool = ProblemPool("p", "classic", "", tuple(Candidate((code,), passed, "m") for code, passed in rows))
    assert [candidate.code for candidate in usable(pool).candidates] == ["a"]


def test_balanced_pairs_hide_which_sampler_is_stronger() -> None:
    pairs, weights = balanced_pairs(tiny_pools())
    mass: Counter[tuple[str, str]] = Counter()
    for pair, weight in zip(pairs, weights, strict=True):
        mass[pair.passing.sampler, pair.failing.sampler] += weight
    assert np.isclose(mass["strong", "weak"], mass["weak", "strong"])
    assert np.isclose(weights.sum(), 1)


def test_draws_depend_on_the_generator_alone() -> None:
    sampler = PairSampler(tiny_pools(), {"classic": 1.0})
    first, second = (
        [sampler.draw(rng) for _ in range(9)] for rng in (np.random.default_rng(3), np.random.default_rng(3))
    )
    assert first == second
    assert all(pair.passing.passed and not pair.failing.passed for pair in first)
