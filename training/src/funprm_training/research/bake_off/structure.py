"""What can be counted in a program without understanding it: controls that a PRM has to beat."""

import ast
import re
import zlib
from collections.abc import Sequence

import numpy as np

COUNTED = {
    "lines": r"\n",
    "blank lines": r"\n[ \t]*(?=\n)",
    "comments": r"#",
    "docstrings": r'"""|\'\'\'',
    "functions": r"\bdef\b",
    "classes": r"\bclass\b",
    "loops": r"\b(?:for|while)\b",
    "while": r"\bwhile\b",
    "branches": r"\b(?:if|elif)\b",
    "else": r"\belse\b",
    "returns": r"\breturn\b",
    "breaks": r"\b(?:break|continue)\b",
    "imports": r"\bimport\b",
    "assignments": r"(?<![=<>!+\-*/%&|^])=(?!=)",
    "comparisons": r"[<>]=?|[!=]=",
    "arithmetic": r"[+\-*/%]",
    "indexing": r"\[",
    "calls": r"\w\(",
    "numbers": r"\b\d+\b",
    "sorting": r"\bsort(?:ed)?\b",
    "dictionaries": r"\bdict\b|\{|defaultdict|Counter",
    "heaps": r"\bheap",
    "bisection": r"\bbisect|\bmid\b",
    "memory": r"\bcache\b|\bmemo|\bdp\b",
    "modulus": r"10\s*\*\*\s*9|1000000007|998244353|\bMOD\b",
    "infinity": r"\binf\b|\bINF\b",
    "input": r"\binput\(|stdin",
    "print": r"\bprint\(",
    "try": r"\btry\b",
    "lambda": r"\blambda\b",
    "minmax": r"\b(?:min|max)\(",
    "sums": r"\bsum\(",
    "unfinished": r"\bpass\b|\bTODO\b|\.\.\.",
}
TOKEN = re.compile(r"[A-Za-z_]\w*|\d+|\n[ \t]*|[<>=!+\-*/%&|^]+|[^\s\w]")


def structural(code: str) -> dict[str, float]:
    """What is counted, by name; counts as log(1 + n)."""
    lines = code.splitlines() or [""]
    try:
        tree: ast.AST | None = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = None
    return {
        **{name: float(np.log1p(len(re.findall(pattern, code)))) for name, pattern in COUNTED.items()},
        "characters": float(np.log1p(len(code))),
        "longest line": float(np.log1p(max(map(len, lines)))),
        "depth of loops": float(_loop_depth(tree)),
        "depth of indents": float(max((len(line) - len(line.lstrip())) // 4 for line in lines)),
        "recursion": float(_recursive(tree)),
        "parses": float(tree is not None),
    }


def token_ngrams(code: str, width: int = 1024, longest: int = 3) -> np.ndarray:
    """Counts of runs of one to three tokens, hashed to `[width]`, as log(1 + n) of length 1."""
    tokens = TOKEN.findall(code)
    row = np.zeros(width, dtype=np.float32)
    for size in range(1, longest + 1):
        for start in range(len(tokens) - size + 1):
            row[zlib.crc32("\x00".join(tokens[start : start + size]).encode()) % width] += 1
    row = np.log1p(row)
    return row / max(float(np.linalg.norm(row)), 1e-9)


def matrix(codes: Sequence[str], kind: str) -> np.ndarray:
    """Features of programs, float32 `[programs, width]`; `kind` is `structure` or `ngrams`."""
    rows = [list(structural(code).values()) if kind == "structure" else token_ngrams(code) for code in codes]
    return np.array(rows, dtype=np.float32)


def _loop_depth(tree: ast.AST | None) -> int:
    if tree is None:
        return 0
    own = isinstance(tree, ast.For | ast.While | ast.comprehension)
    return own + max((_loop_depth(child) for child in ast.iter_child_nodes(tree)), default=0)


def _recursive(tree: ast.AST | None) -> bool:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] if tree is not None else []
    return any(
        isinstance(call, ast.Call)
        and (getattr(call.func, "id", None) == function.name or getattr(call.func, "attr", None) == function.name)
        for function in functions
        for call in ast.walk(function)
    )
