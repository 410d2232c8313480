"""What a process may do: identity, resource limits, system calls. Linux only, standard library only."""

from __future__ import annotations

import _thread
import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from typing import Any, Callable

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2

_set, _get, _infinity = resource.setrlimit, resource.getrlimit, resource.RLIM_INFINITY
_set_stack_size: Callable[..., int] = _thread.stack_size
#: Address space is what the sandbox limits, and a stack takes all of its own at once: this much of the memory is for one.
STACK_SHARE = 2

libc = ctypes.CDLL(None, use_errno=True)


def lock_server(uid: int | None) -> None:
    """Drops root for `uid` where asked, then closes this process to ptrace, /proc/PID/mem and new privileges."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    if os.getuid() == 0:
        raise SystemExit("the fork server must not serve candidates as root")
    # Changing the identity resets both, so they come after it.
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def protect_from_peers() -> None:
    """Closes a trusted child to ptrace and /proc/PID/mem of candidates, which run under the same user id."""
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def address_space() -> int:
    """Bytes of address space this process has now; a child starts from there."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def limit(cpu_ms: int, memory_bytes: int, output_bytes: int, processes: int, base: int) -> None:
    """Sets the resource limits of this process and all it will start."""
    cpu_s = int(cpu_ms) // 1000 + 2  # the server ends a run at cpu_ms; this one catches grandchildren
    _lower(resource.RLIMIT_CPU, cpu_s)
    _lower(resource.RLIMIT_AS, base + memory_bytes)
    _lower(resource.RLIMIT_FSIZE, output_bytes)
    _lower(resource.RLIMIT_NPROC, processes)
    _lower(resource.RLIMIT_NOFILE, 256)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_MSGQUEUE, 0)
    # Before Python 3.11 recursion lives on the C stack: 8 MiB overflow at a depth that solutions do reach.
    # What a stack takes is address space, so programs may raise this one.
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    stack = 128 << 20 if most == resource.RLIM_INFINITY else min(128 << 20, most)
    resource.setrlimit(resource.RLIMIT_STACK, (stack, most))


def _lower(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, value))


# System calls that a solution never needs and that reach other processes, the kernel's rare corners, or memory that no
# limit counts. Numbers: (x86-64, arm64).
DENIED = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "syslog": (103, 116),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "fanotify_init": (300, 262),
    "kexec_load": (246, 104), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "swapon": (167, 224), "reboot": (169, 142), "acct": (163, 89), "quotactl": (179, 60),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196),
    "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "sched_setscheduler": (144, 119), "sched_setparam": (142, 118), "sched_setattr": (314, 274),
    "ioprio_set": (251, 30), "migrate_pages": (256, 238), "move_pages": (279, 239),
}  # fmt: skip
# Allowed for the process itself only: (x86-64, arm64, indices of the arguments that must be 0). PRIO_PROCESS is 0.
SELF_ONLY = {"prlimit64": (302, 261, (0,)), "sched_setaffinity": (203, 122, (0,)), "setpriority": (141, 140, (0, 1))}
CLONE = (56, 220)
CLONE3 = (435, 435)
NEW_NAMESPACE_FLAGS = 0x7E020000
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

LOAD, JUMP_EQUAL, JUMP_SET, JUMP_ABOVE, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, ENOSYS = 1, 38


class SockFprog(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def build_filter() -> SockFprog | None:
    """The seccomp program for this machine; None on processors whose numbers are not listed."""
    found = ARCHITECTURES.get(platform.machine())
    if found is None:
        return None
    column, arch = found
    code = [(LOAD, 0, 0, 4), (JUMP_EQUAL, 1, 0, arch), (RETURN, 0, 0, KILL), (LOAD, 0, 0, 0)]
    if column == 0:  # the x32 numbers would pass by every other rule
        code += [(JUMP_ABOVE, 0, 1, 0x40000000), (RETURN, 0, 0, ERRNO | EPERM)]
    for numbers in DENIED.values():
        code += [(JUMP_EQUAL, 0, 1, numbers[column]), (RETURN, 0, 0, ERRNO | EPERM)]
    code += [(JUMP_EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, ERRNO | ENOSYS)]
    for rule in SELF_ONLY.values():
        # Each argument is two words wide; `who` and the like are read as the lower one by the kernel too.
        code += [(JUMP_EQUAL, 0, 2 * len(rule[2]) + 2, rule[column])]
        for left, argument in zip(range(len(rule[2]) - 1, -1, -1), rule[2]):
            code += [(LOAD, 0, 0, 16 + 8 * argument), (JUMP_EQUAL, 0, 2 * left + 1, 0)]
        code += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, ERRNO | EPERM)]
    code += [(JUMP_EQUAL, 0, 4, CLONE[column]), (LOAD, 0, 0, 16), (JUMP_SET, 0, 1, NEW_NAMESPACE_FLAGS)]
    code += [(RETURN, 0, 0, ERRNO | EPERM), (RETURN, 0, 0, ALLOW)]
    code.append((RETURN, 0, 0, ALLOW))
    packed = b"".join(struct.pack("=HBBI", *instruction) for instruction in code)
    buffer = ctypes.create_string_buffer(packed, len(packed))
    program = SockFprog(len(code), ctypes.cast(buffer, ctypes.c_void_p))
    program.keep = buffer  # the kernel copies it when it is installed, not before
    return program


def install_filter(program: SockFprog | None) -> None:
    """Puts the filter on this process and all it will start; there is no way back.

    The server carries it too: installing it in every child would cost a fifth of a trivial run.
    """
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if program is None:
        return
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the system call filter was refused")


def grant(memory_bytes: int) -> None:
    """Makes `resource.setrlimit` and `threading.stack_size` of this process take less where they would get nothing.

    Contest programs raise their own limits. Judges leave these open and measure what is used; here they are closed, and a program
    must not fail for asking.
    """
    most = memory_bytes // STACK_SHARE

    def setrlimit(which: int, limits: Any) -> None:
        try:
            _set(which, limits)
        except ValueError:
            soft, hard = limits
            limit = _get(which)[1]
            _set(which, (_at_most(soft, limit), _at_most(hard, limit)))

    def stack_size(size: int = 0) -> int:
        return _set_stack_size(min(size, most)) if size > 0 else _set_stack_size(size)

    resource.setrlimit = setrlimit
    for module in (_thread, sys.modules.get("threading")):
        if module is not None:
            module.stack_size = stack_size  # type: ignore[attr-defined]


def _at_most(wanted: int, limit: int) -> int:
    if limit == _infinity:
        return wanted
    return limit if wanted == _infinity or wanted < 0 else min(wanted, limit)
