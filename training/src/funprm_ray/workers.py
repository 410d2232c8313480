"""What runs on the nodes: an attempt at a unit in a process of its own, or in one whose model stays loaded."""

import json
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import ray
from ray.actor import ActorHandle

from funprm_ray.command import cpu_of_tree_s, found_here, start
from funprm_ray.unit import LOG, OUT, Unit, judge

BEAT_S = 2.0


def run_unit(unit: Unit, ledger: ActorHandle) -> None:
    """Does a shard by a process of its own; a unit that is done is not done again."""
    if unit.place.exists():
        return
    with told(ledger) as tell, unit.attempt() as folder, (folder / LOG).open("w") as log:
        command = [*found_here(unit.funprm), *unit.arguments, "--shard", unit.shard, "--verdicts", unit.store]
        process = start([*command, "--out", str(folder / OUT)], unit.cwd, log)
        cpu_s = 0.0
        try:
            while (code := _waited(process)) is None:
                cpu_s = cpu_of_tree_s(process.pid)
                tell(lines_in(folder), cpu_s)
        finally:
            process.kill()
            process.wait()
        judge(code, folder, unit.shard)
        tell(lines_in(folder), cpu_s)


class KeptScorer:
    """Does shards of `rank` in one process, so that its PRM is loaded once; the process is replaced when it ends."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[str] | None = None

    def run_unit(self, unit: Unit, ledger: ActorHandle) -> None:
        """As the function of that name."""
        if unit.place.exists():
            return
        with told(ledger) as tell, unit.attempt() as folder:
            try:
                process = self._started(unit)
                log_at, before = self._log_size(), cpu_of_tree_s(process.pid)
                task = {"shard": unit.shard, "out": str(folder / OUT)}
                answer = _asked(process, task)
            except BaseException:
                self._end()
                raise
            if answer is None:
                code = process.wait()
                (folder / LOG).write_text(self._said_since(log_at), "utf-8")
                self._end()
                judge(code or 1, folder, unit.shard)
            else:
                judge(answer["exit"], folder, unit.shard)
            tell(lines_in(folder), cpu_of_tree_s(process.pid) - before)

    def _started(self, unit: Unit) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed with the process
            command = [*found_here(unit.funprm), *unit.arguments, "--shards", "-", "--verdicts", unit.store]
            self._process = start(command, unit.cwd, self._log, piped=True)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._log is not None:
            self._log.close()
        self._process = self._log = None

    def _log_size(self) -> int:
        assert self._log is not None
        return self._log.seek(0, 2)

    def _said_since(self, at: int) -> str:
        assert self._log is not None
        self._log.seek(at)
        return self._log.read()


def _asked(process: "subprocess.Popen[str]", task: dict[str, str]) -> dict[str, Any] | None:
    """The process's answer; None when it has ended."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        return None
    line = process.stdout.readline()
    return json.loads(line) if line.endswith("\n") else None


@contextmanager
def told(ledger: ActorHandle) -> Iterator[Callable[[int, float], None]]:
    """Tells the ledger of an attempt; what the block calls with lines and CPU seconds until now is told too."""
    attempt = uuid.uuid4().hex
    last = (0, 0.0)
    ledger.began.remote(attempt, ray.get_runtime_context().get_node_id())

    def tell(lines: int, cpu_s: float) -> None:
        nonlocal last
        if (lines, cpu_s) != last:
            last = (lines, cpu_s)
            ledger.came_to.remote(attempt, lines, cpu_s)

    failure: str | None = "ended"
    try:
        yield tell
        failure = None
    except Exception as error:
        failure = str(error)
        raise
    finally:
        ledger.ended.remote(attempt, failure)


def lines_in(folder: Path) -> int:
    """Lines that an attempt has written, wherever they are until it is done."""
    count = 0
    for file in folder.glob(f"{OUT}*"):
        if not file.name.endswith(".shard.jsonl") and file.is_file():
            with file.open("rb") as lines:
                count += sum(chunk.count(b"\n") for chunk in iter(lambda: lines.read(1 << 20), b""))
    return count


def _waited(process: "subprocess.Popen[str]") -> int | None:
    try:
        return process.wait(BEAT_S)
    except subprocess.TimeoutExpired:
        return None
