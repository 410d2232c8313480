"""Names that nothing binds, in the way the interpreter itself resolves them (symtable)."""

from __future__ import annotations

import ast
import builtins
import symtable
import sys
from typing import Any, Iterator

from .tree import finding, scope_at, scopes

#: Set by the import system for a program that runs as a file.
MODULE_NAMES = {"__file__", "__name__", "__doc__", "__builtins__", "__spec__", "__loader__", "__package__", "__annotations__"}


def module_names(code: str) -> set[str] | None:
    """What a module binds at its top level, star imports of loaded modules included; None where that cannot be known."""
    try:
        tree = ast.parse(code)
        table = symtable.symtable(code, "module", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    names = {each.get_name() for each in table.get_symbols() if binds(each)} | set(global_names(table))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            module = sys.modules.get(node.module or "")
            if module is None:
                return None
            names.update(getattr(module, "__all__", None) or [each for each in dir(module) if not each.startswith("_")])
    return names


def binds(symbol: Any) -> bool:
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()


def global_names(table: Any) -> Iterator[str]:
    """Names that functions bind through `global`."""
    for child in table.get_children():
        yield from (each.get_name() for each in child.get_symbols() if each.is_declared_global() and binds(each))
        yield from global_names(child)


def undefined_names(code: str, tree: ast.Module, prelude_names: set[str] | None) -> Iterator[dict[str, Any]]:
    """Each name once a function. Nothing is said of a program that makes names in ways that are not read here."""
    own = module_names(code)
    makers = {"exec", "globals", "eval"}
    if own is None or prelude_names is None or any(isinstance(each, ast.Name) and each.id in makers for each in ast.walk(tree)):
        return
    known = own | prelude_names | MODULE_NAMES | set(dir(builtins))
    unknown = set(free_names(symtable.symtable(code, "solution.py", "exec"))) - known
    lines = scopes(tree)
    told = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in unknown:
            scope = scope_at(lines, node.lineno)
            if (node.id, scope) not in told:
                told.add((node.id, scope))
                yield finding("undefined", scope, "%s is not defined" % node.id, node.lineno)


def free_names(table: Any) -> Iterator[str]:
    """Names that some scope looks up in the module. Annotations count only where the interpreter evaluates them."""
    is_module = table.get_type() == "module"
    for each in table.get_symbols():
        # Until Python 3.12 a function called `top` is taken for the module: all its locals are said to be global too.
        is_outside = each.is_global() and not each.is_local()
        if each.is_referenced() and (is_outside or is_module):
            yield each.get_name()
    for child in table.get_children():
        yield from free_names(child)
