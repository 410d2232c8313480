"""A program cut into function steps by CPython's own grammar, as src/steps does with tree-sitter.

A step is a top-level function or a method of a top-level class. What stands before a function (imports,
class headers, constants) belongs to its step; what follows the last function belongs to the last step.
A program without functions, or one that does not parse, is one step.
"""

import ast
import re
import warnings
from itertools import pairwise

_LINE_END = re.compile(r"\r\n|\r|\n")


def function_steps(code: str) -> list[str]:
    """The texts of the steps; joined, they are `code`. An empty program has no step."""
    if not code:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [code]
    starts = [0, *(match.end() for match in _LINE_END.finditer(code)), len(code)]
    cuts = sorted({starts[min(line, len(starts) - 1)] for line in _function_ends(module)})[:-1]
    bounds = [0, *cuts, len(code)]
    return [code[start:end] for start, end in pairwise(bounds)]


def _function_ends(module: ast.Module) -> list[int]:
    """The last line, from 1, of every top-level function and of every method of a top-level class."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    ends = [node.end_lineno for node in module.body if isinstance(node, functions)]
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            ends += [member.end_lineno for member in node.body if isinstance(member, functions)]
    return [end for end in ends if end is not None]
