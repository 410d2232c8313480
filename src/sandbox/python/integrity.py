"""Notices a program that changed what tests rely on: builtins, unittest, mock.

Taken once in the fork server, before any candidate; compared in the child after the program was loaded and after every test.
"""

from __future__ import annotations

import builtins
import sys
import types
import unittest
import unittest.case
import unittest.loader
import unittest.result
import unittest.suite
import unittest.util  # noqa: F401 (named in MODULES)
from typing import Any

MODULES = ["unittest", "unittest.case", "unittest.loader", "unittest.result", "unittest.suite", "unittest.util"]
#: Loaded and watched only where a test names it: it brings asyncio along, and every fork would pay for that.
MOCK = "unittest.mock"
_dict_of = type.__dict__["__dict__"].__get__
_module_dict_of = types.ModuleType.__dict__["__dict__"].__get__
_function = types.FunctionType
_code_of = _function.__dict__["__code__"].__get__
_defaults_of = _function.__dict__["__defaults__"].__get__
_type, _isinstance = type, isinstance

#: One entry: label, a function's or class's dictionary getter, and its contents by name.
Snapshot = list


def take() -> Snapshot:
    """What the containers hold now."""
    containers: list[tuple[str, Any, Any]] = [("builtins", _module_dict_of, builtins)]
    for module in [sys.modules[name] for name in [*MODULES, MOCK] if name in sys.modules]:
        containers.append((module.__name__, _module_dict_of, module))
        for name, kind in vars(module).items():
            if isinstance(kind, type) and kind.__module__.startswith("unittest"):
                containers.append(("%s.%s" % (module.__name__, name), _dict_of, kind))
    return [(label, get, owner, _contents(get(owner))) for label, get, owner in containers]


def changed(snapshot: Snapshot) -> str | None:
    """The first thing that differs from the snapshot, as `unittest.case.TestCase.assertEqual`, or None."""
    for label, get, owner, before in snapshot:
        now = get(owner)
        for name, (value, code, defaults) in before:
            found = now.get(name, before)
            if found is not value:
                return "%s.%s" % (label, name)
            if code is not None and (_code_of(found) is not code or _defaults_of(found) is not defaults):
                return "%s.%s" % (label, name)
    return None


def _contents(namespace: Any) -> list[tuple[str, tuple[Any, Any, Any]]]:
    # The last two are what mock_open fills in when it is first used.
    skipped = ("_", "__warningregistry__", "__abstractmethods__", "_abc_impl", "file_spec", "open_spec")
    return [(name, _fingerprint(value)) for name, value in namespace.items() if name not in skipped]


def _fingerprint(value: Any) -> tuple[Any, Any, Any]:
    if _isinstance(value, _function):
        return value, _code_of(value), _defaults_of(value)
    return value, None, None
