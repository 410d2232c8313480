"""Further sessions for a function that works with libraries: calls of its docstring by themselves, with other literals, with
wrong arguments, on files that are there, and with the values that its parameters' types name.

In: `{"sessions", "methods": [outline], "each"}` as JSON on stdin; out as generate.py: a setup, then one call that is compared.
"""

from __future__ import annotations

import ast
import builtins
import copy
import os
import random
import signal
import tempfile
from typing import Any

from .fixtures import fixture, is_place, looks_like_path
from .generate import TYPICAL, TRIES, parsed, trees
from .mutate import literals, mutate

#: What a caller may give by mistake; what the function then raises or returns is part of what it was asked to do.
WRONG = ["None", "[]", "''", "{}", "0", "-1", "'x'", "[1, 'a', None]"]
#: CPU seconds of one setup.
SETUP_S = 2.0
#: Columns of a table that nothing is known of.
TABLE = "__import__('pandas').DataFrame({'A': [1, 2, 3, 4], 'B': [4.5, 3.5, 2.0, 2.0], 'C': ['x', 'y', 'x', 'z']})"
#: Beside those of generate.py: what the words of a docstring stand for.
LIBRARY_TYPICAL = {
    "dataframe": [TABLE],
    "series": ["__import__('pandas').Series([3, 1, 2, 2])"],
    "array": ["__import__('numpy').array([3, 1, 2, 2])", "__import__('numpy').array([[1, 2], [3, 4]])"],
    "ndarray": ["__import__('numpy').array([3, 1, 2, 2])", "__import__('numpy').array([[1, 2], [3, 4]])"],
}


