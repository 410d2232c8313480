"""Notices a program that changed what tests rely on, also where it put everything back.

Every dictionary of CPython up to 3.13 carries a version that grows with each change, so a patch that removes itself when it has
done its work still shows. Where there is none, contents are compared. Added names count: `__unittest_skip__` or
`__getattribute__` on a class work as well as a replaced method. Code, defaults and bases need no look: guard.py sees them change.
"""

from __future__ import annotations

import builtins
import ctypes
import gc
import sys
import types
from typing import Any

MODULES = ["unittest", "unittest.case", "unittest.loader", "unittest.result", "unittest.suite", "unittest.util",
           "unittest._log", "unittest.async_case", "contextlib", "collections", "traceback", "re", "functools"]  # fmt: skip
MOCK = "unittest.mock"
#: Their dictionaries change for good reasons: a submodule is loaded, mock_open fills in two names, re is written to when used.
CONTENTS_ONLY = ("unittest", "re", MOCK)
#: Names that the code of a module would find in it although it did not put them there.
FOUND_UNASKED = (*vars(builtins), "__getattr__", "__dir__")
SKIPPED = ("_", "__warningregistry__", "__abstractmethods__", "_abc_impl", "file_spec", "open_spec", "__annotations__")
#: Of ma_version_tag in a PyDictObject, after the reference count, the type and the number of entries.
VERSION_OFFSET = 24
HEAP_TYPE = 1 << 9

_dict_of = type.__dict__["__dict__"].__get__
#: (label, dictionary, contents by name, cells of its functions, view of its version or None,
#: whether added names count, names that may not be added)
Entry = tuple


def version_of(namespace: dict[str, Any]) -> Any:
    """A view of the version that CPython keeps of a dictionary: `.value` is the number now."""
    return ctypes.c_uint64.from_address(id(namespace) + VERSION_OFFSET)


def _has_versions() -> bool:
    if sys.version_info >= (3, 14) or ctypes.sizeof(ctypes.c_void_p) != 8 or "t" in sys.abiflags:
        return False
    trial = {"a": 1}
    view = version_of(trial)
    before = view.value
    trial["a"] = 2
    trial["a"] = 1
    return before != view.value


VERSIONS = _has_versions()


def dict_of(kind: type) -> dict[str, Any]:
    """The dictionary behind the read-only view of a class."""
    return next(each for each in gc.get_referents(_dict_of(kind)) if type(each) is dict)


def take(own: list[types.ModuleType]) -> list[Entry]:
    """What the machinery of tests holds now; `own` are the modules of the runner, each with builtins of its own."""
    entries = [entry("builtins", vars(builtins), True, False)]
    for module in [*(sys.modules[name] for name in [*MODULES, MOCK] if name in sys.modules), *own]:
        if module.__name__ in CONTENTS_ONLY:
            # Libraries leave marks of their own there; only what stands for a builtin would be found.
            entries.append(entry(module.__name__, vars(module), False, False, None, FOUND_UNASKED))
        else:
            entries.append(entry(module.__name__, vars(module), True))
        for name, kind in vars(module).items():
            if isinstance(kind, type) and kind.__module__ == module.__name__ and kind.__flags__ & HEAP_TYPE:
                entries.append(entry("%s.%s" % (module.__name__, name), dict_of(kind), module.__name__ != MOCK))
        if module in own:
            entries.append(entry("the builtins of %s" % module.__name__, vars(module)["__builtins__"], True))
    return entries


def entry(
    label: str,
    contents: dict[str, Any],
    strict: bool,
    frozen: bool = True,
    space: dict[str, Any] | None = None,
    barred: tuple[str, ...] = (),
) -> Entry:
    """One watched dictionary. `strict`: any change counts, put back or not. `frozen`: added names count, `barred` ones always.

    `space`: the dictionary, where only some of its contents count.
    """
    if "__name__" in contents:  # a module's: the first warning that is said to come from it would add this
        contents.setdefault("__warningregistry__", {})
    before = {name: value for name, value in contents.items() if name not in SKIPPED}
    cells = [(name, *cell) for name, value in before.items() for cell in _cells(value)]
    space = contents if space is None else space
    missing = tuple(name for name in barred if name not in space)
    return label, space, before, cells, version_of(space) if strict and VERSIONS else None, frozen, missing


def loose(watched: Entry) -> Entry:
    """The same, but what was put back does not count."""
    return (*watched[:4], None, *watched[5:])


def _cells(value: Any) -> list[Any]:
    """What the functions around a function share with it; a cell can be written without a trace."""
    found = []
    for cell in (value.__closure__ or ()) if type(value) is types.FunctionType else ():
        try:
            found.append((cell, cell.cell_contents))
        except ValueError:  # empty
            continue
    return found


def versions(entries: list[Entry]) -> list[int]:
    """The versions now, to be held to from here on."""
    return [0 if view is None else view.value for _, _, _, _, view, _, _ in entries]


def changed(
    entries: list[Entry],
    since: list[int] | None = None,
    _skipped: Any = SKIPPED,
    _module: Any = types.ModuleType,
    _type: Any = type,
    _len: Any = len,
    _iter: Any = iter,
    _missing: Any = object(),
    _wrong: Any = Exception,
) -> str | None:
    """The first thing that differs, as `unittest.case.TestCase.assertEqual`, or None. `since`: versions to hold to.

    It takes all it needs as defaults: a program can reach and change the globals of a function, builtins included, but not these.
    """
    left = None if since is None else _iter(since)
    for label, space, before, cells, view, frozen, barred in entries:
        same = left is not None and left.__next__() == (0 if view is None else view.value)
        try:
            for name, cell, content in cells:
                if cell.cell_contents is not content:
                    return label + "." + name
            if same and view is not None:
                continue
            for name, value in before.items():
                if space.get(name, _missing) is not value:
                    return label + "." + name
            for name in barred:
                if name in space:
                    return label + "." + name
            if frozen and _len(space) > _len(before):
                for name, value in space.items():
                    if name not in before and name not in _skipped and _type(value) is not _module:
                        return label + "." + name
        except _wrong:
            return label
        if left is not None and view is not None:
            return label + ", and put it back"
    return None
