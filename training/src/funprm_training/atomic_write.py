"""Files that are there whole or not at all: written next to their place, then renamed in one step."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path, writer: str = "") -> Iterator[Path]:
    """The path of a file to write, which takes the place of `path` when the block ends without an error.

    A kill leaves the old file or the new one. `writer` tells processes apart that may write the same file at once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}{writer}.partial")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str, writer: str = "") -> None:
    """Replaces a text file in one step."""
    with replacing(path, writer) as partial:
        partial.write_text(text, encoding="utf-8")
