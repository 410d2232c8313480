"""What a forked child does with a program: run it as a script, or call its function once for every list of arguments.

The child belongs to the candidate from the first line of its code on: everything it reports here is a claim about the
program's behaviour, compared outside with answers that never come in. Verdicts are made elsewhere.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import traceback
import types
from typing import Any, Callable, NoReturn

import evalplus_inputs
import literal
from frames import write_all

REPORT_CHARS = 500
PROGRAM_NAME = "solution.py"
PRELUDE_NAME = "prelude.py"
TEST_NAME = "test.py"
_write_all, _exit, _dumps, _encode, _shorten = write_all, os._exit, json.dumps, literal.encode, literal.shorten
_format = traceback.format_exception


def new_module(name: str) -> types.ModuleType:
    """An empty module that imports by `name` find, with the builtins every module has."""
    module = types.ModuleType(name)
    module.__dict__["__builtins__"] = __builtins__
    module.__dict__["__file__"] = PROGRAM_NAME
    sys.modules[name] = module
    return module


#: Code of preludes and unittest tests, compiled once in the server: programs of such tests see them anyway.
_prepared: dict[tuple[bytes, str], types.CodeType] = {}
PREPARED_MOST = 16


def prepare(source: bytes, filename: str) -> None:
    """Compiles what many children will run; what does not compile is left to them to report."""
    if not source or (source, filename) in _prepared:
        return
    if len(_prepared) >= PREPARED_MOST:
        _prepared.clear()
    try:
        _prepared[source, filename] = compile(source, filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass


def prepared(source: bytes, filename: str) -> types.CodeType | None:
    """The code that `prepare` made of a source, if it did."""
    return _prepared.get((source, filename))


def execute(source: bytes, module: types.ModuleType, filename: str = PROGRAM_NAME) -> None:
    """Runs source text in a module; a SyntaxError or what the code raises comes out."""
    code = _prepared.get((source, filename)) or compile(source, filename, "exec", dont_inherit=True)
    exec(code, module.__dict__)


def load_prelude(source: bytes, module: types.ModuleType) -> None:
    """Runs what a problem puts before the program; a starter that is no whole program (an empty method) is passed over."""
    try:
        execute(source, module, PRELUDE_NAME)
    except SyntaxError:
        pass


def describe(error: BaseException) -> str:
    """`["ValueError", "message"]` of an exception, whatever its own __str__ does."""
    try:
        message = str(error)[:REPORT_CHARS]
    except BaseException:
        message = "<no message>"
    return _dumps([type(error).__name__, message])


def threads_may_be_left() -> bool:
    """Whether anything waits for the end of threads. The module is loaded anyway, and to ask it costs a fork 70 pages."""
    threading = sys.modules.get("threading")
    if threading is None:
        return False
    return len(threading._active) > 1 or bool(threading._limbo) or bool(getattr(threading, "_threading_atexits", True))


def finish(code: int) -> NoReturn:
    """Ends the process as the interpreter would: threads, exit handlers, buffers, but without tearing down modules."""
    try:
        if threads_may_be_left():
            sys.modules["threading"]._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        code = code or 120
    _exit(code)


def run_script(source: bytes, prelude: bytes, report_fd: int, begin: Callable[[], None]) -> NoReturn:
    """The program as `python solution.py`. An uncaught exception is reported as `["Type", "message"]`."""
    module = new_module("__main__")
    try:
        if prelude:
            load_prelude(prelude, module)
        begin()
        execute(source, module)
    except SystemExit as stop:
        if stop.code is not None and not isinstance(stop.code, int):
            sys.stderr.write(str(stop.code) + "\n")
        finish(stop.code & 0xFF if isinstance(stop.code, int) else int(stop.code is not None))
    except BaseException as error:
        _write_all(report_fd, describe(error).encode())
        sys.stderr.write("".join(_format(type(error), error, error.__traceback__))[-4000:])
        finish(1)
    finish(0)


def load_arguments(calls: bytes) -> Any:
    """JSON with integers of any length; the interpreter's own limit is for what programs read."""
    if not hasattr(sys, "set_int_max_str_digits"):  # before Python 3.11, and the patches that brought it to older ones
        return json.loads(calls)
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return json.loads(calls)
    finally:
        sys.set_int_max_str_digits(limit)


def run_calls(
    source: bytes, prelude: bytes, calls: bytes, options: dict[str, Any], report_fd: int, begin: Callable[[], None]
) -> NoReturn:
    """Calls `entryPoint` with every argument list of `calls` (JSON, an array of arrays) and reports one line a call.

    Lines: `=VALUE` (literal.py; the digest of a long one where `digests` is set), `!["Type", "message"]` when the call raised,
    `#["Type", "message"]` alone when the program could not be loaded at all, and `?["Type", "message"]` when it was not come to:
    only from before `begin` is that one true. The report is written line by line, so a call
    that never ends is known by its place.
    """
    module = new_module("solution")
    digests = options.get("digests")
    try:
        arguments = evalplus_inputs.convert(options.get("conversion"), load_arguments(calls))
        load_prelude(prelude, module)
    except BaseException as error:
        _write_all(report_fd, b"?" + describe(error).encode() + b"\n")
        finish(1)
    begin()
    try:
        execute(source, module)
        target = compile(options["entryPoint"], "<entry point>", "eval")
        eval(target, module.__dict__)
    except BaseException as error:
        _write_all(report_fd, b"#" + describe(error).encode() + b"\n")
        finish(1)
    arguments.reverse()
    while arguments:
        try:
            # A method is called on an object of its own each time, as judges do: one may keep what it found before.
            value = _encode(eval(target, module.__dict__)(*arguments.pop()))
            line = "=" + (_shorten(value) if digests else value)
        except BaseException as error:
            line = "!" + describe(error)
        _write_all(report_fd, line.encode() + b"\n")
    finish(0)
