"""Problems and their candidates, read from the shared files; duplicates of a program within a problem kept once."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from funprm_training.jsonl import read_jsonl
from funprm_training.prm.tokenizers import tokenizer_texts
from funprm_training.research.split_steps import split_steps

SUITES = ("livecodebench-v5", "classic", "codeforces-hard")
WITHIN_SAMPLER = ("codeforces-hard",)
"""Suites whose samplers wrote many programs for a problem. classic has one each, all but two times."""
FOLDS = 5


@dataclass(frozen=True)
class Candidate:
    """One program by the texts of its steps. `sampler` groups candidates for contrast and evaluation and is never fed
    to a model."""

    steps: tuple[str, ...]
    passed: bool
    sampler: str

    @cached_property
    def code(self) -> str:
        """The whole program."""
        return "".join(self.steps)


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
        problems = [row for row in read_jsonl(data / "problems" / f"{suite}.jsonl.gz") if row["split"] == split]
        ids = {problem["id"] for problem in problems}
        rows = [row for row in read_jsonl(data / "pools" / f"{suite}.jsonl.gz") if row["problem_id"] in ids]
        candidates: dict[str, list[Candidate]] = {}
        for row, steps in zip(rows, split_steps([row["code"] for row in rows]), strict=True):
            candidate = Candidate(steps, bool(row["passed"]), row["model"])
            candidates.setdefault(row["problem_id"], []).append(candidate)
        for problem in problems:
            if found := candidates.get(problem["id"]):
                pools.append(ProblemPool(problem["id"], suite, str(problem["statement"]), tuple(found)))
    return pools


def texts_of(pools: Iterable[ProblemPool]) -> Iterator[str]:
    """Statements and programs, for a tokenizer that is trained on them."""
    return tokenizer_texts((pool.statement, [candidate.code for candidate in pool.candidates]) for pool in pools)


def by_sampler(pool: ProblemPool) -> list[ProblemPool]:
    """The same problem once for each sampler, with its candidates alone."""
    samplers = sorted({candidate.sampler for candidate in pool.candidates})
    return [replace(pool, candidates=tuple(c for c in pool.candidates if c.sampler == name)) for name in samplers]


def fold_of(problem: str) -> int:
    """Which of FOLDS parts holds a problem out in cross-validation; the same in every run."""
    return zlib.crc32(problem.encode()) % FOLDS


def usable(pool: ProblemPool) -> ProblemPool:
    """Keeps the first of equal programs. Copies that the graders disagree about are dropped altogether, and so are
    candidates without code."""
    verdicts: dict[str, set[bool]] = {}
    for candidate in pool.candidates:
        verdicts.setdefault(candidate.code.strip(), set()).add(candidate.passed)
    kept: dict[str, Candidate] = {}
    for candidate in pool.candidates:
        key = candidate.code.strip()
        if key and len(verdicts[key]) == 1:
            kept.setdefault(key, candidate)
    return replace(pool, candidates=tuple(kept.values()))
