"""How funprm is called, and a process of it that never outlives the one that started it."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1


class InputError(ValueError):
    """Something that the user can mend; the message says what was expected, what came and what to do."""


def funprm_words() -> tuple[str, ...]:
    """How funprm is called: the variable FUNPRM_MAIN names a built main.js; without it, `funprm` of the path."""
    main = os.environ.get("FUNPRM_MAIN")
    return ("node", os.path.abspath(main)) if main else ("funprm",)


def found_here(words: Sequence[str]) -> list[str]:
    """The words with the program's place on this node. Raises InputError where it has none."""
    found = shutil.which(words[0])
    if found is None or not all(os.path.exists(word) for word in words[1:]):
        raise InputError(
            f"expected {' '.join(words)} on every node, got none on {socket.gethostname()}: "
            "install funprm there, or name its built main.js, where all nodes see it, in FUNPRM_MAIN"
        )
    return [found, *words[1:]]


def start(command: Sequence[str], cwd: str, log: IO[str], piped: bool = False) -> "subprocess.Popen[str]":
    """Starts a process that is killed when this one ends, however it ends: a lost node leaves nobody at work.

    `piped`: its stdin and stdout are pipes to this process.
    """
    ends = (subprocess.PIPE, subprocess.PIPE) if piped else (subprocess.DEVNULL, subprocess.DEVNULL)
    bind = _leash()
    # What runs between fork and exec takes no lock.
    return subprocess.Popen(command, cwd=cwd, text=True, stdin=ends[0], stdout=ends[1], stderr=log, preexec_fn=bind)  # noqa: PLW1509


def _leash() -> Callable[[], None]:
    libc, owner = ctypes.CDLL(None), os.getpid()

    def bind() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != owner:  # it ended before the bond held
            os._exit(1)

    return bind


def cpu_of_tree_s(pid: int) -> float:
    """CPU seconds of a process and what it started, those that it has waited for included; 0 where it has ended."""
    folder = Path(f"/proc/{pid}")
    try:
        fields = (folder / "stat").read_text("latin-1").rpartition(")")[2].split()
        below = [int(child) for each in folder.glob("task/*/children") for child in each.read_text().split()]
    except (OSError, IndexError):
        return 0.0
    own = sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_of_tree_s(child) for child in below)
