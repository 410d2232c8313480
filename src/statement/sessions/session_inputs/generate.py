"""Further sessions from those of the docstrings: other values, other calls before, methods without an example.

In: `{"sessions", "methods", "each"}` as JSON on stdin; out: `[{"method", "steps": [{"source", "method"?}]}]`, at most `each` a
method. A step that calls a method says which, so that what it shows counts for that method. Equal requests have equal answers.
"""

from __future__ import annotations

import ast
import copy
import json
import random
import sys
from typing import Any

from .mutate import literals, mutate

#: Values by the type that a docstring or an annotation names.
TYPICAL = {
    "int": [0, 1, 2, 3, 5, 10, -1],
    "float": [0.5, 1.0, 2.5, 10.0, -1.5],
    "str": ["a", "abc", "Hello world", "", "test 1"],
    "bool": [True, False],
    "list": [[1, 2, 3], [], [3, 1, 2, 2]],
    "dict": [{"a": 1}, {}],
    "tuple": [(1, 2)],
}
#: Tries for each session that is kept: most are new.
TRIES = 4


class Generator:
    """`sessions` as trees, the pool of their calls by method, and the values that they hold."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.methods = {each["bare"]: each for each in request["methods"]}
        self.each = request["each"]
        self.sessions = [(each["method"], trees(each["steps"])) for each in request["sessions"]]
        self.sessions = [(method, steps) for method, steps in self.sessions if steps]
        self.values = [node.value for _, steps in self.sessions for node in literals(steps) if isinstance(node, ast.Constant)]
        self.calls: dict[str, list[ast.Call]] = {}
        for _, steps in self.sessions:
            for statement in steps:
                call = self.call_of(statement)
                if call is not None:
                    self.calls.setdefault(call.func.attr, []).append(call)

    def call_of(self, statement: ast.stmt) -> Any:
        """The call of one of the methods that a statement is, or whose value it keeps."""
        value = getattr(statement, "value", None)
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in self.methods:
            return value
        return None

    def all(self) -> list[dict[str, Any]]:
        found = []
        for method in self.methods.values():
            if method["bare"].startswith("__"):
                continue
            draw = random.Random(method["bare"])
            texts: set[str] = set()
            for _ in range(TRIES * self.each):
                steps = self.variant(method, draw)
                session = {"method": method["name"], "steps": [self.step(each) for each in steps or []]}
                text = json.dumps(session)
                if steps and text not in texts and len(texts) < self.each:
                    texts.add(text)
                    found.append(session)
        return found

    def step(self, statement: ast.stmt) -> dict[str, Any]:
        call = self.call_of(statement)
        named = {} if call is None else {"method": self.methods[call.func.attr]["name"]}
        return {"source": ast.unparse(statement), **named}

    def variant(self, method: dict[str, Any], draw: random.Random) -> list[ast.stmt] | None:
        """One session that calls the method: an example's or another's beginning, with some literals changed."""
        own = [steps for _, steps in self.sessions if any(self.calls_it(each, method) for each in steps)]
        if own and draw.random() < 0.8:
            steps = copy.deepcopy(draw.choice(own))
        else:
            beginning = self.beginning(draw)
            call = self.invented(method, beginning, draw)
            if call is None:
                return None
            steps = [*beginning, call]
        if draw.random() < 0.5:
            self.insert_calls(steps, draw)
        changeable = literals(steps)
        for node in draw.sample(changeable, min(len(changeable), draw.choice([0, 1, 1, 2, 3]))):
            mutate(node, draw, self.values)
        if draw.random() < 0.3:
            last = [each for each in steps if self.calls_it(each, method)][-1:]
            steps.extend(copy.deepcopy(last))  # twice: state that it leaves behind
        return steps

    def calls_it(self, statement: ast.stmt, method: dict[str, Any]) -> bool:
        call = self.call_of(statement)
        return call is not None and call.func.attr == method["bare"]

    def beginning(self, draw: random.Random) -> list[ast.stmt]:
        """The statements of some session before its first call of a method."""
        if not self.sessions:
            return []
        steps = copy.deepcopy(draw.choice(self.sessions)[1])
        at = next((i for i, each in enumerate(steps) if self.call_of(each) is not None), len(steps))
        return [each for each in steps[:at] if isinstance(each, ast.Assign)]

    def receiver(self, steps: list[ast.stmt], owner: str) -> str | None:
        """The name under which a session holds an object of the class."""
        for each in steps:
            if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call) and isinstance(each.targets[0], ast.Name):
                if isinstance(each.value.func, ast.Name) and each.value.func.id == owner:
                    return each.targets[0].id
        return None

    def invented(self, method: dict[str, Any], steps: list[ast.stmt], draw: random.Random) -> ast.stmt | None:
        """A call with an example's arguments, or with values of the types that the docstring names."""
        owner = method["name"].rpartition(".")[0]
        name = self.receiver(steps, owner) if method["bound"] else owner
        if name is None:
            return None
        known = self.calls.get(method["bare"])
        if known:
            call = copy.deepcopy(draw.choice(known))
            call.func = parsed("%s.%s" % (name, method["bare"]))
        else:
            values = [repr(draw.choice(TYPICAL[kind])) for kind in method["types"] if kind in TYPICAL]
            if len(values) < len(method["types"]):
                return None
            call = parsed("%s.%s(%s)" % (name, method["bare"], ", ".join(values)))
        return ast.Expr(call)

    def insert_calls(self, steps: list[ast.stmt], draw: random.Random) -> None:
        """One or two calls of any methods, somewhere behind the statement that makes the object."""
        for _ in range(draw.choice([1, 1, 2])):
            method = self.methods[draw.choice(sorted(self.methods))]
            owner = method["name"].rpartition(".")[0]
            at = next((i for i in range(len(steps)) if self.receiver(steps[: i + 1], owner)), None)
            call = None if at is None else self.invented(method, steps, draw)
            if call is not None and at is not None and not method["bare"].startswith("__"):
                steps.insert(draw.randrange(at + 1, len(steps) + 1), call)


def parsed(expression: str) -> Any:
    return ast.parse(expression, mode="eval").body


def trees(sources: list[str]) -> list[ast.stmt]:
    """Statements that parse; `print(x)` is no input, and neither is a bare attribute."""
    found: list[ast.stmt] = []
    for source in sources:
        try:
            found.extend(ast.parse(source).body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
    return [each for each in found if not (isinstance(each, ast.Expr) and not isinstance(each.value, ast.Call))]
