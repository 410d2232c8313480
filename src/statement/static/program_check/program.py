"""What can be said of programs without running them, as JSON on stdout for the JSON on stdin.

In: a list of problems, `{"programs": [{"code", "entryPoint"}...], "starter": text, "entryPoint": name or null, "prelude":
text}`; a program's own entry point is what grading calls of it. Out: for each problem a list for each program, of `{"kind",
"scope", "detail", "line"}`; no finding is a program in which nothing looks wrong. The programs are read by the very
interpreter that will run them, and never executed: not one module is imported that is not loaded already.
"""

from __future__ import annotations

import ast
import functools
import json
import sys
import warnings
from typing import Any

from .attributes import missing_attributes
from .calls import wrong_calls
from .imports import wrong_imports
from .names import module_names, undefined_names
from .parts import asked_as_called, asked_parts, missing_parts
from .tree import finding


def check(code: str, asked: list[dict[str, Any]], prelude_names: set[str] | None) -> list[dict[str, Any]]:
    """All findings of one program, in the order of its lines."""
    try:
        compile(code, "solution.py", "exec", dont_inherit=True)
        tree = ast.parse(code)
    except SyntaxError as error:
        return [finding("syntax", "", "%s" % error.msg, error.lineno or 0)]
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return [finding("syntax", "", "%s: %s" % (type(error).__name__, error), 0)]
    try:
        found = [
            *missing_parts(tree, asked),
            *undefined_names(code, tree, prelude_names),
            *missing_attributes(tree),
            *wrong_calls(tree),
            *wrong_imports(tree),
        ]
    except RecursionError:
        return []
    return sorted(found, key=lambda each: each["line"])


def check_all(request: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The findings of every program of one problem."""
    named = request["entryPoint"]
    asked = asked_parts(request["starter"], named)
    prelude_names = names_of_prelude(request["prelude"])
    return [
        check(each["code"], asked_as_called(asked, named, each["entryPoint"]), prelude_names)
        for each in request["programs"]
    ]


#: Most problems have one of a few preludes, and one is longer than a program.
names_of_prelude = functools.lru_cache(maxsize=None)(module_names)


def main() -> None:
    warnings.simplefilter("ignore")
    json.dump([check_all(each) for each in json.load(sys.stdin)], sys.stdout)
