"""Modules that the interpreter lacks, and names that loaded modules lack."""

from __future__ import annotations

import ast
import importlib.util
import sys
from typing import Any, Iterator

from .tree import FUNCTIONS, finding, scope_at, scopes

_NONE = object()


def wrong_imports(tree: ast.Module) -> Iterator[dict[str, Any]]:
    """`import` for a module that is not there, `attribute` for `math.foo` where `math` is bound by nothing else.

    An import inside `try` has its own way out. Finding a module's file runs nothing of it: only the top-level name is looked up.
    """
    lines = scopes(tree)
    guarded = {id(each) for node in ast.walk(tree) if isinstance(node, ast.Try) for each in ast.walk(node)}
    bound: dict[str, Any] = {}
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)) or id(node) in guarded:
            continue
        scope = scope_at(lines, node.lineno)
        modules = [each.name for each in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        for name in modules:
            if not is_there(name.split(".")[0], getattr(node, "level", 0)):
                yield finding("import", scope, "there is no module %s" % name, node.lineno)
        for alias in node.names:
            if isinstance(node, ast.Import):
                if alias.asname or "." not in alias.name:
                    bound[alias.asname or alias.name] = sys.modules.get(alias.name, _NONE)
            elif node.module in sys.modules and not node.level and alias.name != "*":
                value = getattr(sys.modules[node.module], alias.name, _NONE)
                if value is _NONE and "%s.%s" % (node.module, alias.name) not in sys.modules and not has_parts(node.module):
                    yield finding("import", scope, "%s has no %s" % (node.module, alias.name), node.lineno)
                bound[alias.asname or alias.name] = value
    yield from unknown_attributes(tree, lines, {name: each for name, each in bound.items() if each is not _NONE})


def is_there(name: str, level: int) -> bool:
    if level or name in sys.modules or name in sys.builtin_module_names:
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def has_parts(module: str) -> bool:
    """A package, whose modules can be imported from it without being loaded yet."""
    return hasattr(sys.modules[module], "__path__")


def unknown_attributes(tree: ast.Module, lines: Any, bound: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Reads of modules and classes under the name that an import gave them, where nothing else has that name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.pop(node.id, None)
        elif isinstance(node, ast.arg):
            bound.pop(node.arg, None)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            bound.pop(node.name, None)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Load):
            owner = bound.get(node.value.id, _NONE)
            is_known = isinstance(owner, type) or type(owner) is type(sys)
            if is_known and not hasattr(owner, node.attr) and not (type(owner) is type(sys) and hasattr(owner, "__path__")):
                text = "%s has no %s" % (node.value.id, node.attr)
                yield finding("attribute", scope_at(lines, node.lineno), text, node.lineno)
