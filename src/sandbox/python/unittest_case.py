"""Runs one test of a TestCase class with its fixtures, and believes only what returns.

A test has passed when its method came back: whatever is raised instead is a failure, unittest's own control-flow exceptions
(`SkipTest`, `_ShouldStop`) included, for the program can raise them. Skips and expected failures count where the test's source
declared them.
"""

from __future__ import annotations

import unittest
from typing import Any, NamedTuple

_TestCase = unittest.TestCase


class Planned(NamedTuple):
    """A test as it was before the first one ran."""

    case: Any
    name: str
    skipped: bool
    expects_failure: bool


class Outcome:
    """What `TestCase.subTest` and `doCleanups` want of their runner, and the first error of a test."""

    result = None
    result_supports_subtests = True
    expectedFailure = None  # noqa: N815 (unittest's name)

    def __init__(self, failure: Any) -> None:
        self.failure = failure
        self.first: tuple[str, BaseException] | None = None
        self.success = True
        self.errors: list[Any] = []
        self.skipped: list[Any] = []

    def testPartExecutor(self, *_: Any, **__: Any) -> Outcome:  # noqa: N802
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        if kind is not None:
            self.note(error)
        return True

    def note(self, error: BaseException) -> None:
        """Keeps the first error."""
        self.success = False
        if self.first is None:
            self.first = ("fail" if isinstance(error, self.failure) else "error", error)


def plan(kind: type, name: str) -> Planned:
    """Makes the test, and reads what its source declared."""
    case = kind(name)  # type: ignore[call-arg]
    parts = (kind, getattr(kind, name))
    skipped = any(getattr(part, "__unittest_skip__", False) for part in parts)
    expects = any(getattr(part, "__unittest_expecting_failure__", False) for part in parts)
    return Planned(case, "%s.%s" % (kind.__name__, name), skipped, expects)


def run(planned: Planned) -> tuple[str, BaseException | None]:
    """`pass`, `fail` or `error`, with what was raised first."""
    if planned.skipped:
        return "pass", None
    case, kind = planned.case, type(planned.case)
    outcome = Outcome(case.failureException)
    finished = False
    with outcome:
        kind.setUpClass()
        case._outcome = outcome
        start = getattr(case, "_setupAsyncioRunner", None) or getattr(case, "_setupAsyncioLoop", None)
        if start is not None:
            start()
            quieten(case)
        with outcome:
            call(case, "_callSetUp", case.setUp)
            with outcome:
                call(case, "_callTestMethod", getattr(case, case._testMethodName))
                finished = True
            if planned.expects_failure:
                finished = not finished and outcome.first is not None
                outcome.first = None
            call(case, "_callTearDown", case.tearDown)
        case.doCleanups()
        stop = getattr(case, "_tearDownAsyncioRunner", None) or getattr(case, "_tearDownAsyncioLoop", None)
        if stop is not None:
            stop()
        case._outcome = None
    with outcome:
        kind.tearDownClass()
    if kind._class_cleanups:
        kind.doClassCleanups()
        for _, error, _ in kind.tearDown_exceptions:
            outcome.note(error)
    if outcome.first is not None:
        return outcome.first
    return ("pass", None) if finished else ("fail", AssertionError("an expected failure did not come"))


def quieten(case: Any) -> None:
    """Ends the debugging of asyncio that IsolatedAsyncioTestCase begins: it keeps the stack of every callback, frames and all."""
    if hasattr(case, "_asyncioRunner"):
        case._asyncioRunner._debug = False
    else:
        case._asyncioTestLoop.set_debug(False)


def call(case: Any, asynchronous: str, method: Any) -> None:
    """A fixture or test; IsolatedAsyncioTestCase has a way of its own to call each."""
    own = getattr(type(case), asynchronous, None)
    if own is None or own is getattr(_TestCase, asynchronous, None):
        method()
    elif asynchronous == "_callTestMethod":
        own(case, method)
    else:
        own(case)
