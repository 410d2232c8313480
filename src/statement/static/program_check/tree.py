"""Reading a program's tree: what the checks have in common."""

from __future__ import annotations

import ast
from typing import Any, Iterator

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def finding(kind: str, scope: str, detail: str, line: int) -> dict[str, Any]:
    """`scope` is the function or class the finding speaks of, `Class.method`; "" is the module."""
    return {"kind": kind, "scope": scope, "detail": detail, "line": line}


def definitions(body: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Functions and classes by their full names, those in `if` and `try` blocks too; not what is inside functions."""
    for node in body:
        if isinstance(node, FUNCTIONS):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield prefix + node.name, node
            yield from definitions(node.body, prefix + node.name + ".")
        else:
            for field in ("body", "orelse", "finalbody"):
                block = getattr(node, field, None)
                if isinstance(block, list):
                    yield from definitions(block, prefix)
            for handler in getattr(node, "handlers", []):
                yield from definitions(handler.body, prefix)


def scopes(tree: ast.Module) -> list[tuple[int, int, str]]:
    """First and last line of every function and class, for `scope_at`."""
    return [(node.lineno, getattr(node, "end_lineno", node.lineno), name) for name, node in definitions(tree.body)]


def scope_at(lines: list[tuple[int, int, str]], line: int) -> str:
    """The innermost function or class that holds the line."""
    inside = [(last - first, name) for first, last, name in lines if first <= line <= last]
    return min(inside)[1] if inside else ""


def dotted(node: Any) -> str:
    """`a.b.c` of a name or an attribute, `None` of the constant and of the text; "" of everything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return owner and "%s.%s" % (owner, node.attr)
    return "None" if isinstance(node, ast.Constant) and node.value in (None, "None") else ""


def decorator_names(node: Any) -> list[str]:
    """`staticmethod`, `x.setter`; "" for one that is called or otherwise no plain name."""
    return [dotted(each) for each in node.decorator_list]


def own_nodes(function: Any) -> Iterator[Any]:
    """The nodes of a function's own body, without those of functions, lambdas and classes in it."""
    left = list(function.body)
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            left.extend(ast.iter_child_nodes(node))


def is_method(name: str, node: Any) -> bool:
    """Whether a call through an object passes that object first."""
    return "." in name and "staticmethod" not in decorator_names(node)


def counts(name: str, node: Any) -> tuple[int, float]:
    """The least and the most arguments that a caller can give by position."""
    args = node.args
    bound = 1 if is_method(name, node) else 0
    every = len(getattr(args, "posonlyargs", [])) + len(args.args) - bound
    least = every - len(args.defaults)
    return max(0, least), float("inf") if args.vararg else every
