"""Training on step rewards: the table moves what it may, and several processes give the loss of one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from rewards import killed_at, silent, write_rewards

from funprm_training.config import InputError, TrainConfig, keep_config
from funprm_training.reward_data import RewardedProgram, fixed_labels, initial_table, read_rewarded, split_problems
from funprm_training.reward_table import CorrectionOptions, draw_upper
from funprm_training.reward_train import _check_shares, train_rewards

TINY = TrainConfig(
    family="decoder", steps=6, context_length=96, pairs_per_step=3, micro_batch=2, learning_rate=3e-3, warmup=2,
    layers=1, width=16, heads=2, vocabulary=300, save_every=3,
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """rewards.jsonl and problems.jsonl of four problems with four programs of two functions each."""
    write_rewards(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({name: getattr(TINY, name) for name in TINY.__dict__}))
    return tmp_path


@pytest.fixture
def programs(folder: Path) -> list[RewardedProgram]:
    return read_rewarded([folder / "rewards.jsonl"], [folder / "problems.jsonl"])


@pytest.mark.parametrize("kind", ["table", "pairs"])
def test_the_table_moves_proper_prefixes_of_the_lower_level_only(
    programs: list[RewardedProgram], tmp_path: Path, kind: str
) -> None:
    assert len(programs) == 16
    before, movable = initial_table(programs)
    if kind == "pairs":
        before = fixed_labels(programs)
    after = _trained(programs, TINY, kind, tmp_path / "run")["targets"]
    lower, meta = split_problems(programs, 0.3, TINY.seed)
    assert not {p.problem for p in lower} & {p.problem for p in meta}
    fixed = {item for program in meta for item in program.items} | set(torch.nonzero(~movable).flatten().tolist())
    moved = set(torch.nonzero(before != after).flatten().tolist())
    assert moved
    assert not moved & fixed
    assert after.min() >= 0 and after.max() <= 1


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


def test_any_trains_on_fixed_labels_of_all_problems_and_learns_none(
    programs: list[RewardedProgram], tmp_path: Path
) -> None:
    seen: list[dict[str, float]] = []
    state = _trained(programs, TINY, "any", tmp_path / "run", seen.append)
    assert torch.equal(state["targets"], fixed_labels(programs))
    assert not torch.equal(state["targets"], initial_table(programs)[0])
    assert torch.equal(state["weights"], torch.ones(len(state["targets"])))
    assert not any("upper" in entry for entry in seen)
    # The same draws and labels as where nothing is corrected, had the rewards been these.
    labels = fixed_labels(programs)
    told = [replace(program, rewards=tuple(labels[list(program.items)].tolist())) for program in programs]
    plain = _trained(told, TINY, "none", tmp_path / "plain")
    assert all(torch.equal(weight, plain["model"][name]) for name, weight in state["model"].items())


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


def test_the_upper_level_over_pairs_has_problems_with_both_verdicts_only(programs: list[RewardedProgram]) -> None:
    one_sided = [p for p in programs if p.passed or p.problem in ("p1", "p3")]
    for seed in range(10):
        lower, meta = split_problems(one_sided, 0.5, seed, mixed=True)
        assert {p.problem for p in meta} < {"p1", "p3"}
        assert len(lower) + len(meta) == len(one_sided)


def test_too_few_problems_for_two_levels_are_told(programs: list[RewardedProgram], tmp_path: Path) -> None:
    passing = [program for program in programs if program.passed]
    with pytest.raises(InputError, match=r"a passing and a failing program .* among 4 problems: .* --correction any"):
        train_rewards(passing, TINY, CorrectionOptions("pairs"), tmp_path, silent)
    single = [program for program in programs if program.problem == "p0"]
    for kind in ("table", "weights", "pairs"):
        with pytest.raises(InputError, match="at least 2 problems"):
            train_rewards(single, TINY, CorrectionOptions(kind), tmp_path, silent)
    _trained(single, replace(TINY, steps=1), "any", tmp_path / "any")


@pytest.mark.parametrize("kind", ["table", "pairs"])
def test_a_table_does_not_depend_on_the_size_of_micro_batches(
    programs: list[RewardedProgram], tmp_path: Path, kind: str
) -> None:
    # With one program at a time the two of a pair never meet. Programs that look alike would leave only rounding.
    unlike = [replace(p, steps=("import re\n" * 9, "while True:\n  pass\n")) if p.passed else p for p in programs]
    tables = []
    for size in (1, 3, 6):
        config = replace(TINY, steps=1, micro_batch=size)
        tables.append(_trained(unlike, config, kind, tmp_path / str(size))["targets"])
    before = fixed_labels(unlike) if kind == "pairs" else initial_table(unlike)[0]
    assert (tables[0] - before).abs().max() > 1e-2
    assert all(torch.allclose(table, tables[0], atol=1e-5) for table in tables)


@pytest.mark.parametrize("kind", ["any", "pairs"])
def test_a_killed_run_goes_on_to_the_same_weights_and_table(
    programs: list[RewardedProgram], tmp_path: Path, kind: str
) -> None:
    whole = _trained(programs, TINY, kind, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        _trained(programs, TINY, kind, tmp_path / "broken", killed_at(5))
    assert torch.load(tmp_path / "broken" / "train.pt", weights_only=True)["step"] == 3
    broken = _trained(programs, TINY, kind, tmp_path / "broken")
    assert all(torch.equal(weight, broken["model"][name]) for name, weight in whole["model"].items())
    assert torch.equal(whole["targets"], broken["targets"])


def test_equal_prefixes_are_one_item_and_whole_programs_are_clean(programs: list[RewardedProgram]) -> None:
    rewards, movable = initial_table(programs)
    assert len(rewards) == 4 * (2 + 4)
    assert rewards[~movable].unique().tolist() == [0, 1]


def test_programs_of_two_pools_with_one_number_are_both_read(folder: Path) -> None:
    rows = (folder / "rewards.jsonl").read_text().splitlines()
    other = [row.replace("return x", "return 1 * x") for row in rows]
    (folder / "both.jsonl").write_text("".join(f"{row}\n" for row in (*rows, *other)))
    problems = [folder / "problems.jsonl"]
    one, both = (read_rewarded([folder / name], problems) for name in ("rewards.jsonl", "both.jsonl"))
    assert len(both) == 2 * len(one)
    twice = read_rewarded([folder / "rewards.jsonl"] * 2, problems)
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


@pytest.mark.parametrize("correction", ["none", "table", "pairs"])
def test_two_processes_have_the_losses_and_weights_of_one(folder: Path, correction: str) -> None:
    module = ["-m", "funprm_training.reward_train", "rewards.jsonl", "--problems", "problems.jsonl"]
    common = [*module, "--config", "config.json", "--correction", correction]
    alone = _run([sys.executable, *common, "--out", "one"], folder)
    # `--cpu --num_processes 2` would start one process. Without a GPU the two of `--multi_gpu` speak over the CPU.
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2"]
    launch += ["--num_machines", "1", "--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0"]
    together = _run([*launch, *common, "--out", "two"], folder)
    assert [entry["processes"] for entry in (*alone, *together)] == [1, 2]
    assert [entry["loss"] for entry in together] == pytest.approx([entry["loss"] for entry in alone], abs=1e-4)
    one, two = (torch.load(folder / run / "train.pt", weights_only=True) for run in ("one", "two"))
    for name, weight in one["model"].items():
        assert torch.allclose(weight, two["model"][name], atol=1e-4), name
    assert torch.allclose(one["targets"], two["targets"], atol=1e-3)
    learnt = [[entry["upper"] for entry in run if "upper" in entry] for run in (alone, together)]
    assert learnt[1] == pytest.approx(learnt[0], abs=1e-4)
    assert bool(learnt[0]) == (correction in ("table", "pairs"))


def test_more_processes_than_micro_batches_are_refused() -> None:
    with pytest.raises(InputError, match="micro_batch to at most 3"):
        _check_shares(6, 6, 2)
    _check_shares(6, 3, 2)


def test_a_run_of_other_rewards_or_another_correction_is_not_continued(
    programs: list[RewardedProgram], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    keep_config(out, TINY)
    train_rewards(programs, replace(TINY, steps=3), CorrectionOptions(), out, silent)
    for kind in ("any", "weights", "table", "pairs"):
        with pytest.raises(InputError, match="another correction"):
            train_rewards(programs, TINY, CorrectionOptions(kind), out, silent)
    other = [replace(programs[0], rewards=(0.5, 0.0)), *programs[1:]]
    with pytest.raises(InputError, match="other rewards"):
        train_rewards(other, TINY, CorrectionOptions(), out, silent)
    with pytest.raises(InputError, match="another configuration"):
        keep_config(out, replace(TINY, steps=7))
    keep_config(out, TINY)
    train_rewards(programs, TINY, CorrectionOptions(), out, silent)


def _trained(
    programs: list[RewardedProgram],
    config: TrainConfig,
    kind: str,
    out: Path,
    log: Callable[[dict[str, float]], None] = silent,
) -> dict[str, Any]:
    """Trains; the last checkpoint."""
    out.mkdir(exist_ok=True)
    train_rewards(programs, config, CorrectionOptions(kind), out, log)
    return torch.load(out / "train.pt", weights_only=True)


def _run(command: list[str], folder: Path) -> list[dict[str, float]]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
