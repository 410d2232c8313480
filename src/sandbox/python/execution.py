"""One run: fork, confine, wait with limits, end everything that is left, report what happened.

The server stays the only trusted process of the sandbox's PID namespace. As PID 1 it cannot be signalled from inside, it gets
every orphan, and kill(-1) from it ends every process but itself.
"""

from __future__ import annotations

import gc
import mmap
import os
import resource
import select
import signal
import sys
import time
from typing import Any, Callable

import check_runner
import confine
import runners
from crowd import Crowd
from frames import wipe
from observe import OUTPUT_LIMIT, Progress, Watch, cpu_of, read_part, waited_ms

#: How often limits are looked at while a program runs.
TICK_MS = 20
#: Descriptors from here on are free while a child sorts out its own.
HIGH = 200
STDERR_TAIL = 8_192
#: Of siginfo_t; Python names the first since 3.9.
CLD_KILLED, CLD_DUMPED = 2, 3
PASSING_AWAY_MS = 10_000
REPORT_HEAD = 64
#: Places of the marks.
CONFINED, BEGUN = 0, 1

Blobs = list
Child = Callable[[int], None]


class Server:
    """What is decided once, at start."""

    def __init__(self, isolated: bool, control_fd: int) -> None:
        self.isolated = isolated
        self.control_fd = control_fd
        self.address_space = confine.address_space()
        #: stdin, stdout, stderr and report of every run, one after the other: candidates may not make such files.
        self.files = [os.memfd_create(name) for name in ("stdin", "stdout", "stderr", "report")]
        #: Folders of modules that no program can write to.
        self.trusted: tuple[str, ...] = ()
        self.fork_handlers: list[dict[str, Any]] = []
        #: Set while a job runs whose report is looked at before its end.
        self.watch: Watch | None = None
        #: Shared with the children: whether one of a run's has confined itself, and whether the program's code was reached.
        self.marks = mmap.mmap(-1, mmap.PAGESIZE)

    def fresh(self, file: int) -> int:
        """A new descriptor of an emptied file: position, flags and locks that a program left on the last one are gone with it."""
        os.fchmod(file, 0o600)
        os.ftruncate(file, 0)
        return os.open("/proc/self/fd/%d" % file, os.O_RDWR | os.O_CLOEXEC)

    def begin(self) -> None:
        """Called in a child right before the program's first line: what comes now is the program's doing, the marks included."""
        self.marks[BEGUN] = 1
        self.marks.close()


