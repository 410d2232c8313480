"""The file of results, a line a setting, which belongs to the data that it was made from."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from funprm_training.jsonl import resume_jsonl
from funprm_training.research.correction.experiment import Setting


def data_digest(data: Path, budgets: Sequence[int]) -> str:
    """sha256 of the programs, their labels and rewards: results belong to them."""
    digest = hashlib.sha256()
    for name in ("programs.jsonl", *(f"rewards-{budget}.jsonl" for budget in budgets)):
        digest.update(hashlib.sha256((data / name).read_bytes()).digest())
    return digest.hexdigest()


def finished(path: Path, digest: str) -> set[Setting]:
    """The settings whose results the file holds whole; results of other data are refused."""
    rows = resume_jsonl(path)
    if any(row.get("data") != digest for row in rows):
        raise SystemExit(f"{path} holds results of other programs or rewards: move it away, or name another --out")
    return {tuple(row["setting"]) for row in rows}