class LibraryGenerator:
    """The calls of the function in its docstring, each with what was set up for it, and what is made from them."""

    def __init__(self, request: dict[str, Any]) -> None:
        signal.signal(signal.SIGVTALRM, out_of_time)
        self.function = request["methods"][0]
        self.name = self.function["bare"]
        self.each = request["each"]
        self.imports = request["imports"]
        self.setups: dict[str, bool] = {}
        self.examples = [example for session in request["sessions"] for example in self.calls_in(trees(session["steps"]))]
        self.values = [
            node.value for steps in self.examples for node in literals(steps) if isinstance(node, ast.Constant)
        ]
        self.words = sorted({value for value in self.values if isinstance(value, str) and value.isidentifier()})

    def calls_in(self, steps: list[ast.stmt]) -> list[list[ast.stmt]]:
        """Every call of the function as a session of its own: what was set up before it, then the bare call."""
        found: list[list[ast.stmt]] = []
        setup: list[ast.stmt] = []
        for step in steps:
            calls = [node for node in ast.walk(step) if self.is_call(node)]
            found.extend([*copy.deepcopy(setup), ast.Expr(copy.deepcopy(call))] for call in calls)
            if not calls and not is_print(step):
                setup.append(step)
        return found

    def is_call(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == self.name

    def all(self) -> list[dict[str, Any]]:
        draw = random.Random(self.name)
        sessions: list[list[str]] = []
        for steps in [*self.plain(), *self.typed(draw), *self.wrong()]:
            self.add(sessions, steps)
        bases = [steps for steps in [*self.plain(), *self.typed(draw)] if self.changeable(steps)]
        for _ in range(TRIES * self.each if bases else 0):
            steps = copy.deepcopy(draw.choice(bases))
            changeable = self.changeable(steps)
            for node in draw.sample(changeable, min(len(changeable), draw.choice([1, 1, 2, 3]))):
                mutate(node, draw, self.values)
            self.add(sessions, steps)
        name = self.function["name"]
        return [
            {"method": name, "steps": [*({"source": each} for each in steps[:-1]), {"source": steps[-1], "method": name}]}
            for steps in sessions
        ]

    def changeable(self, steps: list[ast.stmt]) -> list[Any]:
        """Literals but for paths: a file that is not there is not there under another name either."""
        return [node for node in literals(steps) if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and is_place(node.value))]

    def add(self, sessions: list[list[str]], steps: list[ast.stmt]) -> None:
        try:
            texts = [ast.unparse(each) for each in steps]
        except (ValueError, RecursionError):
            return
        if not self.sets_up(texts[:-1]):
            # A docstring may call helpers that only its author has.
            texts = [text for text, each in zip(texts, steps) if each is steps[-1] or not is_bare_call(each)]
        if texts not in sessions and len(sessions) < self.each and self.sets_up(texts[:-1]):
            sessions.append(texts)

    def sets_up(self, setup: list[str]) -> bool:
        """Whether what comes before the call can be made: a changed table may have columns of different lengths."""
        text = "\n".join([self.imports, *setup])
        if text not in self.setups:
            self.setups[text] = runs(text)
        return self.setups[text]

    def plain(self) -> list[list[ast.stmt]]:
        """The docstring's calls, also with files in place of the paths that they name, and the call without arguments."""
        found = list(self.examples)
        found.extend(steps for steps in map(self.on_files, self.examples) if steps is not None)
        if not self.function["required"]:
            found.append([ast.Expr(parsed("%s()" % self.name))])
        return found

    def on_files(self, steps: list[ast.stmt]) -> list[ast.stmt] | None:
        """The same with files that exist."""
        changed = copy.deepcopy(steps)
        made: dict[str, tuple[str, list[str]]] = {}
        for node in [node for step in changed for node in ast.walk(step)]:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and looks_like_path(node.value):
                made.setdefault(node.value, fixture(node.value, len(made), self.words))
                node.value = made[node.value][0]
        setup = [step for _, sources in made.values() for step in trees_of(sources)]
        return [*setup, *changed] if made else None

    def typed(self, draw: random.Random) -> list[list[ast.stmt]]:
        """Calls with values of the types that the docstring or the annotations name; paths for parameters called so."""
        if not self.function["required"] or (self.examples and all(not is_undefined(steps) for steps in self.examples)):
            return []
        found = []
        for _ in range(TRIES):
            arguments, setup = [], []
            for parameter, kind in zip(self.function["required"], self.function["types"]):
                if kind in ("str", "", "path") and any(word in parameter for word in ("path", "file", "dir", "folder")):
                    name, sources = fixture(parameter, len(setup), self.words)
                    setup.extend(trees_of(sources))
                    arguments.append(repr(name))
                elif kind in LIBRARY_TYPICAL:
                    arguments.append(draw.choice(LIBRARY_TYPICAL[kind]))
                elif kind in TYPICAL:
                    arguments.append(repr(draw.choice(TYPICAL[kind])))
                else:
                    return found
            found.append([*setup, ast.Expr(parsed("%s(%s)" % (self.name, ", ".join(arguments))))])
        return found

    def wrong(self) -> list[list[ast.stmt]]:
        """The first call with one argument in turn that is not what was asked for."""
        base = next(iter(self.examples), None)
        if base is None:
            count = len(self.function["required"])
            return [[ast.Expr(parsed("%s(%s)" % (self.name, ", ".join([value] * count))))] for value in WRONG if count]
        found = []
        call = base[-1].value  # type: ignore[attr-defined]
        for at in range(min(3, len(call.args))):
            for value in WRONG[:: 1 if len(call.args) == 1 else 2]:
                changed = copy.deepcopy(base)
                changed[-1].value.args[at] = parsed(value)  # type: ignore[attr-defined]
                found.append(changed)
        return found


def runs(text: str) -> bool:
    before = os.getcwd()
    signal.setitimer(signal.ITIMER_VIRTUAL, SETUP_S)
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            exec(compile(text, "setup", "exec", dont_inherit=True), {})
        return True
    except Exception:
        return False
    finally:
        os.chdir(before)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def out_of_time(*_: Any) -> None:
    raise TimeoutError


def is_bare_call(step: ast.stmt) -> bool:
    """`f(x)` as a statement, of a function that is no attribute."""
    value = getattr(step, "value", None)
    return isinstance(step, ast.Expr) and isinstance(value, ast.Call) and isinstance(value.func, ast.Name)


def is_print(step: ast.stmt) -> bool:
    return is_bare_call(step) and step.value.func.id == "print"  # type: ignore[attr-defined]


def is_undefined(steps: list[ast.stmt]) -> bool:
    """Whether the call uses a name that nothing before it binds."""
    bound = {"True", "False", "None"}
    for step in steps[:-1]:
        for node in ast.walk(step):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound.add(node.id)
            if isinstance(node, ast.alias):
                bound.add((node.asname or node.name).split(".")[0])
    call = steps[-1].value  # type: ignore[attr-defined]
    names = [node.id for part in [*call.args, *(each.value for each in call.keywords)] for node in ast.walk(part) if isinstance(node, ast.Name)]
    return any(name not in bound and not hasattr(builtins, name) for name in names)


def trees_of(sources: list[str]) -> list[ast.stmt]:
    return [step for source in sources for step in ast.parse(source).body]
