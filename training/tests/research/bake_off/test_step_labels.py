"""Labels of partial solutions, and the pairs that follow from each kind."""

import json
import math
from pathlib import Path

from funprm_training.research.bake_off.pairs import train_programs
from funprm_training.research.bake_off.step_labels import read_classes, read_prefixes, with_prefixes
from funprm_training.research.pools import Candidate, ProblemPool

A, B, C = ("class A:\n    x = 1\n", "class A:\n    x = 2\n", "class A:\n    x = 3\n")


def rows(folder: Path) -> Path:
    """Three first prefixes: one of a passing program, one that a completion saves, one that nothing saves."""
    path = folder / "rewards.jsonl"
    each = [(A, 0.0, True, False), (B, 0.5, False, False), (C, 0.0, False, False), (A + "    z", 1.0, True, True)]
    names = ("prefix", "reward", "passed", "whole")
    lines = [
        {"problem_id": "ClassEval_0", "sample_index": n, "step": 0, **dict(zip(names, row, strict=True))}
        for n, row in enumerate(each)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_whole_programs_are_left_out_and_labels_differ_as_they_should(tmp_path: Path) -> None:
    prefixes = read_prefixes(rows(tmp_path), {A: 1.0})
    labels = {prefix.steps: [prefix.label(kind) for kind in ("outcome", "reward", "corrected")] for prefix in prefixes}
    assert labels == {(A,): [1.0, 0.0, 1.0], (B,): [0.0, 0.5, 1.0], (C,): [0.0, 0.0, 0.0]}
    truths = {prefix.steps: prefix.label("truth") for prefix in prefixes}
    assert truths[A,] == 1.0
    assert math.isnan(truths[B,])


def test_pairs_of_prefixes_stand_behind_the_programs(tmp_path: Path) -> None:
    programs = train_programs(
        [ProblemPool("p", "livecodebench-v5", "s", (Candidate(("a",), True, "m"), Candidate(("b",), False, "m")))]
    )
    found = with_prefixes(programs, read_prefixes(rows(tmp_path), {}), {"ClassEval_0": "Write A."})
    pairs = {
        kind: {
            (found.candidates[good].code, found.candidates[bad].code)
            for good, bad in zip(table.passing, table.failing, strict=True)
        }
        for kind, table in found.pairs.items()
    }
    assert pairs["livecodebench-v5"] == {("a", "b")}
    assert pairs["steps-outcome"] == {(A, B), (A, C)}
    assert pairs["steps-reward"] == {(B, A), (B, C)}
    assert pairs["steps-corrected"] == {(A, C), (B, C)}
    assert pairs["steps-truth"] == set()
    assert found.statements[-1] == "Write A."


def test_a_prefix_is_true_while_no_method_in_it_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "programs.jsonl"
    steps = [{"text": text, "right": right} for text, right in (("a", None), ("b", True), ("c", False), ("d", True))]
    path.write_text(json.dumps({"class": 3, "statement": "s", "steps": steps}) + "\n")
    statements, truths = read_classes(path)
    assert statements == {"ClassEval_3": "s"}
    assert math.isnan(truths["a"])
    assert [truths[text] for text in ("ab", "abc", "abcd")] == [1.0, 0.0, 0.0]
