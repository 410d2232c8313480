"""What CPython's own parser says about programs, for the comparison with funprm's steps.

One JSON value a line on stdin, one answer a line on stdout:
    {"code": str}      -> {"ok": bool, "functions": [[kind, name, end_line], ...]}
    {"files": true}    -> one {"path", "code"} line for every .py file of the standard library, then {"done": true}
    {"load": [str]}    -> {"loaded": int}: keeps the programs for "time"
    {"time": true}     -> {"seconds": float}: one ast.parse of every loaded program
"""

from __future__ import annotations

import ast
import gc
import io
import json
import pathlib
import sys
import sysconfig
import time
import tokenize
import warnings
from collections.abc import Iterator

Boundary = tuple[str, str, int]


def boundaries(body: list[ast.stmt], classes: tuple[str, ...] = ()) -> Iterator[Boundary]:
    """Functions that are direct children of the module or of a class that is one: (kind, name, last line)."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            kind = "method" if classes else "function"
            yield kind, ".".join((*classes, node.name)), node.end_lineno or 0
        elif isinstance(node, ast.ClassDef):
            yield from boundaries(node.body, (*classes, node.name))


def parse(code: str) -> ast.Module | None:
    """None for what CPython does not accept (NUL, lone surrogates and too deep nesting included)."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def library_files() -> Iterator[dict[str, str]]:
    """The standard library as text, line ends as they are; files that are no text in their own encoding left out."""
    root = pathlib.Path(sysconfig.get_paths()["stdlib"])
    for path in sorted(root.rglob("*.py")):
        if "site-packages" in path.parts:
            continue
        data = path.read_bytes()
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            yield {"path": path.relative_to(root).as_posix(), "code": data.decode(encoding)}
        except (SyntaxError, UnicodeDecodeError):
            continue


def seconds_to_parse(programs: list[str]) -> float:
    """Wall time of ast.parse over all programs."""
    gc.collect()
    start = time.perf_counter()
    for program in programs:
        ast.parse(program)
    return time.perf_counter() - start


def main() -> None:
    """Answers until stdin ends."""
    warnings.simplefilter("ignore")
    programs: list[str] = []
    for line in sys.stdin:
        request = json.loads(line)
        if "files" in request:
            for file in library_files():
                print(json.dumps(file))
            answer: dict[str, object] = {"done": True}
        elif "load" in request:
            programs = request["load"]
            answer = {"loaded": len(programs)}
        elif "time" in request:
            answer = {"seconds": seconds_to_parse(programs)}
        else:
            tree = parse(request["code"])
            answer = {"ok": tree is not None, "functions": list(boundaries(tree.body)) if tree else []}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
