"""What the correction experiment reads: programs with true method labels, and Monte-Carlo rewards of their prefixes.

`programs.jsonl` comes from benchmarks/correction/programs.mjs, `rewards-K.jsonl` from `funprm collect --policy pool`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from funprm_training.jsonl import read_jsonl
from funprm_training.research.correction.prefix_features import counted, embed, prefix_rows

DEV_FROM = 50
"""Classes from this number on are dev; nothing is chosen on them."""
CLASS_PROGRAMS = {"train": 20, "dev": 30}
"""Different programs of a class that are looked at, in the order of `funprm collect --limit` with seed 0."""


@dataclass(frozen=True)
class ClassProgram:
    """A program of a class. Per step: `features` `[T, d]`, `truth` `[T]` (1: every labelled method so far is right,
    0: one is wrong, NaN: none is labelled yet). `methods`: share of the class's methods that are right."""

    number: int
    sampler: str
    prefix_shas: tuple[str, ...]
    features: np.ndarray
    truth: np.ndarray
    passed: bool
    methods: float


@dataclass(frozen=True)
class Tally:
    """k of K completions passed."""

    k: int
    total: int


def read_programs(folder: Path, log: Callable[[int, int], None] = lambda done, total: None) -> list[ClassProgram]:
    """Programs of all classes with their features; the encoder's part of them is kept in `embeddings.npz`."""
    rows = [row for row in read_jsonl(folder / "programs.jsonl") if row["passed"] is not None and row["steps"]]
    for row in rows:
        row["order"] = _sha("0 " + "".join(step["text"] for step in row["steps"]))
    kept = []
    for number in sorted({row["class"] for row in rows}):
        group = sorted((row for row in rows if row["class"] == number), key=lambda row: row["order"])
        kept += group[: CLASS_PROGRAMS["dev" if number >= DEV_FROM else "train"]]
    texts = sorted({step["text"] for row in kept for step in row["steps"]} | {row["statement"] for row in kept})
    place = {text: index for index, text in enumerate(texts)}
    rows_of = embed(texts, folder / "embeddings.npz", log)
    return [_program(row, rows_of, place) for row in kept]


def read_tallies(path: Path) -> dict[tuple[int, str], Tally]:
    """k and K by class and sha256 of the prefix; whole programs are left out, their reward is clean."""
    tallies = {}
    for row in read_jsonl(path):
        if not row["whole"] and row["K"] > 0:
            number = int(row["problem_id"].rsplit("_", 1)[1])
            tallies[number, _sha(row["prefix"])] = Tally(row["k"], row["K"])
    return tallies


def _program(row: dict, rows_of: np.ndarray, place: dict[str, int]) -> ClassProgram:
    steps = row["steps"]
    names = [step["name"] for step in steps]
    texts = [step["text"] for step in steps]
    counts = np.array([counted(step["text"], step["complete"]) for step in steps])
    repeated = [name in names[:at] for at, name in enumerate(names)]
    features = prefix_rows(rows_of[[place[text] for text in texts]], counts, rows_of[place[row["statement"]]], repeated)
    known, right = np.cumsum([s["right"] is not None for s in steps]), np.cumsum([s["right"] is False for s in steps])
    prefixes = np.cumsum([len(text) for text in texts])
    code = "".join(texts)
    return ClassProgram(
        number=row["class"],
        sampler=row["sampler"],
        prefix_shas=tuple(_sha(code[:end]) for end in prefixes),
        features=features,
        truth=np.where(known == 0, np.nan, (right == 0).astype(float)),
        passed=bool(row["passed"]),
        methods=float(np.mean(row["methods"])) if row["methods"] else 0.0,
    )


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
