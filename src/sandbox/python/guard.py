"""Sees what a program does to the interpreter it shares with a test, and ends the process before it has its way.

An audit hook (PEP 578) cannot be removed. It is asked before a frame, a function's code, a list of the collector's objects or a
trace function is handed over, so a program that asks for one gets nothing: the process reports `tampered` and is gone. Honest
code asks too (namedtuple, typing, tracebacks), so the hook looks at who asks: code objects that were registered before the
program, or that equal what lies in a read-only library file, are not the program, whatever file name they claim.

Nothing here may run code of the program's: no builtin that it could have replaced (the module has its own, see `unittest_support`),
no comparison with its objects. There is no class here, because `object.__subclasses__()` would lead to it.
"""

from __future__ import annotations

import _imp
import importlib.util
import marshal
import os
import sys
import types
from typing import Any, Callable, Iterator

_exit, _open, _read, _close = os._exit, os.open, os.read, os.close
_starts, _ends, _same = str.startswith, str.endswith, str.__eq__
_function, _code, _module, _type, _str = types.FunctionType, types.CodeType, types.ModuleType, type, str
_code_of = types.FunctionType.__dict__["__code__"].__get__
_mro = type.mro
_cached, _loads = importlib.util.cache_from_source, marshal.loads
_frozen = getattr(_imp, "get_frozen_object", None)

EXIT_CODE = 122
#: Of a code object: it is a function's, not a module's or a class's.
OPTIMIZED = 1
OWN, TEST, MACHINERY, LIBRARY, PROGRAM = "own", "test", "machinery", "library", "program"
#: Exit the process for whoever asks; only a test that names tracing or profiling may.
TRACING = ("sys.settrace", "sys.setprofile", "sys.addaudithook", "sys.monitoring.register_callback")
THREADS = ("sys._current_frames", "sys._current_exceptions")
COLLECTOR = ("gc.get_objects", "gc.get_referrers", "gc.get_referents")
FRAMES = ("tb_frame", "gi_frame", "cr_frame", "ag_frame", "gi_code", "cr_code", "ag_code")
CODE = ("__code__", "__defaults__", "__kwdefaults__", "__globals__")
#: The attributes that `judge_attribute` has an opinion on.
WATCHED = frozenset((*FRAMES, *CODE, "__class__", "__bases__"))
#: Hooks that can be at work at the same time, in threads or one in another; each exception of a signal handler in one costs one.
LOOKERS = 256
#: Modules that read or write memory, or give frames, without being asked twice.
DANGEROUS = ("ctypes", "_ctypes", "cffi", "_cffi_backend", "greenlet", "_greenlet", "gevent", "_testcapi",
             "_testinternalcapi", "_testbuffer", "_xxsubinterpreters", "_interpreters", "_signal", "_imp")  # fmt: skip
#: What native.py says when a module of native code is made, by whatever way.
NATIVE = "funprm.native"
#: Functions of the standard library that use a frame and hand it to nobody: (end of the file, name; None: all of it).
HARMLESS = (("/collections/__init__.py", "namedtuple"), ("/typing.py", None), ("/enum.py", None), ("/traceback.py", None),
            ("/inspect.py", "getgeneratorstate"), ("/inspect.py", "getcoroutinestate"), ("/dataclasses.py", None))  # fmt: skip
INSPECTING = ("currentframe", "stack", "getouterframes", "getframeinfo")
#: Functions that hand a frame to their caller.
HANDING = ("walk_tb", "walk_stack", "_walk_tb_with_full_positions", "extract", "_extract_from_extended_frame_gen")

#: id of a code object -> (the object, so that the id stays its own; whose it is; its file, which `_imp` lets anybody rename later).
#: Filled in the server and before the program.
known: dict[int, tuple[Any, str, Any]] = {}
#: File -> the code objects in it.
_files: dict[str, Any] = {}
config: dict[str, Any] = {}


#: Code objects of functions that a test makes to hand them to the program, which may look at them.
lent: set[int] = set()


def register(code: Any, whose: str, given: frozenset[str] = frozenset(), inner: bool = False) -> None:
    """Notes a code object and all inside it. `given`: names of functions that a test hands to the program."""
    known[id(code)] = (code, whose, code.co_filename)
    if whose is TEST and (inner or code.co_name in given):
        lent.add(id(code))
    for constant in code.co_consts:
        if _type(constant) is _code:
            register(constant, whose, given, inner or bool(code.co_flags & OPTIMIZED))


def register_module(module: types.ModuleType, whose: str) -> None:
    """Notes the functions of a module and of its classes."""
    for value in list(vars(module).values()):
        for member in [value, *vars(value).values()] if isinstance(value, type) else [value]:
            for function in _functions(member):
                if id(function.__code__) not in known:
                    register(function.__code__, whose)


