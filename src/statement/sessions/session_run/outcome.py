"""Compares what a statement gave with what the docstring shows below it."""

from __future__ import annotations

import ast
import math
import re
from typing import Any

_NONE = object()
EXCEPTION = re.compile(r"^(?:\w+\.)*(\w+(?:Error|Exception|Warning|Iteration|Interrupt|Exit))\b")


def literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return _NONE


def shown(printed: str, value: Any, stdout: str) -> bool | None:
    """Whether `printed` is the value, or what was printed; None where the text cannot be read as a value."""
    if expected_exception(printed) is not None:
        return False
    actual = stdout.strip() if value is None and stdout.strip() else safe_repr(value)
    if squeeze(actual) == squeeze(printed):
        return True
    expected = literal(printed)
    if expected is _NONE:
        return None
    if value is None and stdout.strip():
        value = literal(stdout.strip())
    return equal(value, expected)


def raised(printed: str, error: BaseException) -> bool:
    """Whether the docstring shows that very exception."""
    return expected_exception(printed) == type(error).__name__


def expected_exception(printed: str) -> str | None:
    lines = printed.strip().split("\n")
    if not printed or literal(printed) is not _NONE:
        return None
    found = EXCEPTION.match(lines[-1].strip())
    return found.group(1) if found else None


def equal(value: Any, expected: Any) -> bool:
    """Equality, with a tolerance for floats at any depth: a docstring may show fewer digits."""
    try:
        if isinstance(expected, float) and isinstance(value, (int, float)) and not isinstance(value, bool):
            return math.isclose(value, expected, rel_tol=1e-6, abs_tol=1e-9)
        if isinstance(expected, (list, tuple)) and isinstance(value, (list, tuple)):
            return type(expected) is type(value) and len(value) == len(expected) and all(map(equal, value, expected))
        if isinstance(expected, dict) and isinstance(value, dict):
            return value.keys() == expected.keys() and all(equal(value[key], item) for key, item in expected.items())
        return bool(value == expected)
    except Exception:
        return False


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def safe_repr(value: Any) -> str:
    try:
        return repr(value)
    except Exception:
        return "<%s>" % type(value).__name__
