"""What a run is watched for while it goes on: what it has reported, and the time it took and waited (room: crowd.py)."""

from __future__ import annotations

import os
import time

from frames import read_frame, wipe, write_frame

#: Times the wall limit after which a run ends whatever it waited for; the watchdog in Node (worker-pool.ts) comes after that.
WALL_FACTOR = 4
#: A longer text is no string in Node any more.
OUTPUT_LIMIT = 256 << 20


def read_part(fd: int, start: int, most: int) -> bytearray:
    """Up to `most` bytes of a file from `start` on: the only copy of them in this process (`frames.wipe`)."""
    part = bytearray(max(0, min(os.fstat(fd).st_size - start, most)))
    count = os.preadv(fd, [part], start)
    del part[count:]
    return part


class Watch:
    """Shows the other side new lines of a growing report, and hears when it has seen enough."""

    def __init__(self, control_in: int, control_out: int, job: int) -> None:
        self.control_in = control_in
        self.control_out = control_out
        self.job = job
        self.shown = 0

    def tell(self, report_fd: int) -> None:
        """Sends the whole lines that came since the last time."""
        new = read_part(report_fd, self.shown, OUTPUT_LIMIT)
        lines = memoryview(new)[: new.rfind(b"\n") + 1]
        if lines:
            self.shown += len(lines)
            write_frame(self.control_out, {"id": self.job, "partial": True}, [lines])
        wipe([memoryview(new)])

    def enough(self) -> bool:
        """Reads what was sent; a stop of an earlier job that had ended by itself means nothing."""
        frame = read_frame(self.control_in)
        if frame is None:
            os._exit(0)
        return frame[0].get("stop") == self.job


class Progress:
    """Watches a report grow line by line, so that one call among many has a CPU limit of its own."""

    def __init__(self, report_fd: int, call_cpu_ms: int | None) -> None:
        self.fd = report_fd
        self.call_cpu_ms = call_cpu_ms
        self.size = 0
        self.since_ms = 0.0

    def stuck(self, cpu_ms: float) -> bool:
        """True when the call that runs now has had its CPU time."""
        if self.call_cpu_ms is None:
            return False
        size = os.fstat(self.fd).st_size
        if size != self.size:
            self.size, self.since_ms = size, cpu_ms
            return False
        return cpu_ms - self.since_ms >= self.call_cpu_ms


def cpu_of(pid: int) -> float:
    """CPU milliseconds a process has used so far, through its CPU clock (see clock_getcpuclockid(3))."""
    try:
        return time.clock_gettime((~pid << 3) | 2) * 1000
    except OSError:
        return 0.0


def waited_ms(started: float, pids: list[int], cpu_ms: float, limit_ms: int) -> float:
    """Milliseconds of the run in which it neither computed nor stood in line for a processor; all of them after 4 limits.

    On a busy machine wall time says more about the neighbours than about the program.
    """
    wall_ms = (time.monotonic() - started) * 1000
    if wall_ms < limit_ms or wall_ms >= WALL_FACTOR * limit_ms:
        return wall_ms
    return wall_ms - cpu_ms - sum(run_delay_ms(pid) for pid in pids)


def run_delay_ms(pid: int) -> float:
    """Time a process was ready to run and did not, from /proc/PID/schedstat; 0 where the kernel does not count it."""
    try:
        with open("/proc/%d/schedstat" % pid) as schedstat:
            return int(schedstat.read().split()[1]) / 1e6
    except (OSError, IndexError, ValueError):
        return 0.0
