"""Training on step rewards: the table moves what it may, and a run goes on where it was stopped."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from rewards import TINY_DECODER as TINY
from rewards import killed_at, silent

from funprm_training.config import InputError, TrainConfig
from funprm_training.product.reward_table import CorrectionOptions
from funprm_training.product.step_rewards import RewardedProgram, fixed_labels, initial_table, split_problems
from funprm_training.product.train import _check_shares, train_rewards
from funprm_training.run_folder import keep_config


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
