"""Argument types that JSON cannot carry, given back to the inputs of MBPP+ tasks as EvalPlus does (its mbpp.py).

The name of a conversion comes with the job; which task needs which is data of grade/tests/evalplus-oracles.ts.
"""

from __future__ import annotations

from typing import Any, Callable


def _tuples_deep(value: Any) -> Any:
    return tuple([_tuples_deep(item) for item in value]) if isinstance(value, list) else value


def _tuples_in(values: list[Any]) -> list[Any]:
    return [tuple(value) for value in values]


CONVERSIONS: dict[str, Callable[[list[Any]], Any]] = {
    "each-tuple": lambda call: _tuples_in(call),
    "each-list-of-tuples": lambda call: [_tuples_in(value) for value in call],
    "first-list-of-tuples": lambda call: [_tuples_in(call[0]), call[1]],
    "second-tuple": lambda call: [call[0], tuple(call[1])],
    "first-list-of-sets": lambda call: [[set(x) if isinstance(x, list) and x else {} for x in call[0]]],
    "float-complex": lambda call: [float(call[0]), complex(call[1])],
    "first-tuple": lambda call: [tuple(call[0]), *call[1:]],
    "each-tuple-of-tuples": lambda call: [tuple(_tuples_in(value)) for value in call],
    "first-tuple-of-tuples": lambda call: [tuple([tuple(item) if isinstance(item, list) else item for item in call[0]])],
    "first-dict-of-tuples": lambda call: [{key: tuple(value) for key, value in call[0].items()}, *call[1:]],
    "complex": lambda call: [complex(call[0])],
    "deep-tuples": lambda call: [_tuples_deep(value) for value in call],
}


def convert(name: str | None, calls: list[list[Any]]) -> list[Any]:
    """The argument lists with the types the task's programs expect."""
    return calls if name is None else [CONVERSIONS[name](call) for call in calls]
