"""Step rewards as programs: which prefixes are one item, which labels are fixed, which problems are of which level."""

import json
from pathlib import Path

import pytest

from funprm_training.product.step_rewards import (
    RewardedProgram,
    fixed_labels,
    initial_table,
    read_rewarded,
    split_problems,
)


def test_fixed_labels_are_right_for_a_passing_completion_or_a_passing_program() -> None:
    def program(items: tuple[int, ...], rewards: tuple[float, ...], passed: bool) -> RewardedProgram:
        return RewardedProgram("p", "s", ("a\n",) * len(items), rewards, items, passed)

    failing = program((0, 1, 2, 3), (0.0, 0.25, 0.0, 0.0), False)
    passing = program((0, 4, 5), (0.0, 0.0, 1.0), True)
    for order in ([failing, passing], [passing, failing]):
        # Of item 0 no completion passes, but one of the two programs that begin so does.
        assert fixed_labels(order).tolist() == [1, 1, 0, 0, 1, 1]
    assert fixed_labels([failing]).tolist() == [0, 1, 0, 0]


def test_fixed_labels_of_a_prefix_that_was_judged_twice_count_every_completion() -> None:
    once, again = (RewardedProgram("p", "s", ("a", "b"), (r, 0.0), (0, 1), False) for r in (0.5, 0.0))
    for order in ([once, again], [again, once]):
        assert fixed_labels(order).tolist() == [1, 0]


def test_the_upper_level_over_pairs_has_problems_with_both_verdicts_only(programs: list[RewardedProgram]) -> None:
    one_sided = [p for p in programs if p.passed or p.problem in ("p1", "p3")]
    for seed in range(10):
        lower, meta = split_problems(one_sided, 0.5, seed, mixed=True)
        assert {p.problem for p in meta} < {"p1", "p3"}
        assert len(lower) + len(meta) == len(one_sided)


def test_equal_prefixes_are_one_item_and_whole_programs_are_clean(programs: list[RewardedProgram]) -> None:
    rewards, movable = initial_table(programs)
    assert len(rewards) == 4 * (2 + 4)
    assert rewards[~movable].unique().tolist() == [0, 1]


def test_programs_of_two_pools_with_one_number_are_both_read(rewards_folder: Path, tmp_path: Path) -> None:
    one_pool, two_pools = rewards_folder / "rewards.jsonl", tmp_path / "both.jsonl"
    rows = one_pool.read_text().splitlines()
    other = [row.replace("return x", "return 1 * x") for row in rows]
    two_pools.write_text("".join(f"{row}\n" for row in (*rows, *other)))
    problems = [rewards_folder / "problems.jsonl"]
    one, both = (read_rewarded([path], problems) for path in (one_pool, two_pools))
    assert len(both) == 2 * len(one)
    twice = read_rewarded([one_pool] * 2, problems)
    assert len(twice) == 2 * len(one)
    assert initial_table(twice)[0].shape == initial_table(one)[0].shape


@pytest.mark.parametrize("order", [1, -1])
def test_a_program_that_another_begins_with_keeps_its_verdict(tmp_path: Path, order: int) -> None:
    row = {"problem_id": "p", "K": 4}
    short = {**row, "sample_index": 0, "step": 0, "steps": 1, "prefix": "a\n", "reward": 0.0, "passed": False}
    begun = {**row, "sample_index": 1, "step": 0, "steps": 2, "prefix": "a\n", "reward": 0.75, "passed": True}
    whole = {**row, "sample_index": 1, "step": 1, "steps": 2, "prefix": "a\nb\n", "reward": 1.0, "passed": True}
    rows = [short, begun, whole][::order]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "p.jsonl").write_text(json.dumps({"id": "p", "statement": "s"}))
    programs = sorted(read_rewarded([tmp_path / "r.jsonl"], [tmp_path / "p.jsonl"]), key=lambda p: len(p.steps))
    rewards, movable = initial_table(programs)
    assert [[float(rewards[item]) for item in program.items] for program in programs] == [[0.0], [0.75, 1.0]]
    assert [[bool(movable[item]) for item in program.items] for program in programs] == [[False], [True, False]]
