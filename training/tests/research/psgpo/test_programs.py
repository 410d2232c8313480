"""The small language: what its programs do, and whether tests tell slips."""

import random

from funprm_training.research.psgpo import programs
from funprm_training.research.psgpo.clauses import CLAUSES, ENDS, GOALS, Said, Task
from funprm_training.research.psgpo.programs import (
    MOST_LINES,
    draw_problems,
    draw_task,
    reference,
    run,
    slipping,
    write,
)

BY_PHRASE = {clause.phrase: clause for clause in (*CLAUSES, *GOALS, *ENDS)}


def said(phrase: str, number: int = 0) -> Said:
    return Said(BY_PHRASE[phrase], number)


def test_a_program_does_what_its_statement_says() -> None:
    clauses = (said("skip below K", 3), said("plus previous"), said("at most K", 9), said("plus position"))
    task = Task(clauses, said("list"), said("then reverse"))
    assert task.statement == "skip below 3\nplus previous\nat most 9\nplus position\nlist\nthen reverse\n\n"
    # 4; 5 + 4 = 9, and 1 for its place; 6 + 9 = 15, at most 9, and 2
    assert run(reference(task), [4, 1, 5, 2, 6]) == [11, 10, 4]
    # The slip turns the first clause round: 1 and 2 stay, then 1 + 2 and 1 for its place.
    assert run(write(task, [1, None, None, None, None, None]), [4, 1, 5, 2, 6]) == [4, 1]
    assert run(write(task, [None] * 5 + [0]), [4]) is None


def test_problems_of_both_lengths_are_different_and_have_at_most_fifteen_lines() -> None:
    problems = draw_problems(3, 40, "p")
    assert len({problem["statement"] for problem in problems}) == 40
    lines = {long: [p["reference"].count("\n") for p in problems if p["long"] is long] for long in (False, True)}
    assert max(lines[True]) <= MOST_LINES
    assert sum(lines[True]) / 20 > sum(lines[False]) / 20 + 3
    assert draw_problems(3, 4, "p") == problems[:4]


def test_the_tests_of_a_task_tell_nearly_all_slips() -> None:
    chance = random.Random(4)
    told = count = 0
    for at in range(30):
        task = draw_task(chance, at % 2 == 1)
        tests = programs.tests_of(task, chance)
        assert all(run(reference(task), test["args"][0]) == test["expected"] for test in tests)
        for place, each in enumerate(task.said):
            for slip in range(len(each.clause.wrong)):
                forms: list[int | None] = [None] * len(task.said)
                forms[place] = slip
                program = write(task, forms)
                told += any(run(program, test["args"][0]) != test["expected"] for test in tests)
                count += 1
    # Some slips change nothing: what never runs, or what a later clause makes good.
    assert told / count > 0.7


def test_slips_come_as_often_as_they_are_said_to() -> None:
    chance, task = random.Random(5), Task((said("stop at K", 4),), said("sum"), None)
    wrong = sum("            break" not in slipping(task, chance) for _ in range(2000)) / 2000
    assert abs(wrong - BY_PHRASE["stop at K"].slips) < 0.05
