"""The search for the line of no return against asking about every prefix."""

import math

from funprm_training.psgpo.line_labels import Asked, search_labels


def test_the_search_finds_what_asking_about_every_prefix_finds() -> None:
    lengths = [length for length in range(1, 17) for _ in range(length)]
    last_good = [good for length in range(1, 17) for good in range(length)]
    asked_of: dict[int, int] = {}

    def any_passes(asked: Asked) -> list[bool]:
        for at, _ in asked:
            asked_of[at] = asked_of.get(at, 0) + 1
        return [lines <= last_good[at] for at, lines in asked]

    labels = search_labels(lengths, [False] * len(lengths), any_passes)
    for label, good in zip(labels, last_good, strict=True):
        assert [label.of(line) for line in range(label.lines)] == [1] * good + [-1] * (label.lines - good)
    assert all(count <= math.ceil(math.log2(lengths[at])) for at, count in asked_of.items())


def test_nothing_is_asked_about_programs_that_pass() -> None:
    def any_passes(asked: Asked) -> list[bool]:
        raise AssertionError(asked)

    (label,) = search_labels([3], [True], any_passes)
    assert [label.of(line) for line in range(3)] == [1, 1, 1]
