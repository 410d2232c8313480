"""Problems and their candidates, read from the shared files; duplicates of a program within a problem kept once."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from funprm_training.steps import function_steps

SUITES = ("livecodebench-v5", "classic", "codeforces-hard")
WITHIN_SAMPLER = ("codeforces-hard",)
"""Suites whose samplers wrote many programs for a problem. classic has one each, all but two times."""
FOLDS = 5


@dataclass(frozen=True)
class Candidate:
    """One program. `sampler` groups candidates for contrast and evaluation and is never fed to a model."""

    code: str
    passed: bool
    sampler: str

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The texts of its function steps."""
        return tuple(function_steps(self.code))


@dataclass(frozen=True)
class ProblemPool:
    """A problem and its candidates. Only `statement` and code ever reach a model; `id` does not."""

    id: str
    suite: str
    statement: str
    candidates: tuple[Candidate, ...]

    @property
    def mixed(self) -> bool:
        """Some candidates pass and some fail."""
        return len({candidate.passed for candidate in self.candidates}) == 2


def read_pools(data: Path, split: str, suites: tuple[str, ...] = SUITES) -> list[ProblemPool]:
    """All problems of a split that have candidates, in file order, with every row of the pool."""
    pools = []
    for suite in suites:
        rows: dict[str, list[Candidate]] = {}
        for row in _rows(data / "pools" / f"{suite}.jsonl.gz"):
            candidate = Candidate(row["code"], bool(row["passed"]), row["model"])
            rows.setdefault(row["problem_id"], []).append(candidate)
        for problem in _rows(data / "problems" / f"{suite}.jsonl.gz"):
            candidates = tuple(rows.get(problem["id"], ()))
            if problem["split"] == split and candidates:
                pools.append(ProblemPool(problem["id"], suite, problem_text(problem), candidates))
    return pools


def by_sampler(pool: ProblemPool) -> list[ProblemPool]:
    """The same problem once for each sampler, with its candidates alone."""
    samplers = sorted({candidate.sampler for candidate in pool.candidates})
    return [replace(pool, candidates=tuple(c for c in pool.candidates if c.sampler == name)) for name in samplers]


def fold_of(problem: str) -> int:
    """Which of FOLDS parts holds a problem out in cross-validation; the same in every run."""
    return zlib.crc32(problem.encode()) % FOLDS


def problem_text(problem: dict[str, Any]) -> str:
    """What a model reads of a problem: the statement alone."""
    return str(problem["statement"])


def deduplicate(pool: ProblemPool) -> ProblemPool:
    """Keeps the first of equal programs. Copies that the graders disagree about are dropped altogether."""
    verdicts: dict[str, set[bool]] = {}
    for candidate in pool.candidates:
        verdicts.setdefault(candidate.code.strip(), set()).add(candidate.passed)
    kept: dict[str, Candidate] = {}
    for candidate in pool.candidates:
        key = candidate.code.strip()
        if key and len(verdicts[key]) == 1:
            kept.setdefault(key, candidate)
    return ProblemPool(pool.id, pool.suite, pool.statement, tuple(kept.values()))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
