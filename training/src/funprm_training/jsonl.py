"""Files of one JSON object a line, as funprm and its data sets have them."""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from funprm_training.atomic_write import write_text

Row = dict[str, Any]


def read_text(path: Path) -> str:
    """A text file, compressed with gzip or not."""
    data = path.read_bytes()
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")


def read_jsonl(path: Path) -> Iterator[Row]:
    """The objects of a file in their order; empty lines are skipped."""
    # Not splitlines: a text may hold a line separator that JSON does not escape.
    yield from (json.loads(line) for line in read_text(path).split("\n") if line.strip())


def write_jsonl(path: Path, rows: Iterable[Row]) -> None:
    """Replaces the file in one step."""
    write_text(path, "".join(json.dumps(row) + "\n" for row in rows))


def resume_jsonl(path: Path) -> list[Row]:
    """What a file that grows line by line holds whole; a line that a kill cut off is taken out of the file."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        write_text(path, whole)
    return [json.loads(line) for line in whole.split("\n") if line]


def append_jsonl(path: Path, row: Row) -> None:
    """Adds one line to a file that grows line by line."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
