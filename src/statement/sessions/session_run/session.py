"""Runs docstring sessions on a program: each one in a fresh module, statement by statement.

`run` gives a JSON text, a list with one `{"outcome", "state", "passed"}` for each step that was come to. The outcome is the
value's or exception's text, the state the named attributes of the objects that the session holds; `passed` is None where
the docstring shows nothing that could be compared.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import tempfile
import time
import types
from typing import Any, Iterator

from .canonical import canonical, state
from .effects import effects, forget
from .outcome import equal, literal, raised, shown
from .web import answer

_program: Any = None
_attributes: set[str] = set()
#: CPU seconds of one statement, and of loading the program.
_seconds = {"step": 0.25, "load": 0.25}
#: Whether figures and files are looked at: what functions of libraries leave behind.
_effects = False


class OutOfTime(BaseException):
    """Not an Exception: a program's own handlers should let it through."""


OUT_OF_TIME = "raises OutOfTime"


def prepare(code: str, attributes: list[str], step_s: float, load_s: float, library: bool) -> None:
    """Compiles the program once for all sessions; with `library` nothing waits, and no window opens."""
    global _program, _effects
    _program = compile(code, "solution.py", "exec", dont_inherit=True)
    _attributes.update(attributes)
    _seconds.update(step=step_s, load=load_s)
    _effects = library
    if library:
        os.environ["MPLBACKEND"] = "Agg"
        time.sleep = lambda seconds: None


def run(steps: list[dict[str, Any]]) -> str:
    """Runs one session. A program that cannot be loaded raises; after a statement that raises the session goes on, after one
    that does not end it is over."""
    module = types.ModuleType("solution")
    sys.modules["solution"] = module
    seed()
    with tempfile.TemporaryDirectory() as folder, in_folder(folder):
        with limited(io.StringIO(), "load"):
            exec(_program, module.__dict__)
        seed()  # also what the program has loaded just now
        forget()
        if _effects:
            answer()
        results = []
        for step in steps:
            results.append(run_step(step, module))
            if results[-1]["outcome"] == OUT_OF_TIME:
                break
        return json.dumps(results)


def seed() -> None:
    random = sys.modules.get("random")
    if random is not None:
        random.seed(0)
    numpy_random: Any = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(0)


@contextlib.contextmanager
def in_folder(folder: str) -> Iterator[None]:
    """Files that one session writes are gone in the next."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def run_step(step: dict[str, Any], module: types.ModuleType) -> dict[str, Any]:
    stdout = io.StringIO()
    printed = step.get("printed", "")
    passed: bool | None = None
    try:
        with limited(stdout):
            value = execute(step["source"], module)
            outcome = "%s%s" % (canonical(value, _attributes), stdout.getvalue() and " printed " + repr(stdout.getvalue()))
        if printed:
            passed = shown(printed, value, stdout.getvalue())
    except BaseException as error:
        outcome = "raises %s" % type(error).__name__
        passed = bool(printed) and raised(printed, error)
    for place, text in step.get("states", []):
        passed = passed is not False and holds(place, text, module)
    return {"outcome": outcome, "state": left_behind(module), "passed": passed}


def left_behind(module: types.ModuleType) -> str:
    if not _effects:
        return states(module)
    try:
        with limited(io.StringIO()):
            found = effects(_attributes)
            forget()
            return found
    except BaseException as error:
        return "raises %s" % type(error).__name__


def execute(source: str, module: types.ModuleType) -> Any:
    """The value of an expression; None of any other statement."""
    try:
        code = compile(source, "session", "eval", dont_inherit=True)
    except SyntaxError:
        exec(compile(source, "session", "exec", dont_inherit=True), module.__dict__)
        return None
    return eval(code, module.__dict__)


def holds(place: str, text: str, module: types.ModuleType) -> bool:
    """`account.balance = 700` below a statement: so it is said to be afterwards."""
    try:
        with limited(io.StringIO()):
            return equal(eval(place, module.__dict__), literal(text))
    except BaseException:
        return False


def states(module: types.ModuleType) -> str:
    """Of all objects of the program's classes under the session's names."""
    try:
        with limited(io.StringIO()):
            found = []
            for name, value in sorted(module.__dict__.items()):
                if type(value).__module__ == "solution" and not isinstance(value, type) and hasattr(value, "__dict__"):
                    found.append("%s: %s" % (name, state(value, _attributes)))
            return "; ".join(found)
    except BaseException as error:
        return "raises %s" % type(error).__name__


@contextlib.contextmanager
def limited(stdout: io.StringIO, what: str = "step") -> Iterator[None]:
    """Standard output caught, and a bound on CPU time that interrupts Python code."""

    def stop(*_: Any) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, _seconds[what], _seconds[what])
    real = sys.stdout
    sys.stdout = stdout
    try:
        yield
    finally:
        sys.stdout = real
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
