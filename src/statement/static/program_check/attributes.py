"""Attributes of `self` that are read and that nothing ever sets."""

from __future__ import annotations

import ast
from typing import Any, Iterator

from .tree import FUNCTIONS, decorator_names, definitions, dotted, finding

#: Names by which a program can set attributes that are not written out.
MAKERS = {"setattr", "__dict__", "__getattr__", "__getattribute__", "__setattr__", "vars", "update_wrapper"}


def missing_attributes(tree: ast.Module) -> Iterator[dict[str, Any]]:
    """Each attribute once a method. A class with a base from elsewhere, or a metaclass, may get anything: nothing is said."""
    classes = {name: node for name, node in definitions(tree.body) if isinstance(node, ast.ClassDef)}
    set_anywhere = set()
    # `self.x += 1` reads before it sets.
    read_first = {id(node.target) for node in ast.walk(tree) if isinstance(node, ast.AugAssign)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and (getattr(node, "id", None) or getattr(node, "attr", None)) in MAKERS:
            return
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and id(node) not in read_first:
            set_anywhere.add(node.attr)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("hasattr", "getattr"):
            set_anywhere.update(each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str))
    for name, node in classes.items():
        names = class_names(node, classes, set())
        if names is None:
            continue
        known = names | set_anywhere | set(dir(object)) | {"__dict__", "__class__", "__name__"}
        yield from unknown_reads(name, node, known)


def class_names(node: ast.ClassDef, classes: dict[str, ast.ClassDef], seen: set[str]) -> set[str] | None:
    """Names that the class and its bases bind in their bodies; None when a base is not known here."""
    names: set[str] = set()
    if node.keywords:
        return None
    for base in node.bases:
        text = dotted(base)
        if text == "object" or text in seen:
            continue
        if text not in classes:
            return None
        inherited = class_names(classes[text], classes, seen | {text})
        if inherited is None:
            return None
        names |= inherited
    for each in node.body:
        for part in [each] if isinstance(each, (*FUNCTIONS, ast.ClassDef)) else ast.walk(each):
            if isinstance(part, (*FUNCTIONS, ast.ClassDef)):
                names.add(part.name)
            elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                names.add(part.id)
            elif isinstance(part, ast.alias):
                names.add((part.asname or part.name).split(".")[0])
    return names


def unknown_reads(class_name: str, node: ast.ClassDef, known: set[str]) -> Iterator[dict[str, Any]]:
    for method in node.body:
        if not isinstance(method, FUNCTIONS) or not method.args.args or "staticmethod" in decorator_names(method):
            continue
        own = method.args.args[0].arg
        told = set()
        for each in ast.walk(method):
            if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == own:
                if each.attr not in known and each.attr not in told:
                    told.add(each.attr)
                    text = "%s.%s is never set" % (own, each.attr)
                    yield finding("attribute", "%s.%s" % (class_name, method.name), text, each.lineno)
