"""Small files in place of those that a docstring only names."""

from __future__ import annotations

import json
import os
import re

_PATH = re.compile(r"^(?!https?:|ftp:)[^\n<>|*?]*(/[^\n<>|*?]*|\.(?:csv|tsv|txt|json|jsonl|log|xml|html|md|py|ini|cfg|conf|dat|ya?ml|png|jpe?g|bmp))$")
_OURS = re.compile(r"^(?:data|folder)\d+(?:[./]|$)")
_ROWS = 5
TEXT = "The quick brown fox jumps over the lazy dog.\nError: 12 files lost at 10:30!\n\nThe end of the file, the end.\n"
XML = "<root><item id='1'>first</item><item id='2'>second</item></root>"
HTML = "<html><body><h1>Title</h1><a href='/x'>link</a><table><tr><td>1</td><td>2</td></tr></table></body></html>"
INI = "[Settings]\nname = value\nport = 8080\n"


def looks_like_path(text: str) -> bool:
    return len(text) < 200 and _PATH.match(text) is not None


def is_place(text: str) -> bool:
    """Whether it names a file: one of a docstring's or one of ours."""
    return looks_like_path(text) or _OURS.match(text) is not None


def fixture(path: str, number: int, words: list[str]) -> tuple[str, list[str]]:
    """The name of a file or folder of the same kind as `path`, and statements that make it. `words` become the columns of
    tables and the keys of objects: a docstring that names any most likely means these."""
    kind = os.path.splitext(path.rstrip("/"))[1].lower()
    if not kind and re.search("csv|json|xml|html|text|txt|log", path):
        kind = "." + (re.search("csv|json|xml|html|text|txt|log", path) or [""])[0]
    elif not kind and "file" in path:
        kind = ".txt"
    if kind in (".png", ".jpg", ".jpeg", ".bmp"):
        name = "data%d%s" % (number, kind)
        return name, ["__import__('PIL.Image').Image.linear_gradient('L').convert('RGB').resize((16, 8)).save(%r)" % name]
    if kind:
        name = "data%d%s" % (number, kind)
        return name, [written(name, content(kind, words))]
    name = "folder%d" % number
    files = {"a.txt": TEXT, "b.csv": content(".csv", words), "c.json": content(".json", words), "d.log": TEXT, "sub/e.txt": "nested\n"}
    return name, ["__import__('os').makedirs(%r)" % (name + "/sub"), *(written("%s/%s" % (name, each), text) for each, text in files.items())]


def written(name: str, text: str) -> str:
    return "__import__('pathlib').Path(%r).write_text(%r)" % (name, text)


def content(kind: str, words: list[str]) -> str:
    columns = words[:6] or ["Name", "Value"]
    if kind in (".csv", ".tsv"):
        separator = "," if kind == ".csv" else "\t"
        rows = [[str((i + 1) * (j + 2)) for j in range(len(columns))] for i in range(_ROWS)]
        return "".join(separator.join(row) + "\n" for row in [columns, *rows])
    if kind in (".json", ".jsonl"):
        return json.dumps({column: (at + 1) * 10 for at, column in enumerate(columns)})
    return {".xml": XML, ".html": HTML, ".ini": INI, ".cfg": INI, ".conf": INI}.get(kind, TEXT)
