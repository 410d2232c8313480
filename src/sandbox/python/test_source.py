"""What a test's source says of itself, read in the server before any program: what it imports, patches and writes."""

from __future__ import annotations

import ast
import types

import comparison


class TestSource:
    """A test, compiled with its comparisons guarded."""

    def __init__(self, source: bytes, prelude: bytes, filename: str) -> None:
        self.code: types.CodeType | None = None
        self.imports: list[str] = []
        #: Modules' names as the test uses them: (module, attributes after it).
        self.uses: set[tuple[str, tuple[str, ...]]] = set()
        text = source + b"\n" + prelude
        self.words = frozenset(word for word in ("ctypes", "trac", "profil", "mock", "builtins") if word.encode() in text)
        #: Names that its imports give.
        self.bound: frozenset[str] = frozenset()
        #: Names that the test hands to functions.
        self.given: frozenset[str] = frozenset()
        self.writes_classes = self.writes_globals = True
        try:
            tree = ast.parse(source, filename)
            self.code = comparison.guarded(source, filename)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return  # left to the child, which reports it
        self._read(tree)

    def _read(self, tree: ast.Module) -> None:
        nodes = list(ast.walk(tree))
        bound: dict[str, tuple[str, tuple[str, ...]]] = {}
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.imports.append(alias.name)
                    root = alias.name.split(".")[0]
                    bound[alias.asname or root] = (alias.name if alias.asname else root, ())
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                self.imports.append(node.module)
                for alias in node.names:
                    bound[alias.asname or alias.name] = (node.module, (alias.name,))
        self.bound = frozenset(bound)
        texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        calls = [node for node in nodes if isinstance(node, ast.Call)]
        self.given = frozenset(each.id for call in calls for each in call.args if isinstance(each, ast.Name))
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        self.writes_globals = any(isinstance(node, ast.Global) for node in nodes) or "globals" in names
        by_name = {"setattr", "delattr"} & names or {"object", "addClassCleanup"} & attributes
        self.writes_classes = bool(by_name) or any(_is_class_write(node) for node in nodes)
        for node in nodes:
            found = _dotted(node)
            if found and found[0] in bound:
                module, before = bound[found[0]]
                path = (module, (*before, *found[1:]))
                dotted = ".".join((module, *path[1]))
                patched = any(text in dotted or text.startswith(dotted) for text in texts if "." in text)
                if path[1] and not patched and not module.startswith("unittest"):
                    self.uses.add(path)


def _is_class_write(node: ast.AST) -> bool:
    """An attribute of anything but `self` is assigned or deleted."""
    if not isinstance(node, ast.Attribute) or isinstance(node.ctx, ast.Load):
        return False
    return not (isinstance(node.value, ast.Name) and node.value.id == "self")


def _dotted(node: ast.AST) -> list[str]:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [node.id, *reversed(parts)] if isinstance(node, ast.Name) else []