def _functions(member: Any) -> list[Any]:
    if type(member) is property:
        member = member.fget
    elif type(member) in (staticmethod, classmethod):
        member = member.__func__
    if type(member) is not _function:
        return []
    return [each for each in (member, vars(member).get("__wrapped__")) if type(each) is _function]


def install(trusted: tuple[str, ...], allowed: frozenset[str], punish: Callable[[str], None]) -> None:
    """From here on the program is watched. `allowed`: words of the test's own source that lift a rule."""
    config.update(trusted=trusted, allowed=allowed, punish=punish)
    sys.addaudithook(hook)


def looker() -> Iterator[Any]:
    """Gives the frame of whoever called its caller, without asking for one: a running generator's frame leads there."""
    own: Any = yield
    while True:
        yield own.f_back.f_back


def ready(made: Any) -> Any:
    """A looker that knows its frame. Only before the hook is there: to ask for a generator's frame is an event."""
    frame = made.gi_frame
    made.send(None)
    made.send(frame)
    return made


_lookers: list[Any] = [ready(looker()) for _ in range(LOOKERS)]


def hook(event: str, args: Any) -> None:
    """Called by the interpreter; a word for it or None.

    The program's code can run in the middle of it: the collector's callbacks, finalisers, signal handlers. So there is no state in
    which the hook looks away: whatever it does itself is known by who asks, and an exception ends what was asked for.
    """
    judge = _JUDGES.get(event)
    if judge is None or (judge is judge_attribute and _type(args[1]) is _str and args[1] not in WATCHED):
        return
    look = _lookers.pop()
    frame = look.send(None)
    try:
        direct = whose(frame.f_code)
        if direct is OWN and event != NATIVE:
            return
        done = judge(event, args, frame, direct)
        if done is not None:
            config["punish"](done)
            _exit(EXIT_CODE)
    finally:
        _lookers.append(look)


def whose(code: Any) -> str:
    """Whose a code object is. What nobody knows and no library file holds is the program's."""
    found = known.get(id(code))
    if found is None:
        found = (code, LIBRARY if genuine(code) else PROGRAM, code.co_filename)
        known[id(code)] = found
    return found[1]


def file_of(code: Any) -> Any:
    """The file that a library's code is from."""
    whose(code)
    return known[id(code)][2]


def genuine(code: Any) -> bool:
    """Whether a library file that the program cannot write holds this very code, whoever loaded it."""
    name = code.co_filename
    if _type(name) is not str:
        return False
    if _starts(name, "<frozen ") and _frozen is not None:
        return code in contents(name, lambda: _frozen(name[8:-1]))
    return _starts(name, config["trusted"]) and code in contents(name, lambda: load(name))


def contents(name: str, read: Callable[[], Any]) -> Any:
    """The code objects of a file."""
    if name not in _files:
        try:
            left, found = [read()], set()
            while left:
                code = left.pop()
                found.add(code)
                left.extend(each for each in code.co_consts if _type(each) is _code)
            _files[name] = found
        except (OSError, ValueError, ImportError, SyntaxError, EOFError, TypeError):
            _files[name] = ()
    return _files[name]


def load(name: str) -> Any:
    """A module's code: from the cache that the import system would use, else compiled."""
    try:
        return _loads(slurp(_cached(name))[16:])
    except (OSError, ValueError, EOFError, NotImplementedError):  # the last: this interpreter keeps no compiled files
        return compile(slurp(name), name, "exec", dont_inherit=True)


def slurp(path: str) -> bytes:
    """A file's bytes, without io, which the program could have replaced."""
    fd = _open(path, os.O_RDONLY)
    try:
        parts = []
        while True:
            part = _read(fd, 1 << 20)
            if not part:
                return b"".join(parts)
            parts.append(part)
    finally:
        _close(fd)


def asker(frame: Any) -> str:
    """Whose code is behind a library's: the first that is neither a library's nor unittest's."""
    while frame is not None:
        found = whose(frame.f_code)
        if found is not LIBRARY and found is not MACHINERY:
            return found
        frame = frame.f_back
    return PROGRAM  # a thread whose target is a library's function


def mentions(frame: Any, name: str) -> bool:
    """Whether the code names what was asked for; if not, a callable of the program's had it asked."""
    code = frame.f_code
    return name in code.co_names or any(_type(each) is str and _same(each, name) for each in code.co_consts)


def beyond_inspect(frame: Any) -> Any:
    """The frame that `inspect` gives its answer to."""
    while frame.f_back is not None and frame.f_code.co_name in INSPECTING and _ends(file_of(frame.f_code), "/inspect.py"):
        frame = frame.f_back
    return frame


def is_frame_user(frame: Any) -> bool:
    """A library function that gives frames away neither to its caller nor to anything the program may have put there."""
    code = frame.f_code
    name = file_of(code)
    if whose(code) is PROGRAM or _starts(name, "<frozen "):
        return False
    if frame.f_back is not None and code.co_name in HANDING and whose(frame.f_back.f_code) is PROGRAM:
        return False
    for end, function in HARMLESS:
        if _ends(name, end) and (function is None or code.co_name == function):
            return True
    return is_third_party(name)


