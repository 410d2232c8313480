"""unittest classes: test and program share one interpreter, because such tests patch, mock and subclass.

A pass needs a message for every test that the test's source holds, each signed with a key that is drawn for this run and lies
where only frames and memory lead, from a process whose machinery of tests is unchanged (integrity.py) and whose interpreter was
asked for nothing that shows it (guard.py). Answers that lie are compared by what they are (comparison.py). What stays possible is
named in docs/design/sandbox.md.
"""

from __future__ import annotations

import builtins
import importlib
import json
import os
import sys
import types
import unittest
from typing import Any, Callable, NoReturn

import comparison
import guard
import integrity
import unittest_case
from frames import write_all
from runners import PRELUDE_NAME, TEST_NAME, describe, execute, finish, load_prelude, new_module, prepared
from test_source import TestSource

try:
    from _sha512 import sha512  # type: ignore[import-not-found]  # random has loaded it
except ImportError:
    from _sha2 import sha512  # type: ignore[import-not-found]

_TestCase, _exit, _getpid, _dumps, _describe = unittest.TestCase, os._exit, os.getpid, json.dumps, describe
_loader = unittest.TestLoader()
PLAIN_DATA = (int, float, complex, str, bytes, tuple, list, dict, set, frozenset, type(None))


def signer(key: str, report_fd: int) -> Callable[..., None]:
    """Writes signed messages: the signature covers the number of the message, so none can be left out, repeated or made up.

    Only this process writes: a child that a program leaves in its place would be in time on some machines and not on others.
    """
    secret = key.encode()
    numbers = iter(range(1 << 30))
    owner = _getpid()

    def say(**message: Any) -> None:
        if _getpid() != owner:
            _exit(1)
        body = ("%d %s" % (next(numbers), _dumps(message))).encode()
        mark = sha512(secret + sha512(secret + body).digest()).hexdigest()[:32]
        write_all(report_fd, b"%s %s\n" % (mark.encode(), body))

    return say


def run_unittest(
    blobs: list[Any],
    options: dict[str, Any],
    source: TestSource,
    machinery: list[Any],
    at_start: list[int],
    trusted: tuple[str, ...],
    report_fd: int,
    begin: Callable[[], None],
) -> NoReturn:
    """Loads the program, then the test into a copy of its names, and runs the named classes (all, where none is named).

    Reports signed messages: `tests` (ids), one `id, outcome, message` a test, `done`; or `load`, `broken`, `changed`, `tampered`.
    """
    code, prelude, test = [bytes(blob) for blob in blobs]
    say = signer(options["word"], report_fd)
    changed, versions = integrity.changed, integrity.versions
    module = new_module("__test__")
    try:
        load_prelude(prelude, module)
    except BaseException as error:
        say(broken=json.loads(_describe(error)))
        finish(1)
    used = load_what_the_test_uses(source)
    arm(source, prelude, trusted, say)
    modules = dict(sys.modules)
    begin()
    try:
        execute(code, module)
    except BaseException as error:
        say(load=json.loads(_describe(error)))
        finish(1)
    sys.modules.update(modules)
    # A program may put a name into builtins, as gettext does, while it is loaded.
    loaded = [integrity.loose(machinery[0]), *machinery[1:]]
    stop_if(changed(loaded, [0, *at_start[1:]]) or changed(used), say)
    namespace = dict(module.__dict__, __builtins__=vars(builtins))
    by_program = lambda code: guard.whose(code) is guard.PROGRAM  # noqa: E731
    namespace.update(comparison.honest_for(by_program, "mock" in source.words))
    before = dict(namespace)
    try:
        if source.code is None:
            compile(test, TEST_NAME, "exec", dont_inherit=True)
        exec(source.code, namespace)  # type: ignore[arg-type]
        share(namespace, before, module, source.bound)
        cases = find_cases(namespace, before, options.get("testClasses"))
    except BaseException as error:
        say(broken=json.loads(_describe(error)))
        finish(1)
    watched = [*machinery, *own_entries(namespace, before, source), *uses(source)]
    if "builtins" in source.words:
        watched[0] = integrity.loose(watched[0])
    since = versions(watched)
    say(tests=[case.name for case in cases])
    for case in cases:
        outcome, error = unittest_case.run(case)
        stop_if(changed(watched, since), say)
        say(id=case.name, outcome=outcome, message="" if error is None else _describe(error))
    stop_if(changed(watched, since), say)
    say(done=len(cases))
    _exit(0)