class Run:
    """The files and processes of one job."""

    def __init__(self, server: Server, limits: dict[str, int], stdin: bytes) -> None:
        self.server = server
        self.limits = limits
        server.marks[:2] = b"\0\0"
        self.stdin, self.stdout, self.stderr, self.report = (server.fresh(file) for file in server.files)
        if stdin:
            runners.write_all(self.stdin, stdin)
            os.lseek(self.stdin, 0, os.SEEK_SET)

    def fork(self, work: Child, keep: tuple[int, ...] = (), reports: bool = True) -> int:
        """Starts `work(report_fd)` in a confined child. `keep`: more descriptors that stay open, numbered from 4."""
        pid = os.fork()
        if pid:
            return pid
        try:
            self._become_child(keep, reports)
            self.server.marks[CONFINED] = 1
            work(3)
        except BaseException as error:
            os.write(2, ("sandbox: %r\n" % (error,)).encode())
        os._exit(121)

    def _become_child(self, keep: tuple[int, ...], reports: bool) -> None:
        os.setsid()  # a session of its own, so that what the kernel keeps for each session ends with it
        if not self.server.isolated:
            confine.libc.prctl(confine.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        wanted = (self.stdin, self.stdout, self.stderr, self.report, *keep)
        for at, fd in enumerate(wanted):
            os.dup2(fd, HIGH + at)
        for number in range(len(wanted)):
            os.dup2(HIGH + number, number)
        if not reports:
            os.close(3)
        os.closerange(len(wanted), HIGH + len(wanted))
        limits = self.limits
        confine.limit(
            limits["cpuMs"],
            limits["memoryBytes"],
            limits["outputBytes"],
            limits["processes"],
            self.server.address_space,
        )
        confine.grant(limits["memoryBytes"])
        for handlers in self.server.fork_handlers:
            os.register_at_fork(**handlers)
        gc.enable()

    def close(self) -> None:
        """Gives the memory of the files back; nobody else has them open any more."""
        for fd in (self.stdin, self.stdout, self.stderr, self.report):
            os.ftruncate(fd, 0)
            os.close(fd)


def run_one(server: Server, limits: dict[str, int], stdin: bytes, work: Child) -> tuple[dict[str, Any], Blobs]:
    """A run of one untrusted process."""
    run = Run(server, limits, stdin)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    pid = run.fork(work)
    return conclude(run, supervise(run, pid, [pid], started), before, started)


def run_check(server: Server, limits: dict[str, int], blobs: Blobs, entry_point: str) -> tuple[dict[str, Any], Blobs]:
    """A run of two: the program, and the tester who asks it over pipes and reports."""
    source, prelude, test = blobs
    run = Run(server, limits, b"")
    requests, to_program = os.pipe()
    answers, to_tester = os.pipe()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()

    def program(_: int) -> None:
        check_runner.run_program(bytes(source), bytes(prelude), entry_point, (4, 5), server.begin)

    def tester(report_fd: int) -> None:
        # The program reads and writes the same files.
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        check_runner.run_tester(bytes(prelude), bytes(test), entry_point, (4, 5), report_fd)

    tester_pid = run.fork(tester, keep=(answers, to_program))
    # The program's process is a copy of this one, whose frames and memory it can read.
    wipe([test])
    program_pid = run.fork(program, keep=(requests, to_tester), reports=False)
    for fd in (requests, to_program, answers, to_tester):
        os.close(fd)
    return conclude(run, supervise(run, tester_pid, [tester_pid, program_pid], started), before, started)


def supervise(run: Run, pid: int, counted: list[int], started: float) -> dict[str, Any]:
    """Waits for `pid` within the limits; says how the run ended. Afterwards no other process is left."""
    limits = run.limits
    pidfd = open_pidfd(pid)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    watch = run.server.watch
    # Without a watch only a hang-up of the parent is reported.
    poll.register(run.server.control_fd, select.POLLIN if watch else 0)
    progress = Progress(run.report, limits.get("callCpuMs"))
    crowd = Crowd(limits)
    status = None
    ticks = 0
    while True:
        ready = poll.poll(TICK_MS)
        if any(fd == pidfd for fd, _ in ready):
            break
        if ready and not (watch and ready[0][1] & select.POLLIN):
            os._exit(0)
        if watch:
            if ready and watch.enough():
                status = "stopped"
                break
            watch.tell(run.report)
        cpu_ms = sum(cpu_of(each) for each in counted)
        if cpu_ms >= limits["cpuMs"] or progress.stuck(cpu_ms):
            status = "timeout_cpu"
        elif waited_ms(started, counted, cpu_ms, limits["wallMs"]) >= limits["wallMs"]:
            status = "timeout_wall"
        elif run.server.isolated:
            ticks += 1
            if ticks % 2 == 1:
                status = crowd.over()
        if status is not None:
            break
    if status is not None:
        end_quietly(pid)
    _, wait_status, usage = os.wait4(pid, 0)
    os.close(pidfd)
    other = signal_of_program(run, counted[-1]) if status is None and len(counted) > 1 else None
    result: dict[str, Any] = {"memoryKb": max(usage.ru_maxrss, sweep(run.server, counted))}
    if other is not None:
        result["otherSignal"] = other
    if status is not None:
        result["status"] = status
    elif os.WIFSIGNALED(wait_status):
        number = os.WTERMSIG(wait_status)
        result.update(status="signal", signal=number)
        if number == signal.SIGXCPU:
            result["status"] = "timeout_cpu"
    else:
        result.update(status="exited", exitCode=os.WEXITSTATUS(wait_status))
    return result


def signal_of_program(run: Run, program: int) -> int | None:
    """The signal that ended the program, where the tester reports that it has ended; it is left to be reaped."""
    if b'"ended"' not in read_part(run.report, 0, REPORT_HEAD):
        return None
    poll = select.poll()
    pidfd = open_pidfd(program)
    poll.register(pidfd, select.POLLIN)
    # Its pipes are closed a moment before it has ended.
    poll.poll(PASSING_AWAY_MS)
    os.close(pidfd)
    ended = os.waitid(os.P_PID, program, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return ended.si_status if ended is not None and ended.si_code in (CLD_KILLED, CLD_DUMPED) else None


def open_pidfd(pid: int) -> int:
    """pidfd_open(2), which Python knows since 3.9."""
    if sys.version_info >= (3, 9):
        return os.pidfd_open(pid)
    return confine.libc.syscall(434, pid, 0)


def end_quietly(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def sweep(server: Server, started: list[int]) -> int:
    """Ends and reaps every process of the run, grandchildren included; returns the largest peak memory among them, in KiB."""
    peak_kb = 0
    for pid in [] if server.isolated else started:
        end_quietly(pid)
    while True:
        if server.isolated:
            end_quietly(-1)
        else:  # the server is subreaper, so orphans become its children and are found there, level by level
            with open("/proc/self/task/%d/children" % os.getpid()) as children:
                for pid in children.read().split():
                    end_quietly(int(pid))
        try:
            peak_kb = max(peak_kb, os.wait4(-1, 0)[2].ru_maxrss)
        except ChildProcessError:
            return peak_kb


def conclude(run: Run, result: dict[str, Any], before: Any, started: float) -> tuple[dict[str, Any], Blobs]:
    """Adds times and what was written; a program that wrote to its limit has status `output`."""
    marks = run.server.marks
    if marks[CONFINED] == 0 and result["status"] in ("exited", "signal"):
        result["status"] = "infra"  # it never came to the program
    result["begun"] = bool(marks[BEGUN])
    result["wallMs"] = round((time.monotonic() - started) * 1000, 3)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    result["cpuMs"] = round(cpu_s * 1000, 3)
    # While it ran only the clocks of the first processes were looked at; those that they started count too.
    if result["status"] == "exited" and result["cpuMs"] >= run.limits["cpuMs"] + 2 * TICK_MS:
        result["status"] = "timeout_cpu"
    cap = min(run.limits["outputBytes"], OUTPUT_LIMIT)
    sizes = [os.fstat(fd).st_size for fd in (run.stdout, run.stderr, run.report)]
    if max(sizes) >= cap and result["status"] in ("exited", "signal"):
        result["status"] = "output"
    stdout = read_part(run.stdout, 0, cap)
    stderr = read_part(run.stderr, max(0, sizes[1] - STDERR_TAIL), STDERR_TAIL)
    report = read_part(run.report, 0, cap)
    run.close()
    return result, [stdout, stderr, report]
