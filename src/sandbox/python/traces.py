"""What a run may leave behind for the programs after it, and whether a server is as it was.

Files and processes are swept away after every run. What no sweep reaches makes the server worn, and Node replaces it with its
namespaces: ports that wait for a minute after a connection, a priority that reached the server, a scratch folder that resists.
"""

from __future__ import annotations

import os
import stat
import time

SCRATCH = ("/tmp", "/dev/shm")
SCRATCH_MODE = 0o1777
CLEANING_S = 0.25
SOCKETS = ("/proc/self/net/sockstat", "/proc/self/net/sockstat6")
#: Sockets of TCP that wait, and those of any kind that are in use, are said by these words before a number.
COUNTED = (b"inuse", b"tw")


class Traces:
    """What the server looked like before its first run."""

    def __init__(self) -> None:
        self.state = state()
        # Kept open: to read them anew costs a few microseconds, to open them more.
        self.sockets = [os.open(path, os.O_RDONLY | os.O_CLOEXEC) for path in SOCKETS if os.path.exists(path)]

    def left(self) -> bool:
        """Whether something of a run is still there after everything was swept."""
        clean = [empty(folder) for folder in SCRATCH]
        return not all(clean) or state() != self.state or any(map(in_use, self.sockets))


def state() -> tuple[int, object]:
    """What children inherit of this process and a program might have changed."""
    return os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0)


def in_use(sockstat: int) -> bool:
    """Whether any internet socket is open or waits in this network namespace."""
    said = os.pread(sockstat, 4096, 0)
    return any(said.count(b" %s " % name) != said.count(b" %s 0" % name) for name in COUNTED)


def empty(folder: str) -> bool:
    """Removes everything in a scratch folder. False: something resisted or took too long."""
    deadline = time.monotonic() + CLEANING_S
    found: list[str] = []
    try:
        if stat.S_IMODE(os.stat(folder).st_mode) != SCRATCH_MODE:
            os.chmod(folder, SCRATCH_MODE)
        left = [folder]
        while left:
            at = left.pop()
            with os.scandir(at) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        left.append(entry.path)
                        found.append(entry.path)
                    else:
                        os.unlink(entry.path)
                    if time.monotonic() > deadline:
                        return False
        for path in reversed(found):
            os.rmdir(path)
    except OSError:
        return False
    return True
