"""Runs a command as a session of its own and sees what it leaves behind.

    python3 watch.py REPORT COMMAND [ARGUMENT...]

Every orphan of the command becomes a child of this process (a subreaper). When the command has ended, what it started
has SETTLE_S to end too; what is then still there is a stray: it is told and killed. REPORT gets the command's process id
at once in REPORT.pid, and at the end a JSON object with its exit code or signal, strays and peak memory.
"""

import ctypes
import json
import os
import signal
import sys
import time

SETTLE_S = 45


def children_of(parent: int) -> list[int]:
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf8", errors="replace") as file:
                state, ppid = file.read().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(ppid) == parent and state != "Z":
            found.append(int(name))
    return found


def command_of(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf8", errors="replace") as file:
            return file.read().replace("\0", " ")[:160]
    except OSError:
        return ""


def kill_all(*_: object) -> None:
    for _ in range(100):
        left = children_of(os.getpid())
        if not left:
            break
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        time.sleep(0.02)


def reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def ended(*_: object) -> None:
    kill_all()
    sys.exit(1)


def main(report: str, argv: list[str]) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    signal.signal(signal.SIGTERM, ended)
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        try:
            os.execvp(argv[0], argv)
        except OSError as error:
            print(error, file=sys.stderr)
            os._exit(127)
    with open(f"{report}.part", "w", encoding="utf8") as file:
        file.write(str(pid))
    os.rename(f"{report}.part", f"{report}.pid")
    _, status, usage = os.wait4(pid, 0)
    wall_s = time.monotonic() - started
    deadline = time.monotonic() + SETTLE_S
    while children_of(os.getpid()) and time.monotonic() < deadline:
        reap()
        time.sleep(0.02)
    strays = [command_of(stray) for stray in children_of(os.getpid())]
    kill_all()
    result = {
        "code": os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else None,
        "signal": signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else None,
        "strays": strays,
        "wallS": round(wall_s, 2),
        "peakMb": round(usage.ru_maxrss / 1024),
    }
    with open(f"{report}.part", "w", encoding="utf8") as file:
        json.dump(result, file)
    os.rename(f"{report}.part", report)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
