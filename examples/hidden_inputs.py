"""The inputs of the examples' hidden tests: fixed cases first, then cases from a seeded generator, large ones last.

One function a problem; it gets a generator that is seeded with the problem's name, and must keep to the limits that the
problem states. generate_tests.py turns the inputs into tests.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

# Every JSON reader keeps whole numbers up to 2^53 exact, and not all keep larger ones.
LARGEST = 9 * 10**15

Row = int | str | list[int] | tuple[int, ...]
Case = Any  # the text of stdin, or the list of arguments of a call


def lines(*rows: Row) -> str:
    """Rows of numbers or texts as the lines of a stdin text."""
    return "".join(" ".join(map(str, row)) + "\n" if isinstance(row, (list, tuple)) else f"{row}\n" for row in rows)


def interval_merge(rng: Random) -> list[Case]:
    """Nothing, no duration, touching, nested and equal bookings; 10^9 seconds; two large cases."""

    def case(pairs: list[tuple[int, int]]) -> str:
        return lines(len(pairs), *pairs)

    def some(n: int, top: int, longest: int) -> list[tuple[int, int]]:
        starts = [rng.randrange(top) for _ in range(n)]
        return [(s, min(top, s + rng.randrange(longest + 1))) for s in starts]

    chain = [(5 * i, 5 * i + 5) for i in range(2500)]
    rng.shuffle(chain)
    return [
        case([]),
        case([(3, 8)]),
        case([(4, 4)]),
        case([(0, 0), (7, 7), (7, 7)]),
        case([(5, 9), (1, 5)]),
        case([(0, 100), (10, 20), (30, 40), (99, 120)]),
        case([(10, 20), (12, 13), (15, 30)]),
        case([(2, 6), (2, 6), (2, 6)]),
        case([(0, 10), (10, 10), (12, 12), (20, 25)]),
        case([(0, 1), (999999999, 1000000000)]),
        *(case(some(12, 40, 4)) for _ in range(4)),
        case(chain),
        case(some(3500, 1000000000, 300000)),
    ]


def lantern_ring(rng: Random) -> list[Case]:
    """Rings of one lantern, all dark, all lit, stretches across the end, ties; a large ring that is mostly lit."""

    def ring(n: int, dark_of_100: int) -> str:
        return "".join("." if rng.randrange(100) < dark_of_100 else "#" for _ in range(n))

    mostly_lit = list("#" * 60000)
    for place in (9, 20011, 40123, 51007):
        mostly_lit[place] = "."
    return [
        lines(0, "."),
        lines(1, "."),
        lines(0, "#"),
        lines(0, "....."),
        lines(100000, "..#.."),
        lines(2, "#..##"),
        lines(0, "###.#..##"),
        lines(1, "##..#..#.#"),
        lines(0, ".#..#..#."),
        lines(1, ".#.#.#.#"),
        *(lines(rng.randrange(4), ring(11, 50)) for _ in range(4)),
        lines(1, "".join(mostly_lit)),
        lines(700, ring(30000, 30)),
    ]


def tray_order(rng: Random) -> list[Case]:
    """Empty and impossible orders, traps for greedy packing and for forgotten set-ups; 16 sizes; trays of one roll."""

    def case(n: int, p: int, sizes: list[int]) -> str:
        return lines((n, len(sizes), p), sizes)

    def some() -> str:
        pool = list(range(2, 13))
        rng.shuffle(pool)
        return case(rng.randrange(10, 60), rng.randrange(12), pool[: rng.randrange(1, 5)])

    wide = [41, 97, 13, 250, 8, 77, 310, 59, 122, 19, 33, 180, 66, 145, 71, 24]
    return [
        case(0, 9, [4, 7]),
        case(5, 1000, [6]),
        case(6, 0, [4, 3, 1]),
        case(12, 0, [9, 4]),
        case(9, 10, [5, 4, 3]),
        case(30, 8, [14, 2, 10]),
        case(1, 0, [1]),
        case(3000, 1000, [3000, 1]),
        *(some() for _ in range(5)),
        case(3000, 37, wide),
        case(2999, 1000, wide),
        case(3000, 5, [1]),
        case(2999, 3, [2, 4, 6, 3000]),
    ]


def ferry_network(rng: Random) -> list[Case]:
    """Questions about one island, parallel lines, late harbours on the way; a long row and a large network."""

    def some(n: int, m: int, q: int, days: int) -> str:
        links = []
        for _ in range(m):
            u, v = rng.randrange(1, n + 1), rng.randrange(1, n)
            links.append((u, v if v < u else v + 1, rng.randrange(days)))
        asked = [(rng.randrange(1, n + 1), rng.randrange(1, n + 1)) for _ in range(q)]
        return lines((n, m, q), [rng.randrange(days) for _ in range(n)], *links, *asked)

    n = 2000
    # A row of islands whose lines start in a random order, so that joined islands lie far apart.
    row = [(i, i + 1, rng.randrange(1000000)) for i in range(1, n)]
    asked = [(rng.randrange(1, n + 1), rng.randrange(1, n + 1)) for _ in range(900)]
    return [
        lines((1, 0, 1), [17], (1, 1)),
        lines((2, 0, 2), [1, 1], (1, 2), (2, 2)),
        lines((3, 3, 2), [0, 0, 0], (1, 2, 9), (1, 3, 2), (3, 2, 4), (1, 2), (2, 1)),
        lines((3, 2, 1), [0, 50, 0], (1, 2, 1), (2, 3, 1), (1, 3)),
        lines((2, 3, 1), [0, 0], (1, 2, 7), (2, 1, 3), (1, 2, 5), (2, 1)),
        lines((3, 1, 3), [4, 4, 4], (2, 3, 0), (3, 2), (1, 3), (1, 1)),
        *(some(7, 8, 10, 20) for _ in range(5)),
        some(40, 60, 60, 1000),
        lines((n, n - 1, len(asked)), [0] * n, *row, *asked),
        some(2000, 3000, 2000, 1000000),
    ]


def fair_shares(rng: Random) -> list[Case]:
    """No members, no hours, ties, and amounts at which floating-point shares go wrong."""

    def some(n: int, amount: int, top: int) -> Case:
        return [rng.randrange(amount), [rng.randrange(top) for _ in range(n)]]

    return [
        [0, []],
        [5, []],
        [12, [0, 0, 0]],
        [0, [3, 4]],
        [9, [1]],
        [2, [1, 1, 1, 1]],
        [5, [1, 1, 1]],
        [3, [10, 10, 1, 1]],
        [1, [5, 4, 0, 5]],
        [LARGEST - 3, [1, 7, 4, 7]],
        [LARGEST - 97, [8, 5, 1, 7]],
        [LARGEST, [10**12, 10**12 - 1, 7, 10**12 - 3]],
        *(some(6, 40, 9) for _ in range(4)),
        some(2000, LARGEST, 10**12),
    ]


def orchard_row(rng: Random) -> list[Case]:
    """Losses only, trees exactly at the gap, trees at one place, traps for greedy choice; dense and long paths."""

    def some(n: int, top: int, gap: int, low: int, high: int) -> Case:
        places = [rng.randrange(top) for _ in range(n)]
        return [places, [rng.randrange(low, high) for _ in range(n)], gap]

    return [
        [[5], [-3], 2],
        [[5, 1, 9], [-3, -2, -7], 1],
        [[5, 1], [0, -2], 1],
        [[0, 3, 6, 9], [1, 1, 1, 1], 3],
        [[2, 4, 6], [5, 8, 5], 4],
        [[7, 7, 7], [1, 2, 3], 0],
        [[7, 7, 8], [1, 2, 3], 1],
        [[30, 10, 20, 0], [4, 9, 10, 3], 11],
        [[1, 2, 3], [4, 5, 6], 1000000000],
        *(some(9, 15, 4, -3, 10) for _ in range(4)),
        [list(range(70)), [1 + i * 7 % 5 for i in range(70)], 2],
        some(3000, 1000000000, 700000, -200, 1000),
        some(3000, 2000, 5, -1000, 1000),
    ]


def page_ranges(rng: Random) -> list[Case]:
    """No pages, pairs, repeated and far apart pages; large orders."""
    far = [rng.randrange(1, 1000000001) for _ in range(2000)]
    dense = [rng.randrange(1, 8000) for _ in range(8000)]
    return [
        [[]],
        [[4]],
        [[8, 8, 8]],
        [[2, 1]],
        [[1, 2, 2, 3]],
        [[5, 6, 8, 9, 10, 12]],
        [[10, 9, 8, 7, 10, 9]],
        [[1, 3, 5, 7]],
        [[99, 100, 101, 9, 10, 11]],
        [[1, 1000000000]],
        [[999999999, 1000000000, 999999998, 1]],
        *([[rng.randrange(1, 15) for _ in range(9)]] for _ in range(3)),
        [far],
        [dense],
    ]


def pattern_repair(rng: Random) -> list[Case]:
    """Empty strings, stars that match nothing, replacements; strings too long for recursion or brute force."""

    def text(n: int, letters: str) -> str:
        return "".join(letters[rng.randrange(len(letters))] for _ in range(n))

    label = text(580, "abcdefgh0123-")
    damaged = "".join(
        "?" if i % 23 == 5 else "*" if i % 97 == 11 else "z" if i % 131 == 40 else character
        for i, character in enumerate(label)
        if i % 61 != 7
    )
    return [
        ["", ""],
        ["", "*"],
        ["", "a?*b"],
        ["abc", ""],
        ["abc", "***"],
        ["ab", "a*b"],
        ["ab", "ab*"],
        ["cat", "cut"],
        ["kayak", "k?y?c"],
        ["a", "??"],
        ["shelf-12", "*-?"],
        *([text(7, "ab"), text(6, "ab?*")] for _ in range(5)),
        [text(30, "abcd"), text(28, "wxyz?")],
        ["a" * 600, "a" * 500 + "*"],
        [text(300, "abc"), text(290, "abc?")],
        [label, damaged],
    ]


GENERATORS: dict[str, Callable[[Random], list[Case]]] = {
    "interval-merge": interval_merge,
    "lantern-ring": lantern_ring,
    "tray-order": tray_order,
    "ferry-network": ferry_network,
    "fair-shares": fair_shares,
    "orchard-row": orchard_row,
    "page-ranges": page_ranges,
    "pattern-repair": pattern_repair,
}