def judge_tracing(event: str, args: Any, frame: Any, direct: str) -> str | None:
    return None if "trac" in config["allowed"] or "profil" in config["allowed"] else event


def judge_frame(event: str, args: Any, frame: Any, direct: str) -> str | None:
    name = event.rpartition(".")[2] if event != "object.__getattr__" else args[1]
    if direct is PROGRAM or not mentions(frame, name):
        return name
    if direct is TEST or asker(frame) is not PROGRAM or is_frame_user(beyond_inspect(frame)):
        return None
    return "%s by way of %s" % (name, frame.f_code.co_name)


def judge_attribute(event: str, args: Any, frame: Any, direct: str) -> str | None:
    name = args[1]
    if _type(name) is not str:
        return None
    if name in FRAMES:
        if name == "tb_frame" and direct is LIBRARY and known.get(id(args[0].tb_frame.f_code), "  ")[1] in (TEST, MACHINERY):
            return name if asker(frame) is PROGRAM else None
        return judge_frame(event, args, frame, direct)
    target = args[0]
    if name in CODE and _type(target) is _function:
        code = _code_of(target)
        owner = PROGRAM if id(code) in lent else known.get(id(code), (None, PROGRAM))[1]
        secret = owner in (OWN, TEST, MACHINERY) or (owner is LIBRARY and event != "object.__getattr__")
        return "%s of %s" % (name, target.__qualname__) if secret and asker(frame) is PROGRAM else None
    if event == "object.__getattr__":
        return None
    if name == "__class__" and _type(target) is _module and asker(frame) is PROGRAM:
        # Modules of third-party libraries that load lazily do it to themselves.
        own = direct is LIBRARY and is_third_party(file_of(frame.f_code)) and id(target) not in config["watched"]
        return None if own else "the class of a module"
    if name == "__bases__" and config["TestCase"] in _mro(target) and asker(frame) is PROGRAM:
        return "the bases of a test class"
    return None


def judge_collector(event: str, args: Any, frame: Any, direct: str) -> str | None:
    return event if direct is PROGRAM or not mentions(frame, event[3:]) or asker(frame) is None else None


def judge_code(event: str, args: Any, frame: Any, direct: str) -> str | None:
    return "a code object of its own making" if direct is PROGRAM else None


def judge_memory(event: str, args: Any, frame: Any, direct: str) -> str | None:
    if "ctypes" in config["allowed"]:
        return None
    while frame is not None and whose(frame.f_code) is LIBRARY and "/ctypes/" in file_of(frame.f_code):
        frame = frame.f_back
    return event if frame is None or whose(frame.f_code) is PROGRAM else None


def judge_import(event: str, args: Any, frame: Any, direct: str) -> str | None:
    """Who has native code loaded: a third-party library may for its own sake; the standard library only asks for others."""
    name, path = args[0], args[1]
    if _type(name) is not str:
        return None
    loaded = [name.partition(".")[0]]
    if _type(path) is str:
        if not _starts(path, config["trusted"]) or "/../" in path:
            return "native code of its own"
        loaded.append(path.rpartition("/")[2].partition(".")[0])
    if loaded[0] not in DANGEROUS and loaded[-1] not in DANGEROUS:
        return None
    if loaded[-1] in ("ctypes", "_ctypes") and "ctypes" in config["allowed"]:
        return None
    if event == NATIVE:
        frame = frame.f_back
    while frame is not None and whose(frame.f_code) in (LIBRARY, MACHINERY) and not is_third_party(file_of(frame.f_code)):
        frame = frame.f_back
    return "import %s" % name if frame is None or whose(frame.f_code) is PROGRAM else None


def judge_interpreter(event: str, args: Any, frame: Any, direct: str) -> str | None:
    return "another interpreter, which has no audit hook"


def is_third_party(filename: str) -> bool:
    return "/site-packages/" in filename or "/dist-packages/" in filename


_JUDGES: dict[str, Any] = {
    **dict.fromkeys(TRACING, judge_tracing), **dict.fromkeys(("sys._getframe", *THREADS), judge_frame),
    **dict.fromkeys(COLLECTOR, judge_collector), "code.__new__": judge_code,
    "import": judge_import, NATIVE: judge_import, "cpython.PyInterpreterState_New": judge_interpreter,
    **dict.fromkeys(("object.__getattr__", "object.__setattr__", "object.__delattr__"), judge_attribute),
    **dict.fromkeys(("ctypes.string_at", "ctypes.wstring_at", "ctypes.cdata", "ctypes.cdata/buffer", "ctypes.dlsym",
                     "ctypes.dlsym/handle", "ctypes.dlopen", "ctypes.PyObj_FromPtr", "ctypes.addressof",
                     "ctypes.call_function", "ctypes.get_errno", "ctypes.create_string_buffer"), judge_memory),
}  # fmt: skip
