"""unittest classes: test and program share one interpreter, because such tests patch, mock and subclass.

A pass needs an explicit message for every test that the genuine loader found, signed with a word that is drawn for this run,
from a process whose unittest and builtins are unchanged. Ending the process early, printing, patching unittest or builtins,
skipping from inside the program: none of these passes. What stays possible is named in docs/design/sandbox.md: a program written
against this very file can find the word in this process's memory.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import types
import unittest
from typing import Any, Callable, NoReturn

import integrity
from frames import write_all
from runners import TEST_NAME, describe, execute, finish, load_prelude, new_module

_TestCase = unittest.TestCase
_loader = unittest.TestLoader()
_saved_modules = {name: module for name, module in sys.modules.items() if name.split(".")[0] in ("unittest", "builtins")}
_write, _dumps, _exit, _changed, _describe = write_all, json.dumps, os._exit, integrity.changed, describe


def remember_modules() -> None:
    """Notes the genuine modules of unittest, in the fork server, before any candidate."""
    names = [name for name in sys.modules if name.split(".")[0] in ("unittest", "builtins")]
    _saved_modules.update((name, sys.modules[name]) for name in names)


class Recorder(unittest.TestResult):
    """Keeps the outcome of the one test that runs."""

    def __init__(self, skip_declared: bool) -> None:
        super().__init__()
        self.skip_declared = skip_declared
        self.outcome = "none"
        self.message = ""

    def _note(self, outcome: str, test: Any, error: Any = None) -> None:
        if self.outcome in ("none", "pass"):
            self.outcome = outcome
            self.message = "" if error is None else _describe(error[1])

    def addSuccess(self, test: Any) -> None:  # noqa: N802 (unittest's name)
        self._note("pass", test)

    def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802
        self._note("fail", test, err)

    def addError(self, test: Any, err: Any) -> None:  # noqa: N802
        self._note("error", test, err)

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802
        # A skip the test's author wrote is known before the run; one that comes up inside is the program's doing.
        if self.skip_declared:
            self._note("pass", test)
        else:
            self._note("error", test, (None, unittest.SkipTest(reason), None))

    def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: N802
        self._note("pass", test)

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802
        self._note("fail", test)

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802
        if err is not None:
            self._note("fail" if issubclass(err[0], test.failureException) else "error", test, err)


def run_unittest(
    blobs: list[Any], options: dict[str, Any], snapshot: Any, report_fd: int, begin: Callable[[], None]
) -> NoReturn:
    """Loads the program, then the test into the same module, and runs the named classes (all, where none is named).

    Reports lines `WORD {...}`: `tests` (ids), one `id, outcome, message` a test, `done`; or `load` / `broken` / `changed`.
    """
    source, prelude, test = [bytes(blob) for blob in blobs]
    word: str = options["word"]

    def say(**message: Any) -> None:
        _write(report_fd, ("%s %s\n" % (word, _dumps(message))).encode())

    module = new_module("__test__")
    try:
        load_prelude(prelude, module)
    except BaseException as error:
        say(broken=json.loads(_describe(error)))
        finish(1)
    begin()
    try:
        execute(source, module)
    except BaseException as error:
        say(load=json.loads(_describe(error)))
        finish(1)
    restore_interpreter(module)
    damage = _changed(snapshot)
    if damage is not None:
        say(changed=damage)
        _exit(1)
    try:
        execute(test, module, TEST_NAME)
        cases = find_cases(module, options.get("testClasses"))
    except BaseException as error:
        say(broken=json.loads(_describe(error)))
        finish(1)
    say(tests=[case_id(case) for case in cases])
    for case in cases:
        recorder = run_case(case)
        damage = _changed(snapshot)
        if damage is not None:
            say(changed=damage)
            _exit(1)
        say(id=case_id(case), outcome=recorder.outcome, message=recorder.message)
    say(done=len(cases))
    _exit(0)


def restore_interpreter(module: types.ModuleType) -> None:
    """Puts back what a program may have swapped out from under the test."""
    sys.settrace(None)
    sys.setprofile(None)
    threading.settrace(None)  # type: ignore[arg-type]
    threading.setprofile(None)
    sys.modules.update(_saved_modules)
    module.__dict__["__builtins__"] = _saved_modules["builtins"]


def find_cases(module: types.ModuleType, names: list[str] | None) -> list[Any]:
    """The tests of the named classes, or of every TestCase class of the test; none at all is a broken test."""
    wanted = names if names is not None else [
        name for name, kind in module.__dict__.items()
        if type(kind) is type and issubclass(kind, _TestCase) and kind.__module__ == module.__name__
    ]  # fmt: skip
    cases: list[Any] = []
    for name in wanted:
        kind = module.__dict__[name]
        if _TestCase not in type.mro(kind):
            raise TypeError("%s is no unittest.TestCase" % name)
        cases.extend(_loader.loadTestsFromTestCase(kind))
    if not cases:
        raise LookupError("the test source holds no unittest test")
    return cases


def case_id(case: Any) -> str:
    """`TestCases.test_one`."""
    return "%s.%s" % (type(case).__name__, case._testMethodName)


def run_case(case: Any) -> Recorder:
    """One test with its class fixtures."""
    method = getattr(type(case), case._testMethodName)
    recorder = Recorder(any(getattr(part, "__unittest_skip__", False) for part in (type(case), method)))
    try:
        unittest.TestSuite([case]).run(recorder)
    except BaseException as error:  # SystemExit and the like pass through unittest
        recorder.outcome = "error"
        recorder.message = _describe(error)
    return recorder
