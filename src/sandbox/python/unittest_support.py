"""Loads the machinery of unittest jobs in the fork server, each module with builtins of its own, and runs jobs with it.

A program that replaces a builtin must not have its function called where it is judged.
"""

from __future__ import annotations

import builtins
import importlib
import os
import sys
import types
from typing import Any, Callable, NoReturn

import frames
import runners

HERE = os.path.dirname(os.path.abspath(__file__))
#: In the order in which they need each other.
MODULES = ["guard", "native", "integrity", "comparison", "test_source", "unittest_case", "unittest_runner"]
SOURCES_MOST = 16
#: Loaded and watched only where a test's source has the word: both bring asyncio along, and every fork would pay for that.
ON_DEMAND = {b"mock": "unittest.mock", b"IsolatedAsyncio": "unittest.async_case"}

_own: dict[str, types.ModuleType] = {}
_sources: dict[tuple[bytes, bytes], Any] = {}
_machinery: list[Any] = []
_versions: list[int] = []


def load(test: bytes) -> bool:
    """Loads what was not loaded yet; True when there was something."""
    integrity = _own.get("integrity")
    wanted = [name for word, name in ON_DEMAND.items() if word in test and name not in sys.modules]
    if integrity is not None and not wanted:
        return False
    if integrity is None:
        for name in ("unittest", "unittest._log"):
            try:
                importlib.import_module(name)
            except ImportError:  # unittest._log is in unittest.case before Python 3.10
                continue
        sys.modules["logging"]._srcfile = None  # type: ignore[attr-defined]  # records name no callers, so nobody asks for frames
        sys.modules.update(frames=frames, runners=runners)
        for name in MODULES:
            load_private(name)
        for name in ("frames", "runners", *MODULES):
            del sys.modules[name]
        integrity = _own["integrity"]
    for name in wanted:
        importlib.import_module(name)
        getattr(sys.modules["unittest"], "IsolatedAsyncioTestCase", None)  # a name that unittest fills in when it is first used
    watch(integrity, _own["guard"])
    return True


def load_private(name: str) -> None:
    """A module of this folder whose builtins are its own."""
    path = os.path.join(HERE, name + ".py")
    module = types.ModuleType(name)
    module.__dict__.update(__file__=path, __builtins__=dict(vars(builtins)))
    sys.modules[name] = _own[name] = module
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    exec(code, module.__dict__)
    _own["guard"].register(code, _own["guard"].OWN)


def watch(integrity: Any, guard: Any) -> None:
    """Notes what the machinery is, and whose the code is that is there before any program."""
    for name, module in list(sys.modules.items()):
        if isinstance(module, types.ModuleType) and name not in _own:
            guard.register_module(module, guard.MACHINERY if name.split(".")[0] == "unittest" else guard.LIBRARY)
    for module in (frames, runners):
        guard.register_module(module, guard.OWN)
    _own["native"].note()
    _machinery[:] = integrity.take(list(_own.values()))
    _versions[:] = integrity.versions(_machinery)


def source(test: bytes, prelude: bytes) -> Any:
    """What the test's source says of itself, kept for the next program."""
    found = _sources.get((test, prelude))
    if found is None:
        if len(_sources) >= SOURCES_MOST:
            _sources.clear()
        found = _sources[test, prelude] = _own["test_source"].TestSource(test, prelude, runners.TEST_NAME)
    return found


def run(
    blobs: list[Any], job: dict[str, Any], test: Any, trusted: tuple[str, ...], fd: int, begin: Callable[[], None]
) -> NoReturn:
    """Runs a job in this process, which is a child of the server."""
    _own["native"].shut(sys.audit)
    _own["unittest_runner"].run_unittest(blobs, job, test, _machinery, _versions, trusted, fd, begin)
    raise AssertionError("a run ends its process")
