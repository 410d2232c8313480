"""Forks and ends a warm interpreter in a loop, with the modules that the sandbox has loaded: the machine's own limit.

Usage: python bare_forks.py MODULES; a line of seconds on stdin is answered by the number of forks and their CPU ms.
"""

import gc
import importlib
import os
import resource
import sys
import time


def forks(seconds: float) -> int:
    """Children that were forked, ended at once and were waited for."""
    done, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        done += 1
    return done


def cpu_ms() -> float:
    """CPU of this process and its children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return 1000 * sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    os.register_at_fork = lambda **_: None  # as the fork server does while it loads
    for name in sys.argv[1].split():
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        before = cpu_ms()
        count = forks(float(line))
        print(count, round(cpu_ms() - before, 1), flush=True)
