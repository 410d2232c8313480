"""A text for every value: equal values have equal texts, in every program and every run."""

from __future__ import annotations

import datetime
import hashlib
import math
import re
from typing import Any

from .library import plain

#: Deeper values and longer texts are cut off; programs that differ only there count as equal.
DEPTH = 8
CHARS = 400


def canonical(value: Any, attributes: set[str]) -> str:
    """Of objects of the program's own classes, the class and the attributes named in `attributes`."""
    text = timeless(_text(value, attributes, DEPTH, []))
    return text if len(text) <= CHARS else "%s...%s" % (text[:CHARS], hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12])


def timeless(text: str) -> str:
    """The text without the time of day after today's date: programs do not run at one time."""
    today = datetime.date.today()
    written = r"%s[ T]\d\d:\d\d(:\d\d(\.\d+)?)?" % today.isoformat()
    built = r"datetime\.datetime\(%d, %d, %d(, \d+)*\)" % (today.year, today.month, today.day)
    return re.sub("%s|%s" % (written, built), "<now>", text)


def _text(value: Any, attributes: set[str], depth: int, above: list[int]) -> str:
    if value is None or isinstance(value, (bool, str, bytes)):
        return repr(value)
    if isinstance(value, (int, float)):
        return number(value)
    if depth == 0 or id(value) in above:
        return "..."
    below = [*above, id(value)]

    def each(items: Any) -> list[str]:
        return [_text(item, attributes, depth - 1, below) for item in items]

    if isinstance(value, dict):
        pairs = ["%s: %s" % (key, item) for key, item in zip(each(value.keys()), each(value.values()))]
        return "{%s}" % ", ".join(sorted(pairs))
    if isinstance(value, (set, frozenset)):
        return "set(%s)" % ", ".join(sorted(each(value)))
    if isinstance(value, (list, tuple)):
        # A tuple and a list of the same items are two spellings of one answer for most readers of a docstring.
        return "[%s]" % ", ".join(each(value))
    found = plain(value)
    if found is not None:
        return _text(found, attributes, depth - 1, below)
    fields = getattr(value, "__dict__", None)
    if isinstance(fields, dict) and type(value).__repr__ is object.__repr__:
        return "%s(%s)" % (type(value).__name__, state(value, attributes, depth - 1, below))
    if isinstance(value, type) or callable(value):
        return "<%s>" % getattr(value, "__name__", type(value).__name__)
    text = repr(value)
    return type(value).__name__ if " at 0x" in text else text


def state(value: Any, attributes: set[str], depth: int = DEPTH, above: list[int] | None = None) -> str:
    """The named attributes of an object, those that it has."""
    fields = {key: item for key, item in vars(value).items() if key in attributes}
    texts = ["%s=%s" % (key, _text(item, attributes, depth, above or [id(value)])) for key, item in sorted(fields.items())]
    return timeless(", ".join(texts))


def number(value: int | float) -> str:
    """1 and 1.0 are equal; floats count to nine digits, for sums may be taken in another order."""
    if isinstance(value, int):
        return str(int(value)) if abs(value) < 10**18 else hex(value)
    if math.isnan(value) or math.isinf(value):
        return repr(value)
    return str(int(value)) if value == int(value) and abs(value) < 10**15 else "%.9g" % value
