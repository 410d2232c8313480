"""The sequence and cut rules of docs/design/prm-manifest.md, on numbers small enough to read."""

import pytest

from funprm_training.prm.template import (
    Template,
    prefix_sequence,
    prefix_sequences,
    step_mark_sequence,
    tokenize,
)


def encode(text: str) -> list[int]:
    """One id a character, so that what was cut can be read off."""
    return [ord(character) for character in text]


def ids(text: str) -> list[int]:
    return [{"^": 1, "|": 2, "$": 3, "#": 4}.get(character, ord(character)) for character in text]


def prefix(context: int, **parts: str) -> Template:
    return Template("prefix", context, 0, first=1, between=2, last=3, after_statement="", **parts)


def marked(context: int) -> Template:
    return Template("step-mark", context, 0, first=1, between=2, last=3, mark=4, after_statement="")


def test_prefix_sequences_grow_by_whole_steps() -> None:
    template = prefix(99, before_statement="<", after_code=">")
    found = prefix_sequences(tokenize("stmt", ["ab", "cde"], template, encode), template)
    assert [sequence.ids for sequence in found] == [ids("^<stmt|ab>$"), ids("^<stmt|abcde>$")]


def test_absent_special_tokens_take_no_place() -> None:
    template = Template("prefix", 9, 0, after_statement="\n")
    assert prefix_sequence(tokenize("s", ["c"], template, encode), 0, template).ids == encode("s\nc")


@pytest.mark.parametrize(
    ("context", "text", "cut", "cut_code"),
    [(12, "^stmt|abcde$", 0, 0), (11, "^stm|abcde$", 1, 0), (8, "^|abcde$", 4, 0), (6, "^|cde$", 6, 2)],
)
def test_the_statement_is_cut_from_its_end_then_code_from_its_beginning(
    context: int, text: str, cut: int, cut_code: int
) -> None:
    template = prefix(context)
    sequence = prefix_sequence(tokenize("stmt", ["ab", "cde"], template, encode), 1, template)
    assert (sequence.ids, sequence.cut, sequence.cut_code) == (ids(text), cut, cut_code)


def test_each_prefix_is_cut_only_as_far_as_it_needs() -> None:
    template = prefix(8)
    found = prefix_sequences(tokenize("stmt", ["ab", "cde"], template, encode), template)
    assert [sequence.cut for sequence in found] == [1, 4]


def test_marks_follow_their_steps() -> None:
    template = marked(99)
    sequence = step_mark_sequence(tokenize("st", ["ab", "cde"], template, encode), template)
    assert sequence.ids == ids("^st|ab#cde#$")
    assert sequence.marks == [6, 10]


@pytest.mark.parametrize(
    ("context", "text", "marks", "cut_code"),
    [
        (9, "^|b#cde#$", [3, 7], 1),
        (8, "^|#cde#$", [2, 6], 2),
        (7, "^|cde#$", [5, 5], 2),
        (5, "^|e#$", [3, 3], 4),
    ],
)
def test_a_step_cut_away_is_read_at_the_first_mark_left(
    context: int, text: str, marks: list[int], cut_code: int
) -> None:
    template = marked(context)
    sequence = step_mark_sequence(tokenize("st", ["ab", "cde"], template, encode), template)
    assert (sequence.ids, sequence.marks, sequence.cut_code) == (ids(text), marks, cut_code)


def test_a_context_without_place_for_code_is_refused() -> None:
    template = prefix(3)
    with pytest.raises(ValueError, match="no place for code"):
        prefix_sequence(tokenize("", ["abc"], template, encode), 0, template)


def test_only_step_mark_has_a_mark() -> None:
    with pytest.raises(ValueError, match="only step-mark"):
        Template("prefix", 9, 0, mark=4)
