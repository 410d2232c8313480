"""Calls of the program's own functions and methods with too few or too many arguments."""

from __future__ import annotations

import ast
from typing import Any, Iterator

from .parts import span
from .tree import FUNCTIONS, counts, decorator_names, definitions, finding, is_method


def wrong_calls(tree: ast.Module) -> Iterator[dict[str, Any]]:
    """Only names that are bound once in the program, by a `def` without a decorator that could change it."""
    defined = dict(definitions(tree.body))
    functions = {name: node for name, node in defined.items() if isinstance(node, FUNCTIONS) and is_plain(node)}
    stored = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    stored |= {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}
    stored |= {each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)}
    names = [each.name for each in ast.walk(tree) if isinstance(each, (*FUNCTIONS, ast.ClassDef))]
    for scope, node in defined.items():
        if not isinstance(node, FUNCTIONS):
            continue
        owner = scope.rpartition(".")[0]
        own = node.args.args[0].arg if owner and node.args.args and is_method(scope, node) else None
        for call in ast.walk(node):
            name = called_name(call, owner, own)
            target = functions.get(name or "")
            bare = (name or "").rpartition(".")[2]
            if name is None or target is None or bare in stored or names.count(bare) > 1:
                continue
            problem = misfit(call, name, target)
            if problem is not None:
                yield finding("call", scope, problem, call.lineno)


def is_plain(node: Any) -> bool:
    return set(decorator_names(node)) <= {"staticmethod", "classmethod"}


def called_name(call: Any, owner: str, own: str | None) -> str | None:
    """`helper(..)` and `self.method(..)` as names of `definitions`."""
    if not isinstance(call, ast.Call):
        return None
    if isinstance(call.func, ast.Name):
        return call.func.id
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == own:
        return "%s.%s" % (owner, call.func.attr)
    return None


def misfit(call: ast.Call, name: str, target: Any) -> str | None:
    if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
        return None
    least, most = counts(name, target)
    if len(call.args) > most:
        return "%s takes %s arguments and gets %d" % (name, span(least, most), len(call.args))
    given = {each.arg for each in call.keywords}
    args = target.args
    places = [each.arg for each in [*getattr(args, "posonlyargs", []), *args.args]][1 if is_method(name, target) else 0 :]
    unknown = given - set(places) - {each.arg for each in args.kwonlyargs}
    if unknown and args.kwarg is None:
        return "%s has no parameter %s" % (name, min(str(each) for each in unknown))
    needed = set(places[len(call.args) : least])
    lacking = [each for each in places if each in needed - given]
    return "%s gets no %s" % (name, lacking[0]) if lacking else None
