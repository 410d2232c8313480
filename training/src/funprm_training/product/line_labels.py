"""Labels of lines as `funprm collect --steps line` writes them: +1, -1, and 0 for lines without code."""

from collections.abc import Sequence
from pathlib import Path

from funprm_training.config import InputError
from funprm_training.jsonl import read_jsonl
from funprm_training.product.step_rewards import RewardedProgram, statements_of


def read_labelled(labels: Sequence[Path], problems: Sequence[Path]) -> list[RewardedProgram]:
    """Programs all of whose lines have a label, in file order; a line is a step and its label its reward.

    Equal prefixes of two programs are two items: a search gives each program labels of its own.
    Raises InputError for rows of another kind, and for a problem that is not there.
    """
    statements = statements_of(problems)
    programs: list[RewardedProgram] = []
    items = 0
    for row in (row for path in labels for row in read_jsonl(path)):
        if "lines" not in row:
            raise InputError("a signed PRM learns labels of lines: collect them with --steps line")
        if row["problem_id"] not in statements:
            raise InputError(f"problem {row['problem_id']} of the labels is in none of {', '.join(map(str, problems))}")
        lines = row["lines"]
        if row["passed"] is None or any(line["label"] is None for line in lines):
            continue
        programs.append(
            RewardedProgram(
                problem=row["problem_id"],
                statement=statements[row["problem_id"]],
                steps=tuple(row["code"][line["start"] : line["end"]] for line in lines),
                rewards=tuple(float(line["label"]) for line in lines),
                items=tuple(range(items, items + len(lines))),
                passed=row["passed"],
            )
        )
        items += len(lines)
    return programs
