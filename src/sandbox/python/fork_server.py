"""The fork server: one long-lived, trusted interpreter that forks a confined child for every test.

Started as PID 1 of its own namespace by bubblewrap. Reads job frames from descriptor 0 and answers on descriptor 1 (frames.py).
Usage: python fork_server.py '{"isolated": true, "uid": null, "preload": ["math"]}'
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import site
import sys
from typing import Any, Iterator

import confine
import execution
import frames
import observe
import runners
from frames import read_frame, wipe, write_frame
from traces import Traces

OWN = ["check_runner", "confine", "crowd", "evalplus_inputs", "execution", "frames", "literal", "observe", "runners", "traces"]
HERE = os.path.dirname(os.path.abspath(__file__))


def main() -> None:
    """Serves jobs until the other side hangs up."""
    config = json.loads(sys.argv[1])
    isolated = bool(config["isolated"])
    if isolated and os.getpid() != 1:
        raise SystemExit("an isolated fork server must be PID 1 of its namespace")
    control_in, control_out = take_control_channel()
    fork_handlers = prepare(config, isolated)
    server = execution.Server(isolated, control_in)
    server.fork_handlers = fork_handlers
    server.trusted = (HERE, *(folder for folder in config["path"] if folder))
    traces = Traces() if isolated else None
    system_calls = confine.build_filter()
    confine.install_filter(system_calls)
    write_frame(control_out, {"ready": True, "python": sys.version.split()[0], "filter": system_calls is not None})
    gc.collect()
    gc.freeze()
    while True:
        frame = read_frame(control_in)
        if frame is None:
            return
        header, blobs = frame
        if "stop" in header:
            continue  # its job has ended by itself
        server.watch = observe.Watch(control_in, control_out, header["id"]) if header.get("watched") else None
        result, out = serve(server, header, blobs)
        result["worn"] = traces is not None and traces.left()
        write_frame(control_out, dict(result, id=header["id"]), out)
        # The next program starts as a copy of this process: no program, test or answer of before is there for it to find.
        wipe([memoryview(text) for text in (*blobs, *out)])


def take_control_channel() -> tuple[int, int]:
    """Moves the pipes off 0 and 1, where the candidates' stdin and stdout will be."""
    control_in, control_out = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    return control_in, control_out


def prepare(config: dict[str, Any], isolated: bool) -> list[dict[str, Any]]:
    """Identity, signals, modules, and no trace of this program's own modules in what children import.

    Returns the handlers that the loaded modules wanted to have called at every fork, see `importing`.
    """
    if isolated:
        confine.lock_server(config.get("uid"))
    else:
        confine.libc.prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
        confine.libc.prctl(confine.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL if isolated else signal.SIG_IGN)
    become_interpreter(config)
    handlers: list[dict[str, Any]] = []
    with importing(handlers):
        for name in config["preload"]:
            try:
                importlib.import_module(name)
            except ImportError:
                pass
    if "random" in sys.modules:
        sys.modules["random"].seed(0)  # the same program gets the same numbers every time it is graded
    for name in OWN:
        sys.modules.pop(name, None)
    sys.argv = [runners.PROGRAM_NAME]
    if isolated:
        os.chdir("/tmp")
    return handlers


def become_interpreter(config: dict[str, Any]) -> None:
    """Gives this process, started without `site`, the search path and names of the interpreter as its user knows it.

    `site` runs every .pth file of an environment, which can load anything, and each fork would pay for it.
    """
    sys.path[:] = ["", *config["path"]]
    sys.prefix, sys.exec_prefix = config["prefix"], config["prefix"]
    site.setquit()
    site.setcopyright()
    site.sethelper()


@contextlib.contextmanager
def importing(handlers: list[dict[str, Any]]) -> Iterator[None]:
    """Collects fork handlers instead of registering them.

    threading and random have some that cost half of a fork's time and do nothing for a process without threads. A child
    registers them, for forks of its own.
    """
    real = os.register_at_fork

    def collect(**named: Any) -> None:
        handlers.append(named)

    os.register_at_fork = collect
    try:
        yield
    finally:
        os.register_at_fork = real


def serve(server: execution.Server, job: dict[str, Any], blobs: list[Any]) -> tuple[dict[str, Any], list[Any]]:
    """Runs one job of any kind. Blobs: program, prelude, and stdin, arguments or test."""
    limits = job["limits"]
    kind = job["kind"]
    begin = server.begin
    runners.prepare(bytes(blobs[1]), runners.PRELUDE_NAME)
    if kind == "script":
        return execution.run_one(
            server, limits, blobs[2], lambda fd: runners.run_script(bytes(blobs[0]), bytes(blobs[1]), fd, begin)
        )
    if kind == "calls":
        return execution.run_one(server, limits, b"", lambda fd: runners.run_calls(*map(bytes, blobs), job, fd, begin))
    if kind == "check":
        return execution.run_check(server, limits, blobs, job["entryPoint"])
    if kind == "unittest":
        support = unittest_support(server, bytes(blobs[2]))
        source = support.source(bytes(blobs[2]), bytes(blobs[1]))
        return execution.run_one(
            server, limits, b"", lambda fd: support.run(blobs, job, source, server.trusted, fd, begin)
        )
    raise ValueError("unknown kind of job: %r" % kind)


_loaded: dict[str, Any] = {}


def unittest_support(server: execution.Server, test: bytes) -> Any:
    """What unittest jobs need, loaded when the first one comes: every fork pays for what is loaded."""
    with importing(server.fork_handlers):
        if "support" not in _loaded:
            _loaded["support"] = load_support()
        support = _loaded["support"]
        if support.load(test):
            server.address_space = confine.address_space()
            gc.collect()
            gc.freeze()
    return support


def load_support() -> Any:
    """Imports it from this file's folder, which is on no search path any more."""
    sys.path.insert(0, HERE)
    sys.modules.update(runners=runners, frames=frames)
    support = importlib.import_module("unittest_support")
    del sys.path[0]
    for name in [*OWN, "unittest_support"]:
        sys.modules.pop(name, None)
    return support


if __name__ == "__main__":
    main()
