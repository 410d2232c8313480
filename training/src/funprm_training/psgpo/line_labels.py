"""Labels of lines by search (PSGPO, section 3): the line of no return, from completions that the policy makes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Asked = list[tuple[int, int]]
"""Prefixes: (index of a program, number of its lines)."""


@dataclass(frozen=True)
class LineLabels:
    """+1 for the first `good` lines of a program, -1 for those behind them."""

    good: int
    lines: int

    def of(self, line: int) -> int:
        """The label of a line, from 0."""
        return 1 if line < self.good else -1


def search_labels(
    lengths: Sequence[int], passes: Sequence[bool], any_completion_passes: Callable[[Asked], list[bool]]
) -> list[LineLabels]:
    """The labels of programs of `lengths` lines, of which some pass.

    A prefix is good if any of its completions passes. Goodness is taken to end once and for good, so its end is found
    by halving, for all programs side by side: about log2 T rounds of questions. The empty prefix is taken to be good,
    and a program that passes is good to its end.
    """
    low = [length if passed else 0 for length, passed in zip(lengths, passes, strict=True)]
    # The last prefix is the program itself, which is known to fail.
    high = [length if passed else length - 1 for length, passed in zip(lengths, passes, strict=True)]
    while asked := [(at, (low[at] + high[at] + 1) // 2) for at in range(len(low)) if low[at] < high[at]]:
        for (at, middle), good in zip(asked, any_completion_passes(asked), strict=True):
            if good:
                low[at] = middle
            else:
                high[at] = middle - 1
    return [LineLabels(good, length) for good, length in zip(low, lengths, strict=True)]
