"""What the problem asks for and the program lacks: classes, functions, parameters, bodies, returned values."""

from __future__ import annotations

import ast
import re
from typing import Any, Iterator

from .tree import counts, definitions, dotted, finding, is_method, own_nodes


def asked_parts(starter: str, entry_point: str | None) -> list[dict[str, Any]]:
    """Every class and function of the starter code, or what the entry point names where there is none."""
    tree = None
    for text in (starter, starter.rstrip() + " pass"):
        try:
            tree = ast.parse(text)
            break
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
    asked = [] if tree is None else [asked_part(name, node) for name, node in definitions(tree.body)]
    if not asked and entry_point:
        names = re.sub(r"\([^)]*\)", "", entry_point).split(".")
        asked = [dict(NOTHING_KNOWN, name=".".join(names[: end + 1])) for end in range(len(names))]
    return asked


NOTHING_KNOWN = {"parameters": None, "open": False, "returns": False}


def asked_part(name: str, node: Any) -> dict[str, Any]:
    if isinstance(node, ast.ClassDef):
        return dict(NOTHING_KNOWN, name=name)
    names = [each.arg for each in [*getattr(node.args, "posonlyargs", []), *node.args.args]]
    parameters = names[1:] if is_method(name, node) else names
    # An __init__ may well have nothing to do.
    is_open = is_stub(node) and node.name != "__init__"
    return {"name": name, "parameters": parameters, "open": is_open, "returns": is_open and returns_value(node)}


def asked_as_called(asked: list[dict[str, Any]], named: str | None, called: str | None) -> list[dict[str, Any]]:
    """The same for a program of which grading calls a bare function in place of `Solution().f`: no class is asked for."""
    if named == called or not named or not called:
        return asked
    owner = re.sub(r"\([^)]*\).*", "", named)
    others = [part for part in asked if part["name"].split(".")[0] != owner]
    function = [dict(part, name=called) for part in asked if part["name"] == "%s.%s" % (owner, called)]
    return others + (function or [dict(NOTHING_KNOWN, name=called)])


def returns_value(node: Any) -> bool:
    """Whether the docstring or the annotation says that the function returns something."""
    if node.returns is not None:
        return dotted(node.returns) not in ("None", "NoReturn", "typing.NoReturn")
    said = re.search(r":returns?:[ \t]*(\S.*)?", ast.get_docstring(node) or "")
    return said is not None and re.match(r"(?i)none\b|nothing|no return", said.group(1) or "") is None


def is_stub(node: Any) -> bool:
    """Nothing but a docstring, `pass`, `...` or `raise NotImplementedError`."""
    for statement in node.body:
        if isinstance(statement, ast.Pass):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        if isinstance(statement, ast.Raise) and raised_name(statement) == "NotImplementedError":
            continue
        return False
    return True


def raised_name(statement: ast.Raise) -> str:
    return dotted(statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc)


def gives_value(node: Any) -> bool:
    """Whether some way through the function returns a value, yields, or it ends by raising."""
    for each in own_nodes(node):
        if isinstance(each, (ast.Yield, ast.YieldFrom)) or isinstance(each, ast.Return) and each.value is not None:
            return True
    return isinstance(node.body[-1], ast.Raise)


def missing_parts(tree: ast.Module, asked: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """`missing`, `signature`, `stub` and `no-return`."""
    defined = dict(definitions(tree.body))
    bound = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    for part in asked:
        name, parameters = part["name"], part["parameters"]
        node = defined.get(name)
        if node is None:
            if name not in bound and not inherits(defined, name):
                yield finding("missing", name, "%s is not defined" % name, 0)
        elif not isinstance(node, ast.ClassDef):
            if parameters is not None:
                least, most = counts(name, node)
                if not least <= len(parameters) <= most:
                    text = "%s takes %s arguments, the problem says %s"
                    yield finding("signature", name, text % (name, span(least, most), len(parameters)), node.lineno)
            if part["open"] and is_stub(node):
                yield finding("stub", name, "%s has no body" % name, node.lineno)
            elif part["returns"] and not gives_value(node):
                yield finding("no-return", name, "%s never returns a value" % name, node.lineno)


def inherits(defined: dict[str, Any], name: str) -> bool:
    """Whether the class of the method has bases, from which the method may come."""
    owner = defined.get(name.rpartition(".")[0])
    return isinstance(owner, ast.ClassDef) and bool(owner.bases)


def span(least: int, most: float) -> str:
    return "%d" % least if least == most else "%d or more" % least if most == float("inf") else "%d to %d" % (least, most)
