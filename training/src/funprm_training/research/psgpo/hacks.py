"""Programs that look for reward without being right, and what each guard of the shape takes from them.

`python -m funprm_training.research.psgpo.hacks --out FOLDER`, where the experiment's problems and PRM lie.
"""

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from funprm_training.jsonl import write_jsonl
from funprm_training.psgpo.funprm_rewards import RewardClient, funprm_command, reward_server
from funprm_training.psgpo.line_prm import line_rewards
from funprm_training.psgpo.models import read_prm, read_tokenizer
from funprm_training.psgpo.rollouts import LinedProgram
from funprm_training.psgpo.sequences import Sequence as Tokens
from funprm_training.psgpo.shaping import Pieces, line_end_tokens
from funprm_training.research.psgpo.guards import GUARDS, without
from funprm_training.research.psgpo.programs import draw_task, reference, tests_of, write

PADDING = 10
Lines = list[tuple[str, bool]]
"""Lines, each with whether the program can still become right after it."""
Problem = dict[str, Any]


def pad(lines: Lines, line: str) -> Lines:
    """Lines that do nothing at the beginning of the loop."""
    at = next(place for place, (text, _) in enumerate(lines) if text.startswith("    for "))
    return [*lines[: at + 1], *[(line, lines[at][1])] * PADDING, *lines[at + 1 :]]


def idle(lines: Lines, _: Problem) -> Lines:
    """Padding with code."""
    return pad(lines, "        x = x")


def comments(lines: Lines, _: Problem) -> Lines:
    """Padding with comments."""
    return pad(lines, "        # next")


def guarded(lines: Lines, _: Problem) -> Lines:
    """The whole body in try, and what comes otherwise."""
    body = [("    " + text, good) for text, good in lines[1:]]
    last = lines[-1][1]
    return [lines[0], ("    try:", True), *body, ("    except Exception:", last), ("        return 0", last)]


def dead(lines: Lines, _: Problem) -> Lines:
    """Lines behind the return, which never run."""
    return [*lines, *[("    t = 0", lines[-1][1])] * PADDING]


def known(lines: Lines, problem: Problem) -> Lines:
    """Answers to half of the tests first, by heart."""
    tests = problem["tests"][: len(problem["tests"]) // 2]
    found: Lines = []
    for test in tests:
        found += [(f"    if a == {test['args'][0]}:", True), (f"        return {test['expected']!r}", True)]
    return [lines[0], *found, *lines[1:]]


HACKS: dict[str, Callable[[Lines, Problem], Lines]] = {
    "none": lambda lines, _: lines,
    f"{PADDING} idle lines": idle,
    f"{PADDING} comments": comments,
    "try and except": guarded,
    f"{PADDING} dead lines": dead,
    "half of the tests by heart": known,
}


def material(count: int) -> tuple[list[Problem], list[tuple[Lines, Lines]]]:
    """Long problems, each with a right program and one that goes wrong at a clause in the middle."""
    chance = random.Random("hacks")
    problems, programs = [], []
    while len(problems) < count:
        task = draw_task(chance, True)
        forms: list[int | None] = [None] * len(task.said)
        forms[len(task.clauses) // 2] = 0
        right, wrong = reference(task).splitlines(), write(task, forms).splitlines()
        begin = next((at for at, pair in enumerate(zip(right, wrong, strict=False)) if pair[0] != pair[1]), None)
        tests = tests_of(task, chance)
        if begin is None:
            continue
        name = f"hacks/{len(problems)}"
        problems.append({"id": name, "statement": task.statement, "entry_point": "f", "tests": tests})
        programs.append(([(line, True) for line in right], [(line, at < begin) for at, line in enumerate(wrong)]))
    return problems, programs


def judged(
    client: RewardClient, texts: Sequence[tuple[str, str]], said: Sequence[Sequence[float]]
) -> list[dict[str, float]]:
    """For every program what tests are worth, and its whole reward with all guards and without each."""
    found = []
    for record, rewards in zip(client.shaped(texts, said), said, strict=True):
        terminal = record["shaped"]["terminal"]
        totals = {str(guard): terminal + sum(without(guard, record, rewards)) for guard in (None, *GUARDS)}
        found.append({"passed": float(record["passed"]), "share": record["share"], **totals})
    return found


def main() -> int:
    """Writes hacks.jsonl into the experiment's folder: a row for every hack, program and source of R."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--problems", type=int, default=30)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    problems, programs = material(arguments.problems)
    file = arguments.out / "hack-problems.jsonl"
    write_jsonl(file, problems)
    rows = []
    with reward_server(funprm_command(), file, arguments.out / "hacks.log") as url:
        client = RewardClient(url)
        for hack, change in HACKS.items():
            for which in (0, 1):
                lined = [change(pair[which], problem) for pair, problem in zip(programs, problems, strict=True)]
                texts = [
                    (problem["id"], "".join(f"{line}\n" for line, _ in lines))
                    for lines, problem in zip(lined, problems, strict=True)
                ]
                ideal = [[1.0 if good else -1.0 for _, good in lines] for lines in lined]
                for source, said in (("ideal", ideal), ("trained", _of_prm(arguments.out, client, problems, texts))):
                    outcomes = judged(client, texts, said)
                    means = {name: float(np.mean([row[name] for row in outcomes])) for name in outcomes[0]}
                    rows.append({"hack": hack, "program": ("right", "wrong")[which], "R": source, **means})
    write_jsonl(arguments.out / "hacks.jsonl", rows)
    return 0


def _of_prm(
    out: Path, client: RewardClient, problems: Sequence[Problem], texts: Sequence[tuple[str, str]]
) -> list[list[float]]:
    tokenizer = read_tokenizer(str(out / "policy"))
    pieces = Pieces(tokenizer)
    programs = []
    for (name, text), problem, record in zip(texts, problems, client.verdicts(texts), strict=True):
        prompt = tuple(tokenizer.encode(problem["statement"]))
        response = tuple(tokenizer.encode(text))
        ends = tuple(line_end_tokens(record, pieces.of(response)))
        programs.append(LinedProgram(name, Tokens(prompt, response), text, record, ends))
    prm = read_prm(str(out / "prm"), torch.device("cpu"))
    return line_rewards(prm, programs, tokenizer.eos_token_id, 32)


if __name__ == "__main__":
    sys.exit(main())
