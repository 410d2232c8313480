"""The experiment goes on where a kill left it, with the data that it began with."""

import json
from pathlib import Path

import numpy as np
import pytest

from funprm_training.research.correction.prefix_features import _save
from funprm_training.research.correction.results import data_digest, finished


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("programs", "rewards-1", "rewards-4"):
        (tmp_path / f"{name}.jsonl").write_text(f"{name}\n")
    return tmp_path


def test_a_line_that_a_kill_cut_off_is_done_again(data: Path) -> None:
    digest, path = data_digest(data, [1, 4]), data / "results.jsonl"
    assert finished(path, digest) == set()
    lines = [json.dumps({"setting": ["rollouts", k, 0], "data": digest, "rows": []}) + "\n" for k in (1, 4)]
    path.write_text(lines[0] + lines[1][:-7])
    assert finished(path, digest) == {("rollouts", 1, 0)}
    assert path.read_text() == lines[0]
    with path.open("a") as file:
        file.write(lines[1])
    assert finished(path, digest) == {("rollouts", 1, 0), ("rollouts", 4, 0)}


@pytest.mark.parametrize("name", ["programs", "rewards-4"])
def test_results_of_other_labels_or_rewards_are_refused(data: Path, name: str) -> None:
    path = data / "results.jsonl"
    path.write_text(json.dumps({"setting": ["rollouts", 1, 0], "data": data_digest(data, [1, 4]), "rows": []}) + "\n")
    (data / f"{name}.jsonl").write_text("other\n")
    with pytest.raises(SystemExit, match="other programs or rewards"):
        finished(path, data_digest(data, [1, 4]))


def test_features_are_kept_whole(tmp_path: Path) -> None:
    _save(tmp_path / "embeddings.npz", {"a": np.ones(3), "b": np.zeros(3)})
    stored = np.load(tmp_path / "embeddings.npz")
    assert stored["keys"].tolist() == ["a", "b"]
    assert stored["rows"].shape == (2, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["embeddings.npz"]
