"""Small changes of the literals in a statement's tree."""

from __future__ import annotations

import ast
import random
from typing import Any


def literals(statements: list[ast.stmt]) -> list[Any]:
    """Numbers, texts, lists and dictionaries of the statements, dictionary keys and f-strings apart."""
    found: list[Any] = []
    left: list[Any] = list(statements)
    while left:
        node = left.pop()
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(node, ast.Dict):
            found.extend([node] if node.keys else [])
            left.extend(node.values)
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str)):
            found.append(node)
        elif isinstance(node, ast.List):
            found.append(node)
        left.extend(ast.iter_child_nodes(node))
    return found


def mutate(node: Any, draw: random.Random, others: list[Any]) -> None:
    """Changes one literal in place; `others` are values of the problem's examples, of any type."""
    if isinstance(node, ast.List):
        node.elts = changed_list(node.elts, draw)
    elif isinstance(node, ast.Dict):
        at = draw.randrange(len(node.keys))
        del node.keys[at], node.values[at]
    elif isinstance(node.value, bool):
        node.value = not node.value
    else:
        alike = [each for each in others if type(each) is type(node.value) and each != node.value]
        if alike and draw.random() < 0.5:
            node.value = draw.choice(alike)
        elif isinstance(node.value, str):
            node.value = changed_text(node.value, draw)
        else:
            node.value = changed_number(node.value, draw)


def changed_list(items: list[Any], draw: random.Random) -> list[Any]:
    if not items:
        return items
    at = draw.randrange(len(items))
    ways = [items[:at] + items[at + 1 :], items[: at + 1] + items[at:], items[::-1], [], [*items[at:], *items[:at]], items + items]
    return draw.choice(ways)


def changed_text(text: str, draw: random.Random) -> str:
    if not text:
        return "a"
    at = draw.randrange(len(text))
    swapped = text[:at] + (text[at].lower() if text[at].isupper() else text[at].upper()) + text[at + 1 :]
    return draw.choice([text[:at] + text[at + 1 :], text[: at + 1] + text[at:], text[::-1], swapped, "", text + "1"])


def changed_number(number: Any, draw: random.Random) -> Any:
    return draw.choice([number + 1, number - 1, 0, -number, number * 2, type(number)(1), number + 10])
