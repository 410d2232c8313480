"""From a statement and the steps of a program to token sequences, as docs/design/prm-manifest.md says.

    [first] T(beforeStatement + statement + afterStatement) [between] T(s1) [mark] .. T(afterCode) [last]

T is the tokenizer without special tokens. Training and scoring must agree on every id, so this is the only
place in training/ that builds or cuts a sequence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Reading = Literal["prefix", "step-mark"]
Encode = Callable[[str], list[int]]
"""Text to token ids, without special tokens."""


@dataclass(frozen=True)
class Template:
    """The parts of `prm.json` that shape a sequence. A special token that is None takes no place."""

    reading: Reading
    context_length: int
    pad: int
    before_statement: str = ""
    after_statement: str = "\n"
    after_code: str = ""
    first: int | None = None
    between: int | None = None
    last: int | None = None
    mark: int | None = None

    def __post_init__(self) -> None:
        """Refuses a step-mark template without a mark and a prefix template with one."""
        if (self.reading == "step-mark") != (self.mark is not None):
            raise ValueError(f"reading {self.reading!r} got mark {self.mark!r}: only step-mark has a mark")


@dataclass(frozen=True)
class Tokens:
    """A request after tokenisation: `statement` ids, one list of ids a step, `after_code` ids."""

    statement: list[int]
    steps: list[list[int]]
    after_code: list[int]


@dataclass(frozen=True)
class TokenSequence:
    """One input of the model.

    `ids` has at most `context_length` ids. For `step-mark`, `marks[t]` is the place at which the reward of
    step t is read; for `prefix` it is empty. `cut` counts all tokens that were cut, `cut_code` those of steps.
    """

    ids: list[int]
    marks: list[int] = field(default_factory=list)
    cut: int = 0
    cut_code: int = 0


def tokenize(statement: str, steps: Sequence[str], template: Template, encode: Encode) -> Tokens:
    """Tokenises statement and every step on its own, so that a prefix's ids are a prefix of the program's."""
    return Tokens(
        statement=encode(template.before_statement + statement + template.after_statement),
        steps=[encode(step) for step in steps],
        after_code=encode(template.after_code) if template.after_code else [],
    )


def prefix_sequence(tokens: Tokens, step: int, template: Template) -> TokenSequence:
    """The sequence of the prefix s1..s(step+1) (`step` counts from 0), cut to the context."""
    code = [token for ids in tokens.steps[: step + 1] for token in ids]
    statement, code, cut_statement, cut_code = _fit(tokens, code, template)
    ids = _assemble(statement, code, tokens.after_code, template)
    return TokenSequence(ids=ids, cut=cut_statement + cut_code, cut_code=cut_code)


def prefix_sequences(tokens: Tokens, template: Template) -> list[TokenSequence]:
    """One sequence a step."""
    return [prefix_sequence(tokens, step, template) for step in range(len(tokens.steps))]


def step_mark_sequence(tokens: Tokens, template: Template) -> TokenSequence:
    """The one sequence of a program, with a mark after every step. Marks are cut with their code."""
    if template.mark is None:
        raise ValueError("a step-mark sequence needs a template with a mark")
    code: list[int] = []
    ends: list[int] = []
    for ids in tokens.steps:
        code.extend(ids)
        ends.append(len(code))
        code.append(template.mark)
    statement, kept, cut_statement, cut = _fit(tokens, code, template)
    offset = (template.first is not None) + len(statement) + (template.between is not None) - cut
    survivors = [end for end in ends if end >= cut]
    marks = [offset + (end if end >= cut else survivors[0]) for end in ends] if survivors else []
    ids = _assemble(statement, kept, tokens.after_code, template)
    cut_marks = len(ends) - len(survivors)
    return TokenSequence(ids=ids, marks=marks, cut=cut_statement + cut, cut_code=cut - cut_marks)


def _fit(tokens: Tokens, code: list[int], template: Template) -> tuple[list[int], list[int], int, int]:
    """Cuts the statement at its end, then the code at its beginning; returns both and how much each lost."""
    fixed = sum(token is not None for token in (template.first, template.between, template.last))
    excess = fixed + len(tokens.statement) + len(code) + len(tokens.after_code) - template.context_length
    cut_statement = min(max(excess, 0), len(tokens.statement))
    cut_code = max(excess - cut_statement, 0)
    if cut_code >= len(code) > 0:
        raise ValueError(f"contextLength {template.context_length} leaves no place for code")
    statement = tokens.statement[: len(tokens.statement) - cut_statement]
    return statement, code[cut_code:], cut_statement, cut_code


def _assemble(statement: list[int], code: list[int], after_code: list[int], template: Template) -> list[int]:
    """Puts the parts and the special tokens in their places."""
    special = {name: [] if token is None else [token] for name, token in _specials(template).items()}
    return special["first"] + statement + special["between"] + code + after_code + special["last"]


def _specials(template: Template) -> dict[str, int | None]:
    return {"first": template.first, "between": template.between, "last": template.last}
