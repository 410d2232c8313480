"""check(candidate): the test in one process, the program in another, plain data between them.

The tester holds the test source and decides; the program's process only ever sees arguments and answers with a value in
the encoding of literal.py. It has no descriptor, no memory and no object of the tester, so a pass cannot be forged: the only
way to it is to answer what the test asks for.
"""

from __future__ import annotations

import builtins
import json
import os
import sys
import traceback
import types
from typing import Any, Callable, NoReturn

import literal
from frames import read_frame, write_all, write_frame
from runners import TEST_NAME, describe, execute, finish, load_prelude, new_module

Channel = tuple  # (descriptor to read from, descriptor to write to)

LARGEST_MESSAGE = 256 << 20
SHOWN_CHARS = 2_000


class CandidateError(Exception):
    """The program raised something that is no builtin exception."""


class ProgramEnded(BaseException):
    """The program's process is gone; no test may catch this as one of its expected exceptions."""


class LoadFailed(BaseException):
    """The program raised while it was loaded, what its argument describes."""


def classes_of(module: types.ModuleType) -> tuple[Callable[[type], str | None], Callable[[str], type | None]]:
    """Names of the classes that a module itself defined, and back: trees, lists and the like that both sides know."""
    made = {
        name: kind
        for name, kind in module.__dict__.items()
        if isinstance(kind, type) and kind.__module__ == module.__name__ and not issubclass(kind, BaseException)
    }
    names = {kind: name for name, kind in made.items()}
    return names.get, made.get


def run_program(
    source: bytes, prelude: bytes, entry_point: str, channel: Channel, begin: Callable[[], None]
) -> NoReturn:
    """The untrusted side: loads the program, then answers calls until the tester hangs up."""
    begin()
    requests, answers = channel
    module = new_module("solution")
    try:
        load_prelude(prelude, module)
        name_of, class_of = classes_of(module)
        execute(source, module)
        target = eval(entry_point, module.__dict__)
    except BaseException as error:
        write_frame(answers, {"load": json.loads(describe(error))})
        finish(1)
    write_frame(answers, {"ready": True})
    while True:
        frame = read_frame(requests)
        if frame is None:
            finish(0)
        args, kwargs = literal.decode(bytes(frame[1][0]), class_of)
        before = [literal.encode(arg, name_of) for arg in args]
        try:
            answer = literal.encode(target(*args, **kwargs), name_of)
        except BaseException as error:
            write_frame(answers, {"raised": json.loads(describe(error))})
            continue
        after = [literal.encode(arg, name_of) for arg in args]
        changed = [[at, text] for at, text in enumerate(after) if text != before[at]]
        blobs = [answer.encode(), *[text.encode() for _, text in changed]]
        write_frame(answers, {"changed": [at for at, _ in changed]}, blobs)


class Candidate:
    """What `check` gets: a callable that asks the other process."""

    def __init__(self, channel: Channel) -> None:
        self._answers, self._requests = channel
        self._name_of, self._class_of = classes_of(types.ModuleType(""))
        self._loaded = False
        self.last: tuple[str, str] | None = None
        #: Whether an answer so far was no plain data.
        self._opaque = False
        #: Whether the test knows of exceptions that end an iteration; a `map` of its own would take one for the end of the questions.
        self.may_stop = False

    def share_classes(self, module: types.ModuleType) -> None:
        """Values of the classes that the module defines can be sent."""
        self._name_of, self._class_of = classes_of(module)

    def wait(self) -> None:
        """Until the program is loaded."""
        if not self._loaded:
            self._loaded = True
            header, _ = self.receive()
            if "load" in header:
                raise LoadFailed(header["load"])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.wait()
        try:
            request = literal.encode([list(args), kwargs], self._name_of, strict=True)
        except literal.NotPlain as error:
            if not self._opaque:
                raise
            # The test goes over into the program's interpreter for arguments of its own only, never for an answer's sake.
            raise CandidateError("the test hands back an answer that is no plain data: %s" % error) from None
        self.last = (show_call(args, kwargs), "no answer")
        try:
            write_frame(self._requests, {}, [request.encode()])
        except OSError as error:
            raise ProgramEnded("the program's process ended before it was asked") from error
        header, blobs = self.receive()
        if "raised" in header:
            name, message = header["raised"]
            self.last = (self.last[0], "%s: %s" % (name, message))
            kind = getattr(builtins, str(name), None)
            ends = kind in (StopIteration, StopAsyncIteration) and not self.may_stop
            if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, Warning) and not ends:
                raise make_error(kind, str(message))
            raise CandidateError("%s: %s" % (name, message))
        for at, text in zip(header["changed"], blobs[1:]):
            write_back(args[at], self.read(text))
        answer = self.read(blobs[0])
        self.last = (self.last[0], show(answer))
        return answer

    def read(self, text: Any) -> Any:
        """A value of the program's, noting whether it could be handed back."""
        plain = bytes(text)
        value = literal.decode(plain, self._class_of)
        if b"{" in plain:
            try:
                literal.encode(value, self._name_of, strict=True)
            except literal.NotPlain:
                self._opaque = True
        return value

    def receive(self) -> Any:
        """The program's next message; a closed or broken channel ends the check."""
        try:
            frame = read_frame(self._answers, LARGEST_MESSAGE)
        except Exception as error:
            raise ProgramEnded("the program's answer could not be read: %r" % error) from None
        if frame is None:
            raise ProgramEnded("the program's process ended before it answered")
        return frame


