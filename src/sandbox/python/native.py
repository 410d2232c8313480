"""Shuts the doors to native code that the audit hook of guard.py is not asked about.

A module of native code that was loaded before, or that is part of the interpreter, comes back from `_imp` without an event,
whoever asks in whatever way; the classes behind ctypes, which read any memory, stand among the subclasses of `object`; and a
handler of a signal gets the frame that it interrupts. What stands here in a function's place reaches the real one by its defaults, which
guard.py lets nobody read.
"""

from __future__ import annotations

import builtins
import ctypes
import gc
import sys
import types
from typing import Any, Callable, Iterator

#: Modules of native code whose classes read and write memory.
OF_MEMORY = ("_ctypes", "ctypes", "ctypes._endian")

#: What is replaced: (module, name).
DOORS = (("_imp", "create_builtin"), ("_imp", "create_dynamic"), ("_signal", "signal"))

_subclasses = type.__subclasses__
#: ids of the classes to hide.
_hidden: list[frozenset[int]] = []
#: Places of the real functions: (dictionary of a module, name in it, which of DOORS).
_holders: list[tuple[dict[str, Any], str, int]] = []


def note() -> None:
    """Before any program: finds the classes to hide and every module that holds a function to replace."""
    _hidden[:] = [frozenset(id(kind) for kind in _all_classes() if kind.__module__ in OF_MEMORY)]
    real = {id(getattr(sys.modules[module], name)): at for at, (module, name) in enumerate(DOORS)}
    _holders[:] = [
        (vars(module), name, real[id(value)])
        for module in list(sys.modules.values())
        if isinstance(module, types.ModuleType)
        for name, value in list(vars(module).items())
        if id(value) in real
    ]


def _all_classes() -> Iterator[type]:
    left, seen = [object], set()
    while left:
        kind = left.pop()
        if id(kind) not in seen:
            seen.add(id(kind))
            left.extend(_subclasses(kind) if kind is not type else type.__dict__["__subclasses__"](kind))
            yield kind


def shut(word: Callable[..., None]) -> None:
    """In the child, before the program. `word` is told ("funprm.native", name, path) of what is loaded, and may end the process."""
    builtin, dynamic, signal = [getattr(sys.modules[module], name) for module, name in DOORS]
    shut_ones = (_told(builtin, word, False), _told(dynamic, word, True), _without_frames(signal))
    for namespace, name, which in _holders:
        namespace[name] = shut_ones[which]
    _hide(_hidden[0])


def _alone(function: Any, **defaults: Any) -> Any:
    """The function with all it needs as defaults, and globals that lead nowhere; what loads a module in it needs builtins."""
    made = types.FunctionType(function.__code__, {"__builtins__": dict(vars(builtins))}, function.__name__)
    made.__kwdefaults__ = defaults
    return made


def _told(real: Callable[..., Any], word: Callable[..., None], from_file: bool) -> Callable[..., Any]:
    def create(spec: Any, *_: Any, _real: Any, _word: Any, _from_file: Any, _plain: Any, _str: Any, _type: Any) -> Any:
        """Makes a module of native code of its specification."""
        # Every attribute is read once: a second look could find another name.
        name, origin = spec.name, spec.origin
        if _type(name) is not _str or (_from_file and _type(origin) is not _str):
            raise TypeError("name and origin of a module are texts")
        fixed = _plain()
        fixed.__dict__.update(spec.__dict__)
        fixed.__dict__.update(name=name, origin=origin, parent=spec.parent)
        _word("funprm.native", name, origin if _from_file else None)
        return _real(fixed)

    needs = {"_plain": types.SimpleNamespace, "_str": str, "_type": type}
    return _alone(create, _real=real, _word=word, _from_file=from_file, **needs)


def _without_frames(real: Callable[..., Any]) -> Callable[..., Any]:
    def signal(signalnum: Any, handler: Any, *, _real: Any, _callable: Any) -> Any:
        """Sets the handler of a signal."""
        if not _callable(handler):
            return _real(signalnum, handler)
        return _real(signalnum, lambda number, _: handler(number, None))

    return _alone(signal, _real=real, _callable=callable)


def _hide(hidden: frozenset[int]) -> None:
    """Leaves the classes out of what `type.__subclasses__` lists."""

    def __subclasses__(self: Any, *, _real: Any, _hidden: Any, _id: Any) -> Any:  # noqa: N807 (the name it stands for)
        """Return a list of immediate subclasses."""
        return [kind for kind in _real(self) if _id(kind) not in _hidden]

    namespace = next(each for each in gc.get_referents(type.__dict__) if type(each) is dict)
    namespace["__subclasses__"] = _alone(__subclasses__, _real=namespace["__subclasses__"], _hidden=hidden, _id=id)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(type))
