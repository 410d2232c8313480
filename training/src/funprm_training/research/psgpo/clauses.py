"""A small language of problems on lists of integers: what a clause says, the lines that do it, and usual mistakes."""

from dataclasses import dataclass, field

LOOP = "        "
BODY = "    "


@dataclass(frozen=True)
class Form:
    """Lines of a program for one clause: before the loop, in it (or for it, behind it)."""

    lines: tuple[str, ...]
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """A kind of clause. `K` stands for its number in the phrase and in the lines; `slips`: how often a program that
    somebody writes has one of the wrong forms.
    """

    phrase: str
    right: Form
    wrong: tuple[Form, ...]
    slips: float
    kind: str = ""


def _loop(*lines: str, before: str = "") -> Form:
    return Form(tuple(LOOP + line for line in lines), (BODY + before,) if before else ())


SELDOM, OFTEN, MOSTLY = 0.06, 0.2, 0.6

CLAUSES: tuple[Clause, ...] = (
    Clause(
        "skip below K",
        _loop("if x < K:", "    continue"),
        (_loop("if x <= K:", "    continue"), _loop("if x > K:", "    continue")),
        SELDOM,
    ),
    Clause(
        "skip above K",
        _loop("if x > K:", "    continue"),
        (_loop("if x >= K:", "    continue"),),
        MOSTLY,
    ),
    Clause(
        "skip even",
        _loop("if x % 2 == 0:", "    continue"),
        (_loop("if x % 2 == 1:", "    continue"), _loop("if x % 2 == 0:", "    break")),
        SELDOM,
    ),
    Clause(
        "skip multiples of K",
        _loop("if x % K == 0:", "    continue"),
        (_loop("if x // K == 0:", "    continue"), _loop("if x % K == 1:", "    continue")),
        SELDOM,
    ),
    Clause("stop at K", _loop("if x == K:", "    break"), (_loop("if x == K:", "    continue"),), MOSTLY),
    Clause("plus K", _loop("x = x + K"), (_loop("x = x - K"),), SELDOM),
    Clause("minus K", _loop("x = x - K"), (_loop("x = K - x"), _loop("x = x + K")), OFTEN),
    Clause("times K", _loop("x = x * K"), (_loop("x = x + K"), _loop("x = x ** K")), SELDOM),
    Clause("mod K", _loop("x = x % K"), (_loop("x = x // K"),), OFTEN),
    Clause(
        "absolute",
        _loop("if x < 0:", "    x = -x"),
        (_loop("if x > 0:", "    x = -x"), _loop("if x < 0:", "    x = 0")),
        SELDOM,
    ),
    Clause(
        "at most K",
        _loop("if x > K:", "    x = K"),
        (_loop("if x < K:", "    x = K"), _loop("if x > K:", "    x = 0")),
        OFTEN,
    ),
    Clause(
        "if odd double",
        _loop("if x % 2 == 1:", "    x = x * 2"),
        (_loop("if x % 2 == 0:", "    x = x * 2"), _loop("if x % 2 == 1:", "    x = x + 2")),
        SELDOM,
    ),
    Clause(
        "plus previous",
        _loop("x = x + p", "p = x", before="p = 0"),
        (
            _loop("p = x", "x = x + p", before="p = 0"),
            _loop("x = x + p", "p = x"),
            _loop("x = x + p", "p = x", before="p = 1"),
        ),
        OFTEN,
    ),
    Clause(
        "plus position",
        _loop("x = x + i", "i = i + 1", before="i = 0"),
        (_loop("i = i + 1", "x = x + i", before="i = 0"), _loop("x = x + i", "i = i + 1", before="i = 1")),
        MOSTLY,
    ),
)

GOALS: tuple[Clause, ...] = (
    Clause("sum", _loop("t = t + x", before="t = 0"), (_loop("t = t + x", before="t = 1"),), SELDOM, "number"),
    Clause("count", _loop("t = t + 1", before="t = 0"), (_loop("t = t + x", before="t = 0"),), SELDOM, "number"),
    Clause(
        "product mod 97",
        _loop("t = t * x % 97", before="t = 1"),
        (_loop("t = t * x % 97", before="t = 0"),),
        MOSTLY,
        "number",
    ),
    Clause(
        "largest or 0",
        _loop("if x > t:", "    t = x", before="t = 0"),
        (_loop("if x < t:", "    t = x", before="t = 0"), _loop("if x > t:", "    t = x", before="t = 1")),
        OFTEN,
        "number",
    ),
    Clause("last or 0", _loop("t = x", before="t = 0"), (_loop("t = x", before="t = 1"),), OFTEN, "number"),
    Clause("list", _loop("t.append(x)", before="t = []"), (_loop("t = [x]", before="t = []"),), SELDOM, "list"),
    Clause(
        "alternating sum", _loop("t = x - t", before="t = 0"), (_loop("t = t - x", before="t = 0"),), OFTEN, "number"
    ),
)


def _after(line: str) -> Form:
    return Form((BODY + line,))


ENDS: tuple[Clause, ...] = (
    Clause("then times K", _after("t = t * K"), (_after("t = t + K"),), SELDOM, "number"),
    Clause("then minus K", _after("t = t - K"), (_after("t = K - t"),), OFTEN, "number"),
    Clause("then mod K", _after("t = t % K"), (_after("t = t // K"),), SELDOM, "number"),
    Clause("then sort", _after("t.sort()"), (_after("t = t.sort()"),), MOSTLY, "list"),
    Clause("then reverse", _after("t.reverse()"), (_after("t = t.reverse()"), _after("t.sort()")), OFTEN, "list"),
)


@dataclass(frozen=True)
class Said:
    """A clause with its number, which may be without meaning."""

    clause: Clause
    number: int

    @property
    def phrase(self) -> str:
        """What the statement says."""
        return self.clause.phrase.replace("K", str(self.number))

    def form(self, wrong: int | None) -> Form:
        """The right form, or one of the wrong ones."""
        form = self.clause.right if wrong is None else self.clause.wrong[wrong]
        number = str(self.number)
        return Form(
            tuple(line.replace("K", number) for line in form.lines),
            tuple(line.replace("K", number) for line in form.before),
        )


@dataclass(frozen=True)
class Task:
    """A problem: what happens to every number in turn, what is made of them, and perhaps what is done at the end."""

    clauses: tuple[Said, ...]
    goal: Said
    end: Said | None = field(default=None)

    @property
    def said(self) -> tuple[Said, ...]:
        """All of it in the order of the statement."""
        return (*self.clauses, self.goal, *((self.end,) if self.end else ()))

    @property
    def statement(self) -> str:
        """One clause a line, and an empty line."""
        return "".join(f"{each.phrase}\n" for each in self.said) + "\n"
