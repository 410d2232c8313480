import json
from pathlib import Path

import numpy as np

from funprm_training.research.choice.fit import (
    calibration_error,
    cross_validated,
    fit_model,
    paired_interval,
    report,
    weights_source,
)
from funprm_training.research.choice.groups import read_groups
from funprm_training.research.choice.logistic import fit_logistic, sigmoid


def write_groups(path: Path, problems: int, seed: int = 0) -> None:
    """Groups whose first feature says which candidates pass, with noise; the second says nothing; the third is 1."""
    random = np.random.default_rng(seed)
    with path.open("w", encoding="utf-8") as lines:
        for problem in range(problems):
            signal = random.normal(size=5)
            passed = random.random(5) < sigmoid(2 * signal - 0.5)
            candidates = [[float(each), float(random.normal()), 1.0] for each in signal]
            row = {
                "problem": f"p{problem}",
                "kind": "pooled",
                "passed": [bool(each) for each in passed] + [False],
                "candidates": [*candidates, None],
                "group": [1.0],
                "selected": {"auto": float(passed.mean() * 5 / 6)},
            }
            lines.write(json.dumps(row) + "\n")


def test_the_fit_finds_the_weights_that_made_the_labels() -> None:
    random = np.random.default_rng(1)
    features = np.column_stack([random.normal(size=20_000), np.ones(20_000)])
    labels = (random.random(20_000) < sigmoid(features @ np.array([1.5, -0.7]))).astype(float)
    weights = fit_logistic(features, labels, np.ones(20_000), [True, False], 0.0)
    np.testing.assert_allclose(weights, [1.5, -0.7], atol=0.06)


def test_a_monotone_weight_is_never_negative() -> None:
    features = np.column_stack([np.tile([0.0, 1.0], 50), np.ones(100)])
    labels = 1 - features[:, 0]
    assert fit_logistic(features, labels, np.ones(100), [True, False], 1e-3)[0] == 0
    assert fit_logistic(features, labels, np.ones(100), [False, False], 1e-3)[0] < 0


def test_groups_are_judged_by_models_that_have_not_seen_their_problem(tmp_path: Path) -> None:
    write_groups(tmp_path / "groups.jsonl", 300)
    groups = read_groups([tmp_path / "groups.jsonl"])
    judged = cross_validated(groups)
    assert len(judged) == len(groups)
    chances = np.array([each.confidence for each in judged])
    assert calibration_error(chances, np.array([each.selected for each in judged])) < 0.1
    mixed = [each for each in judged if each.group.mixed]
    assert np.mean([each.selected for each in mixed]) > np.mean([each.group.selected["auto"] for each in mixed]) + 0.2
    assert all(each.none + each.confidence <= 1 + 1e-12 for each in judged)
    assert "learned less auto +" in report(judged)


def test_without_code_there_is_no_chance_and_the_module_holds_every_weight(tmp_path: Path) -> None:
    write_groups(tmp_path / "groups.jsonl", 50)
    groups = read_groups([tmp_path / "groups.jsonl"])
    model = fit_model(groups)
    assert model.chances(groups[0])[-1] == -1
    assert model.candidate[0] >= 0
    assert weights_source(model).count("\n  ") == model.candidate.size + model.none.size


def test_the_interval_is_of_problems_not_of_groups() -> None:
    differences = np.tile([1.0, -1.0], 100)
    one_sided = paired_interval(differences, [f"p{i // 100}" for i in range(200)])
    assert one_sided == (0.0, 0.0)
    low, high = paired_interval(differences, [f"p{i}" for i in range(200)])
    assert low < -0.05 < 0.05 < high
