"""What a call leaves behind besides its value: figures, and files in its folder."""

from __future__ import annotations

import hashlib
import os
import sys
from typing import Any

from .canonical import canonical
from .library import plot

#: Files that tests read as text; of others only the name counts, since an image holds the time it was made at.
READ_AS_TEXT = (".csv", ".txt", ".json", ".tsv", ".log", ".xml", ".html", ".md", ".ini")
MOST_FILES = 50
MOST_BYTES = 1 << 20


def effects(attributes: set[str]) -> str:
    """Figures that are open and files below the working folder; equal effects have equal texts."""
    return "; ".join(part for part in (_figures(attributes), _files()) if part)


def forget() -> None:
    """Closes all figures: what one statement draws is its own."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


def _figures(attributes: set[str]) -> str:
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not pyplot.get_fignums():
        return ""
    return "figures: %s" % canonical([list(map(plot, pyplot.figure(each).axes)) for each in pyplot.get_fignums()], attributes)


def _files() -> str:
    found = []
    for folder, folders, files in os.walk("."):
        folders.sort()
        for name in sorted(files):
            if len(found) < MOST_FILES:
                found.append(_file(os.path.join(folder, name)))
    return "files: %s" % ", ".join(found) if found else ""


def _file(path: str) -> str:
    if not path.endswith(READ_AS_TEXT) or not os.path.isfile(path):
        return path
    with open(path, "rb") as file:
        text = b"\n".join(file.read(MOST_BYTES).split())
    return "%s %s" % (path, hashlib.sha256(text).hexdigest()[:8])
