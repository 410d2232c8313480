"""All units on a Ray cluster: Ray queues, places and repeats them; this waits, shows progress, and gives up."""

import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from funprm_ray.command import InputError
from funprm_ray.ledger import Ledger
from funprm_ray.unit import Unit, UnitFailed, UnitRefused
from funprm_ray.workers import KeptScorer, run_unit

SHOWN_EVERY_S = 5.0
Show = Callable[[str], None]


class Board:
    """The ledger, held on the node of the command so that no lost node takes it along, and shown from time to time."""

    def __init__(self, total: int, show: Show) -> None:
        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
        self.ledger = ray.remote(Ledger).options(num_cpus=0, scheduling_strategy=here).remote()
        self._total, self._show = total, show
        self._shown = self._started = time.monotonic()

    def look(self, done: int) -> None:
        """Shows a line when the last one is old enough."""
        if time.monotonic() - self._shown >= SHOWN_EVERY_S:
            self._shown = time.monotonic()
            found = self.summary()
            self._show(
                f"{done} of {self._total} shards, {found['lines']} lines, {found['working']} at work on "
                f"{found['nodes']} nodes, {found['failed']} attempts failed, {found['lost']} lost, "
                f"{found['cpu_s']} CPU s"
            )

    def summary(self) -> Mapping[str, Any]:
        """Progress and cost until now."""
        alive = {node["NodeID"] for node in ray.nodes() if node["Alive"]}
        told = ray.get(self.ledger.summary.remote(alive))
        return {
            "shards": self._total,
            **told,
            "nodes": len(alive),
            "wall_s": round(time.monotonic() - self._started, 1),
        }


def run_tasks(units: Sequence[Unit], board: Board, cpus: float, retries: int) -> None:
    """Every unit as a task of its own. Raises UnitRefused or UnitFailed for the first that cannot be done."""
    options = {"num_cpus": cpus, "max_retries": retries, "retry_exceptions": [UnitFailed]}
    task = ray.remote(run_unit).options(**options)
    waiting = [task.remote(unit, board.ledger) for unit in units]
    try:
        done = 0
        while waiting:
            ready, waiting = ray.wait(waiting, timeout=SHOWN_EVERY_S)
            done += len(ready)
            settle(ready)
            board.look(done)
    finally:
        for each in waiting:
            ray.cancel(each, force=True)


def run_actors(units: Sequence[Unit], board: Board, cpus: float, retries: int, actors: int) -> None:
    """Units one after another by actors that keep their model. Errors: as `run_tasks`.

    An idle actor whose turn does not come any more is let go, so that one whose node was lost finds a place.
    """
    scorer = ray.remote(KeptScorer).options(num_cpus=cpus, max_restarts=-1, max_task_retries=retries)
    idle = [scorer.remote() for _ in range(min(actors, len(units)))]
    left = list(reversed(units))
    working: dict[Any, Any] = {}
    done = 0
    try:
        while left or working:
            while left and idle:
                actor = idle.pop()
                again = {"max_task_retries": retries, "retry_exceptions": [UnitFailed]}
                working[actor.run_unit.options(**again).remote(left.pop(), board.ledger)] = actor
            for actor in idle:
                ray.kill(actor)
            idle = []
            ready, _ = ray.wait(list(working), timeout=SHOWN_EVERY_S)
            for each in ready:
                idle.append(working.pop(each))
            done += len(ready)
            settle(ready)
            board.look(done)
    finally:
        for actor in [*idle, *working.values()]:
            ray.kill(actor)


def settle(results: Iterable[Any]) -> None:
    """Raises what a unit ended with: its own error, not Ray's around it."""
    for each in results:
        try:
            ray.get(each)
        except ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, UnitFailed | UnitRefused | InputError):
                raise error.cause from None
            raise
        except ray.exceptions.RayError as error:
            raise UnitFailed(f"a shard was lost with its node or process too often: {error}") from error


def show(line: str) -> None:
    """A line of progress."""
    print(line, file=sys.stderr, flush=True)
