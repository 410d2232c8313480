"""Step rewards as `funprm collect` writes them, put together to programs with their statements."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from funprm_training.config import InputError
from funprm_training.jsonl import Row, read_jsonl, read_text
from funprm_training.prm.tokenizers import tokenizer_texts


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
    statements = statements_of(problems)
    numbers: dict[tuple[str, str, bool], int] = {}
    programs = []
    for rows in (rows for path in rewards for rows in rows_by_program(path)):
        problem, last = rows[0]["problem_id"], len(rows) - 1
        if problem not in statements:
            raise ValueError(f"problem {problem} of the rewards is in none of {', '.join(map(str, problems))}")
        if len(rows) != rows[0]["steps"] or any(row["reward"] is None for row in rows):
            continue
        programs.append(
            RewardedProgram(
                problem=problem,
                statement=statements[problem],
                steps=step_texts(rows),
                rewards=tuple(float(row["reward"]) for row in rows),
                items=tuple(
                    numbers.setdefault((problem, row["prefix"], at == last), len(numbers))
                    for at, row in enumerate(rows)
                ),
                passed=bool(rows[-1]["passed"]),
            )
        )
    return programs


def statements_of(problems: Sequence[Path]) -> dict[str, str]:
    """The statements of files of problems by id."""
    return {row["id"]: row["statement"] for path in problems for row in _objects(path)}


def rows_by_program(path: Path) -> list[list[Row]]:
    """The lines of a file of `funprm collect`, those of a program together, its prefixes from short to long."""
    groups: list[list[Row]] = []
    latest: dict[tuple[str, int, str], list[Row]] = {}
    for row in read_jsonl(path):
        if "lines" in row:
            raise InputError(f"{path} has labels of lines: train on them with a configuration that says signed")
        key = (row["problem_id"], row["sample_index"], str(row.get("model")))
        # Programs of several pools may have one number: a step that is there already begins another program.
        if key not in latest or any(row["step"] == other["step"] for other in latest[key]):
            latest[key] = []
            groups.append(latest[key])
        latest[key].append(row)
    return [sorted(rows, key=lambda row: row["step"]) for rows in groups]


def step_texts(rows: Sequence[Row]) -> tuple[str, ...]:
    """The steps of a program by its prefixes, each of which has one step more than the one before."""
    ends = [0, *(len(row["prefix"]) for row in rows)]
    return tuple(row["prefix"][start:] for row, start in zip(rows, ends, strict=False))


def texts_of(programs: Sequence[RewardedProgram]) -> Iterator[str]:
    """Statements and programs, for a tokenizer that is trained on them."""
    groups: dict[str, list[RewardedProgram]] = {}
    for program in programs:
        groups.setdefault(program.problem, []).append(program)
    return tokenizer_texts((group[0].statement, ["".join(p.steps) for p in group]) for group in groups.values())


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


def _objects(path: Path) -> Iterator[Row]:
    """One JSON object a file, a list of them, or one a line."""
    try:
        value = json.loads(read_text(path))
    except json.JSONDecodeError:
        yield from read_jsonl(path)
    else:
        yield from value if isinstance(value, list) else [value]
