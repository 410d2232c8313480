"""Progress and cost of all attempts in one place: what is done, by whom, what it took, what was done twice."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass
class Attempt:
    """What is known of an attempt: where it is, its lines and CPU seconds until now, and how it ended."""

    node: str
    lines: int = 0
    cpu_s: float = 0.0
    state: str = "working"


class Ledger:
    """Told by every attempt how it goes; asked by the command, beside which it lives."""

    def __init__(self) -> None:
        self._attempts: dict[str, Attempt] = {}
        self._last_failure = ""

    def began(self, attempt: str, node: str) -> None:
        """An attempt has begun on a node."""
        self._attempts[attempt] = Attempt(node)

    def came_to(self, attempt: str, lines: int, cpu_s: float) -> None:
        """An attempt has written so many lines in so many CPU seconds of its processes."""
        known = self._attempts[attempt]
        known.lines, known.cpu_s = lines, cpu_s

    def ended(self, attempt: str, failure: str | None) -> None:
        """An attempt has ended. One that is lost with its node never says so."""
        self._attempts[attempt].state = "done" if failure is None else "failed"
        self._last_failure = failure or self._last_failure

    def summary(self, alive: set[str]) -> Mapping[str, Any]:
        """What the command shows; attempts on nodes that are not `alive` are lost, what they cost is not."""
        for attempt in self._attempts.values():
            if attempt.state == "working" and attempt.node not in alive:
                attempt.state = "lost"
        states = Counter(attempt.state for attempt in self._attempts.values())
        useful = [attempt for attempt in self._attempts.values() if attempt.state in ("working", "done")]
        return {
            "attempts": len(self._attempts),
            **{state: states[state] for state in ("working", "failed", "lost")},
            "lines": sum(attempt.lines for attempt in useful),
            "cpu_s": round(sum(attempt.cpu_s for attempt in self._attempts.values()), 1),
            "done_by_node": dict(Counter(attempt.node[:8] for attempt in useful if attempt.state == "done")),
            "last_failure": self._last_failure,
        }
