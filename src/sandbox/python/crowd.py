"""How many processes a run has and what they hold together: RLIMIT_AS is per process, and RLIMIT_NPROC is not everywhere.

A run's processes may not be read by this one (smaps needs what ptrace needs), so memory that several of them map is counted by
what the whole machine's shared memory grew by: at least what one of them holds, at most the sum.
"""

from __future__ import annotations

import os
import resource

PAGE = resource.getpagesize()
#: What the interpreter's own pages take in each process does not count up to this.
ALLOWANCE = 64 << 20
#: Buffers of local sockets belong to no process: the kernel's default for each, beyond the few that programs have.
SOCKET_BYTES = 208 << 10
FREE_SOCKETS = 64
#: What other workers' programs may add to the machine's shared memory meanwhile: their scratch folders, and something over.
OTHERS_BYTES = 512 << 20


class Crowd:
    """All processes of the namespace but this one, looked at again and again during a run."""

    def __init__(self, limits: dict[str, int]) -> None:
        self.most_bytes = limits["memoryBytes"] + ALLOWANCE
        self.most_processes = limits["processes"] + 2
        self.shared_before: int | None = None

    def over(self) -> str | None:
        """The limit that is passed: `memory`, `processes` or None."""
        if self.shared_before is None:
            self.shared_before = machine_shared()
        pids = [name for name in os.listdir("/proc") if name.isdigit() and name != "1"]
        if len(pids) > self.most_processes:
            return "processes"
        sockets = max(0, socket_count() - FREE_SOCKETS) * SOCKET_BYTES
        grown = machine_shared() - self.shared_before
        # Most runs stay below these bounds, which are quick to read.
        if sum(map(resident, pids)) + sockets <= self.most_bytes and grown <= OTHERS_BYTES:
            return None
        return "memory" if held(pids, grown) + sockets > self.most_bytes else None


def held(pids: list[str], grown: int) -> int:
    """Bytes that only these processes keep in memory; `grown`: what the machine's shared memory has gained."""
    own_size = rooms("self")["VmSize"]
    private = shared = most_shared = virtual = 0
    for pid in pids:
        room = rooms(pid)
        private += room["RssAnon"]
        shared += room["RssShmem"]
        most_shared = max(most_shared, room["RssShmem"])
        virtual += max(0, room["VmSize"] - own_size)
    # Shared pages stay when a process lets go of its view of them; then only the size of its mappings speaks of them.
    unseen = min(virtual, grown - OTHERS_BYTES)
    return private + max(min(shared, max(most_shared, grown)), unseen)


def resident(pid: str) -> int:
    """Bytes of a process that are in memory, whoever else has them too."""
    try:
        with open("/proc/%s/statm" % pid) as statm:
            return int(statm.read().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def rooms(pid: str) -> dict[str, int]:
    """Bytes of private and of shared memory that a process sees, and of all it has mapped; files of the system are neither."""
    found = dict.fromkeys(("VmSize", "RssAnon", "RssShmem"), 0)
    try:
        with open("/proc/%s/status" % pid) as status:
            for line in status:
                name, _, value = line.partition(":")
                if name in found:
                    found[name] = kib(value)
    except OSError:
        pass
    return found


def machine_shared() -> int:
    """Bytes of shared memory and memory files on the whole machine."""
    with open("/proc/meminfo") as meminfo:
        for line in meminfo:
            if line.startswith("Shmem:"):
                return kib(line.partition(":")[2])
    return 0


def socket_count() -> int:
    """Local sockets of this network namespace."""
    try:
        with open("/proc/net/unix", "rb") as sockets:
            return sockets.read().count(b"\n")
    except OSError:
        return 0


def kib(text: str) -> int:
    """Bytes of `  123 kB`."""
    return int(text.split()[0]) << 10