def stop_if(damage: str | None, say: Callable[..., None]) -> None:
    """Ends the process of a program that changed something, with a word about it."""
    if damage is not None:
        say(changed=str(damage))
        _exit(1)


def arm(source: TestSource, prelude: bytes, trusted: tuple[str, ...], say: Callable[..., None]) -> None:
    """Takes away what reads memory and starts to watch; the last thing before the program."""
    for name in ("ctypes", "_ctypes"):
        if "ctypes" not in source.words:
            sys.modules.pop(name, None)
    for code in (source.code, prepared(prelude, PRELUDE_NAME)):
        if code is not None:
            guard.register(code, guard.TEST, source.given)
    guard.config["TestCase"] = _TestCase
    watched = ("builtins", *integrity.MODULES, integrity.MOCK, *source.imports)
    guard.config["watched"] = frozenset(id(sys.modules[name]) for name in watched if name in sys.modules)
    guard.install(trusted, source.words, lambda what: say(tampered=what))


def load_what_the_test_uses(source: TestSource) -> list[Any]:
    """Imports the test's modules before the program can put others in their place; what fails is left to the test to find."""
    for name in source.imports:
        try:
            importlib.import_module(name)
        except BaseException:
            continue
    return uses(source)


def uses(source: TestSource) -> list[Any]:
    """Watches over the functions and classes of modules that the test names."""
    entries = []
    for module, path in sorted(source.uses):
        holder: Any = sys.modules.get(module)
        for name in path:
            # By their types: a lazy object answers to what it stands for, and may not be able to yet.
            space = vars(holder) if issubclass(type(holder), (type, types.ModuleType)) else {}
            if name not in space or not (callable(space[name]) or type(space[name]) is types.ModuleType):
                break  # a module of another type is loaded when it is used, and puts the real one in its place
            label = "%s.%s" % (getattr(holder, "__name__", module), name)
            entries.append(integrity.entry(label.rpartition(".")[0], {name: space[name]}, False, False, space))
            holder = space[name]
    return entries


def share(namespace: dict[str, Any], before: dict[str, Any], module: types.ModuleType, imported: frozenset[str]) -> None:
    """Gives the program's module what the test imports and defines, as if both were one; but no data, which may be answers."""
    for name, value in namespace.items():
        if before.get(name, namespace) is not value and (name in imported or type(value) not in PLAIN_DATA):
            module.__dict__[name] = value


def own_entries(namespace: dict[str, Any], before: dict[str, Any], source: TestSource) -> list[Any]:
    """Watches over the test's own names and classes; where the test itself writes to them, its functions stay what they are."""
    entries = [entry_of("the test's names", namespace, not source.writes_globals)]
    for name, kind in namespace.items():
        if issubclass(type(kind), type) and before.get(name) is not kind and kind.__module__ == "__test__":
            strict = issubclass(kind, _TestCase) and not source.writes_classes
            entries.append(entry_of("the test's class %s" % name, integrity.dict_of(kind), strict))
    return entries


def entry_of(label: str, space: dict[str, Any], strict: bool) -> Any:
    """`strict`: nothing may change. If not: functions and classes may not, and what unittest has no new meaning."""
    if strict:
        return integrity.entry(label, space, True)
    fixed = {name: value for name, value in space.items() if callable(value)}
    return integrity.entry(label, fixed, False, False, space, tuple(dir(_TestCase)))


def find_cases(namespace: dict[str, Any], before: dict[str, Any], names: list[str] | None) -> list[Any]:
    """The tests of the named classes, or of every TestCase class of the test; none at all is a broken test."""
    wanted = names if names is not None else [
        name for name, kind in namespace.items()
        if type(kind) is type and before.get(name) is not kind and issubclass(kind, _TestCase)
        and kind.__module__ == "__test__"
    ]  # fmt: skip
    cases: list[Any] = []
    for name in wanted:
        kind = namespace[name]
        if before.get(name) is kind or _TestCase not in type.mro(kind):
            raise TypeError("%s is no unittest.TestCase of the test" % name)
        cases.extend(unittest_case.plan(kind, method) for method in _loader.getTestCaseNames(kind))
    if not cases:
        raise LookupError("the test source holds no unittest test")
    return cases
