"""A unit of work: one shard of a command, whose output gets its place whole and once, whoever else works on it."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OUT = "out.jsonl"
RECORD = f"{OUT}.shard.jsonl"
LOG = "log.txt"
DONE_EXITS = (0, 3, 5)
"""Exit codes of a shard that is done: all well, problems without a usable candidate, candidates not judged."""
REFUSED_EXIT = 2


class UnitFailed(Exception):
    """An attempt ended without a result for a reason that another attempt may not meet."""


class UnitRefused(Exception):
    """funprm refuses the work: no attempt would do better."""


@dataclass(frozen=True)
class Unit:
    """Shard `index` of `count` of `funprm COMMAND ARGUMENTS`, run in `cwd`, its output in `work`; both on all nodes.

    `funprm`: how it is called.
    """

    index: int
    count: int
    funprm: tuple[str, ...]
    arguments: tuple[str, ...]
    cwd: str
    work: str
    store: str

    @property
    def shard(self) -> str:
        """As `--shard` wants it."""
        return f"{self.index}/{self.count}"

    @property
    def place(self) -> Path:
        """The folder of its output; it exists when the unit is done, and not before."""
        return part_folder(Path(self.work), self.index)

    @contextmanager
    def attempt(self) -> Iterator[Path]:
        """A folder for an attempt's files. It becomes the unit's place if the block ends with a record in it.

        Another attempt may be at work, on a node that Ray cannot reach and takes for lost. The first one to end counts.
        """
        folder = Path(self.work) / f"attempt-{self.index:06}-{uuid.uuid4().hex}"
        try:
            folder.mkdir()
        except FileNotFoundError as error:
            raise UnitRefused(f"{self.work}: expected a folder that all nodes see, got none on this one") from error
        try:
            yield folder
            if (folder / RECORD).exists():
                publish(folder, self.place)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def part_folder(work: Path, index: int) -> Path:
    """Where a unit's output is when it is done."""
    return work / f"part-{index:06}"


def publish(folder: Path, place: Path) -> None:
    """Gives a folder its place, unless another one has it."""
    for file in (folder / OUT, folder / RECORD):
        with file.open("rb") as written:
            os.fsync(written.fileno())
    try:
        folder.rename(place)
    except OSError:
        if not (place / RECORD).exists():
            raise


def judge(exit_code: int, folder: Path, place: str) -> None:
    """Raises UnitRefused or UnitFailed for an attempt that is not done, with the end of what it said."""
    if exit_code in DONE_EXITS and (folder / RECORD).exists():
        return
    log = folder / LOG
    said = log.read_text("utf-8", "replace").strip()[-2000:] if log.exists() else ""
    how = f"was killed by signal {-exit_code}" if exit_code < 0 else f"ended with exit code {exit_code}"
    message = f"shard {place} {how}" + (f": {said}" if said else "")
    raise (UnitRefused if exit_code == REFUSED_EXIT else UnitFailed)(message)
