"""Step rewards as `funprm collect` writes them, put together to programs with their statements."""

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from funprm_training.config import InputError
from funprm_training.data import Candidate, ProblemPool


@dataclass(frozen=True)
class RewardedProgram:
    """A program, its steps and their rewards k / K; `items[t]` numbers the prefix: equal prefixes share it. The last
    prefix is the program, its reward the clean verdict; where another program begins with it, that prefix is another
    item, whose reward says what it can become."""

    problem: str
    statement: str
    steps: tuple[str, ...]
    rewards: tuple[float, ...]
    items: tuple[int, ...]
    passed: bool


def read_rewarded(rewards: Sequence[Path], problems: Sequence[Path]) -> list[RewardedProgram]:
    """Programs all of whose prefixes could be judged, in file order."""
    statements = {row["id"]: row["statement"] for path in problems for row in _objects(path)}
    groups: list[list[dict]] = []
    for path in rewards:
        latest: dict[tuple[str, int, str], list[dict]] = {}
        for row in _lines(path):
            key = (row["problem_id"], row["sample_index"], str(row.get("model")))
            # Programs of several pools may have one number: a step that is there already begins another program.
            if key not in latest or any(row["step"] == other["step"] for other in latest[key]):
                latest[key] = []
                groups.append(latest[key])
            latest[key].append(row)
    numbers: dict[tuple[str, str, bool], int] = {}
    programs = []
    for rows in groups:
        rows.sort(key=lambda row: row["step"])
        problem, last = rows[0]["problem_id"], len(rows) - 1
        if problem not in statements:
            raise ValueError(f"problem {problem} of the rewards is in none of {', '.join(map(str, problems))}")
        if len(rows) != rows[0]["steps"] or any(row["reward"] is None for row in rows):
            continue
        prefixes = [row["prefix"] for row in rows]
        starts = [0, *map(len, prefixes[:-1])]
        programs.append(
            RewardedProgram(
                problem=problem,
                statement=statements[problem],
                steps=tuple(prefix[start:] for prefix, start in zip(prefixes, starts, strict=True)),
                rewards=tuple(float(row["reward"]) for row in rows),
                items=tuple(
                    numbers.setdefault((problem, prefix, at == last), len(numbers))
                    for at, prefix in enumerate(prefixes)
                ),
                passed=bool(rows[-1]["passed"]),
            )
        )
    return programs


def as_pools(programs: Sequence[RewardedProgram]) -> list[ProblemPool]:
    """The same as pools, for a tokenizer that is trained on their texts."""
    groups: dict[str, list[RewardedProgram]] = {}
    for program in programs:
        groups.setdefault(program.problem, []).append(program)
    return [
        ProblemPool(
            problem, "rewards", group[0].statement, tuple(Candidate("".join(p.steps), p.passed, "") for p in group)
        )
        for problem, group in groups.items()
    ]


def split_problems(
    programs: Sequence[RewardedProgram], meta_share: float, seed: int, *, mixed: bool = False
) -> tuple[list[RewardedProgram], list[RewardedProgram]]:
    """Programs of the lower level and of the upper one; no problem is in both, and neither part is empty. With `mixed`
    the upper one has `meta_share` of the problems with both verdicts, and no other.

    Raises InputError when there are not enough problems.
    """
    every = sorted({program.problem for program in programs})
    if len(every) < 2:
        raise InputError(
            f"correction needs at least 2 problems, one of them for the upper level; got {len(every)}: collect more "
            "rewards, or take --correction none or any"
        )
    problems = _with_both_verdicts(programs) if mixed else every
    if not problems:
        raise InputError(
            "correction over pairs needs a problem with a passing and a failing program for the upper level; got none "
            f"among {len(every)} problems: collect rewards of more programs, or take --correction any"
        )
    order = np.random.default_rng([seed, 17]).permutation(len(problems))
    count = min(max(round(meta_share * len(problems)), 1), len(every) - 1)
    meta = {problems[place] for place in order[:count]}
    return [p for p in programs if p.problem not in meta], [p for p in programs if p.problem in meta]


def _with_both_verdicts(programs: Sequence[RewardedProgram]) -> list[str]:
    passing, failing = ({p.problem for p in programs if p.passed == verdict} for verdict in (True, False))
    return sorted(passing & failing)


def initial_table(programs: Sequence[RewardedProgram]) -> tuple[Tensor, Tensor]:
    """Rewards `[items]` by item number, and which of them may move: proper prefixes, whole programs are clean."""
    size = 1 + max(item for program in programs for item in program.items)
    rewards, movable = torch.zeros(size), torch.zeros(size, dtype=torch.bool)
    for program in programs:
        for step, item in enumerate(program.items):
            rewards[item] = program.rewards[step]
            movable[item] = step < len(program.items) - 1
    return rewards, movable


def fixed_labels(programs: Sequence[RewardedProgram]) -> Tensor:
    """Labels `[items]`: a proper prefix is right, 1, when any completion of it passes or any program that goes on from
    it, else 0; whole programs keep their verdict. A correct program's prefixes are right, however weak the policy."""
    labels, movable = initial_table(programs)
    labels[movable] = 0
    for program in programs:
        for item, reward in zip(program.items[:-1], program.rewards[:-1], strict=True):
            if reward > 0 or program.passed:
                labels[item] = 1
    return labels


def digest_of(programs: Sequence[RewardedProgram]) -> str:
    """sha256 of what is trained on: a checkpoint's table belongs to these rewards in this order."""
    digest = hashlib.sha256()
    for program in programs:
        digest.update(repr((program.problem, program.statement, program.steps, program.rewards)).encode())
    return digest.hexdigest()


def _objects(path: Path) -> Iterator[dict]:
    """One JSON object a file, or one a line."""
    text = _text(path)
    try:
        value = json.loads(text)
        yield from value if isinstance(value, list) else [value]
    except json.JSONDecodeError:
        yield from (json.loads(line) for line in text.splitlines() if line.strip())


def _lines(path: Path) -> Iterator[dict]:
    yield from (json.loads(line) for line in _text(path).splitlines() if line.strip())


def _text(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")
