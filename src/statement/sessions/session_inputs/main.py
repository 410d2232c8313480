"""From a request on stdin to further sessions on stdout."""

from __future__ import annotations

import ast
import json
import sys

from .generate import Generator
from .library import LibraryGenerator


def main() -> None:
    request = json.load(sys.stdin)
    # Trees are written out by ast.unparse, which Python has since 3.9.
    if not hasattr(ast, "unparse"):
        json.dump([], sys.stdout)
        return
    json.dump((LibraryGenerator if request["library"] else Generator)(request).all(), sys.stdout)