def make_error(kind: type, message: str) -> Exception:
    """A builtin exception with a message; some (UnicodeDecodeError) cannot be made from one."""
    try:
        return kind(message)
    except Exception:
        return CandidateError("%s: %s" % (kind.__name__, message))


def write_back(argument: Any, changed: Any) -> None:
    """Repeats on the tester's own argument what the program did to its copy, for tests of in-place functions."""
    if type(argument) is list and type(changed) is list:
        argument[:] = changed
    elif type(argument) in (dict, set) and type(changed) is type(argument):
        argument.clear()
        argument.update(changed)
    elif hasattr(argument, "__dict__") and type(changed) is type(argument):
        argument.__dict__.update(changed.__dict__)


def show_call(args: Any, kwargs: Any) -> str:
    """The arguments as Python writes them, shortened."""
    parts = [show(arg) for arg in args] + ["%s=%s" % (name, show(arg)) for name, arg in kwargs.items()]
    return ", ".join(parts)[:SHOWN_CHARS]


def show(value: Any) -> str:
    """repr, shortened; Python refuses to print integers of thousands of digits."""
    try:
        return repr(value)[:SHOWN_CHARS]
    except ValueError:
        return "<%s too long to print>" % type(value).__name__


def run_tester(prelude: bytes, test: bytes, entry_point: str, channel: Channel, report_fd: int) -> NoReturn:
    """The trusted side: loads the test, runs `check` and reports `{"outcome": ...}` on a descriptor only it has."""
    leave_shared_folders()
    module = new_module("__test__")
    candidate = Candidate(channel)
    candidate.may_stop = b"StopIteration" in test or b"StopAsyncIteration" in test
    report = judge(module, prelude, entry_point, candidate, test)
    write_all(report_fd, json.dumps(report).encode())
    finish(0)


def leave_shared_folders() -> None:
    """Takes the tester out of the folders that the program can write: what it imports and opens comes from read-only ones."""
    sys.path[:] = [folder for folder in sys.path if folder.startswith("/")]
    os.environ["HOME"] = "/"
    os.chdir("/")


def judge(
    module: types.ModuleType, prelude: bytes, entry_point: str, candidate: Candidate, test: bytes
) -> dict[str, Any]:
    """Only a `check` that comes back is a pass. A test may call its `check` itself, by the program's name."""
    report: dict[str, Any] = {}
    begun = False
    try:
        load_prelude(prelude, module)
        candidate.share_classes(module)
        if entry_point.isidentifier():
            module.__dict__[entry_point] = candidate
        execute(test, module, TEST_NAME)
        check = module.__dict__["check"]
        candidate.share_classes(module)
        begun = True
        candidate.wait()
        check(candidate)
        return {"outcome": "pass"}
    except LoadFailed as error:
        return {"outcome": "load-failed", "error": error.args[0]}
    except literal.NotPlain as error:
        return {"outcome": "not-plain", "error": json.loads(describe(error))}
    except ProgramEnded as error:
        report = {"outcome": "ended", "error": json.loads(describe(error))}
    except BaseException as error:
        if not begun and candidate.last is None:
            return {"outcome": "broken-test", "error": json.loads(describe(error))}
        outcome = "wrong" if isinstance(error, AssertionError) else "raised"
        report = {"outcome": outcome, "error": json.loads(describe(error)), "line": failing_line(error, test)}
    if candidate.last is not None:
        report["call"], report["answer"] = candidate.last
    return report


def failing_line(error: BaseException, test: bytes) -> str:
    """The line of the test source that the exception came through."""
    numbers = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == TEST_NAME]
    lines = test.decode("utf-8", "replace").splitlines()
    if not numbers or not 0 < (numbers[-1] or 0) <= len(lines):
        return ""
    return lines[numbers[-1] - 1].strip()[:SHOWN_CHARS]
