"""Problems of the small language with their tests, and programs for them as somebody writes them who slips at times."""

import random
from collections.abc import Sequence

from funprm_training.research.psgpo.clauses import BODY, CLAUSES, ENDS, GOALS, LOOP, Said, Task

MOST_LINES = 15
SHORT_CLAUSES, LONG_CLAUSES = (1, 2), (4, 5)
COMMENTS, IDLE = 0.03, 0.02
"""How often a clause comes with a comment, or with a line that does nothing."""


def draw_task(chance: random.Random, long: bool) -> Task:
    """A task that takes at most 15 lines."""
    while True:
        count = chance.choice(LONG_CLAUSES if long else SHORT_CLAUSES)
        clauses = tuple(Said(clause, chance.randint(2, 9)) for clause in chance.sample(CLAUSES, count))
        goal = Said(chance.choice(GOALS), 0)
        end = None
        if chance.random() < 0.5:
            fitting = [each for each in ENDS if each.kind == goal.clause.kind]
            end = Said(chance.choice(fitting), chance.randint(2, 9))
        task = Task(clauses, goal, end)
        if reference(task).count("\n") <= MOST_LINES:
            return task


def write(task: Task, wrong: Sequence[int | None], extra: Sequence[str] | None = None) -> str:
    """The program of a task with the form of every clause; `extra` holds lines to put before those in the loop."""
    forms = [each.form(slip) for each, slip in zip(task.said, wrong, strict=True)]
    count = len(task.clauses)
    inside, goal, end = forms[:count], forms[count], forms[count + 1 :]
    lines = ["def f(a):", *goal.before, *(line for form in inside for line in form.before), f"{BODY}for x in a:"]
    for at, form in enumerate(inside):
        lines += [*((extra[at],) if extra and extra[at] else ()), *form.lines]
    lines += [*goal.lines, *(line for form in end for line in form.lines), f"{BODY}return t"]
    return "\n".join(lines) + "\n"


def reference(task: Task) -> str:
    """The right program."""
    return write(task, [None] * len(task.said))


def slipping(task: Task, chance: random.Random) -> str:
    """A program as the warm-up sees it: every clause may be wrong, and some come with a comment or an idle line."""
    wrong = [
        chance.randrange(len(each.clause.wrong)) if chance.random() < each.clause.slips else None for each in task.said
    ]
    extra = []
    for each in task.clauses:
        draw = chance.random()
        idle = f"{LOOP}x = x" if draw < COMMENTS + IDLE else ""
        extra.append(f"{LOOP}# {each.phrase}" if draw < COMMENTS else idle)
    return write(task, wrong, extra)


def run(program: str, numbers: list[int]) -> object:
    """What one of our own programs returns; its error's name where it raises one."""
    names: dict = {}
    try:
        exec(compile(program, "program", "exec"), names)  # Written above: no policy's program comes here.
        return names["f"](list(numbers))
    except Exception as error:
        return type(error).__name__


def tests_of(task: Task, chance: random.Random, count: int = 4, tries: int = 40) -> list[dict]:
    """Tests that tell the right program from those with one wrong clause, as far as `tries` drawn inputs allow."""
    right = reference(task)
    inputs = [[chance.randint(-9, 12) for _ in range(chance.randint(3, 8))] for _ in range(tries - 1)] + [[]]
    wrong = []
    for at, each in enumerate(task.said):
        for slip in range(len(each.clause.wrong)):
            forms: list[int | None] = [None] * len(task.said)
            forms[at] = slip
            wrong.append(write(task, forms))
    outputs = [run(right, numbers) for numbers in inputs]
    found_by = [
        {at for at, program in enumerate(wrong) if run(program, numbers) != output}
        for numbers, output in zip(inputs, outputs, strict=True)
    ]
    chosen: list[int] = []
    left = set(range(len(wrong)))
    while len(chosen) < count:
        open_ones = [at for at in range(len(inputs)) if at not in chosen]
        best = max(open_ones, key=lambda at: (len(found_by[at] & left), len(found_by[at])))
        chosen.append(best)
        left -= found_by[best]
    return [{"args": [inputs[at]], "expected": outputs[at]} for at in chosen]


def draw_problems(seed: int, count: int, name: str) -> list[dict]:
    """Different problems in funprm's form, short and long ones in turn."""
    chance = random.Random(f"{name}/{seed}")
    seen: set[str] = set()
    problems: list[dict] = []
    while len(problems) < count:
        long = len(problems) % 2 == 1
        task = draw_task(chance, long)
        # A reference that fails, or gives huge numbers, is no fair problem.
        if task.statement in seen or not _tame(task):
            continue
        seen.add(task.statement)
        problems.append(
            {
                "id": f"{name}/{len(problems)}",
                "statement": task.statement,
                "entry_point": "f",
                "tests": tests_of(task, chance),
                "reference": reference(task),
                "long": long,
            }
        )
    return problems


def _tame(task: Task) -> bool:
    chance = random.Random(task.statement)
    outputs = [run(reference(task), [chance.randint(-9, 12) for _ in range(6)]) for _ in range(8)]
    # What never changes with the input asks for nothing.
    return not any(isinstance(output, str) for output in outputs) and len({str(output) for output in outputs}) > 2
