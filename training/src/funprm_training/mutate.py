"""Small faults put into a passing program: contrast in which nothing but the fault differs."""

import re

import numpy as np

_SWAPS: dict[str, tuple[str, ...]] = {
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "==": ("!=",),
    "!=": ("==",),
    "+": ("-",),
    "-": ("+",),
    "//": ("/", "%"),
    "min": ("max",),
    "max": ("min",),
    "and": ("or",),
    "or": ("and",),
    "True": ("False",),
    "False": ("True",),
    "0": ("1",),
    "1": ("0", "2"),
    "2": ("1", "3"),
}
_TOKEN = re.compile(r"(?P<text>#[^\n]*|'[^'\n]*'|\"[^\"\n]*\")|(?P<op>//|[<>=!+*/-]=|\*\*|[A-Za-z_]\w*|\d+|[<>+-])")


def mutant(code: str, rng: np.random.Generator) -> str | None:
    """The program with one operator, name or small number swapped; None when there is nothing to swap."""
    places = [match for match in _TOKEN.finditer(code) if match["op"] is not None and match["op"] in _SWAPS]
    if not places:
        return None
    chosen = places[rng.integers(len(places))]
    options = _SWAPS[chosen["op"]]
    return code[: chosen.start()] + options[rng.integers(len(options))] + code[chosen.end() :]
