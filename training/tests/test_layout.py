"""The structure of the package: who may import whom, and how much lies in a folder."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
PACKAGE = "funprm_training"
MODULES = {
    ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__"): path for path in SRC.rglob("*.py")
}


def imports(module: str) -> set[str]:
    """The modules of the package that a module names in its imports, wherever they are."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return (found & set(MODULES)) - {PACKAGE}


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {module: imports(module) for module in MODULES}
    assert len(list(TopologicalSorter(graph).static_order())) >= len(MODULES)


@pytest.mark.parametrize(
    ("part", "others"),
    [
        ("prm", ("product", "export", "psgpo", "research")),
        ("product", ("export", "psgpo", "research")),
        ("psgpo", ("export", "product", "research")),
        ("export", ("product", "psgpo", "research")),
    ],
)
def test_what_users_run_needs_no_experiment(part: str, others: tuple[str, ...]) -> None:
    forbidden = tuple(f"{PACKAGE}.{other}" for other in others)
    named = {name: imports(name) for name in MODULES if name.startswith(f"{PACKAGE}.{part}")}
    assert named
    assert {name: other for name, all_of in named.items() for other in all_of if other.startswith(forbidden)} == {}


def test_no_folder_is_a_long_list() -> None:
    folders = {path.parent for root in (SRC, Path(__file__).parent) for path in root.rglob("*.py")}
    assert {folder: count for folder in folders if (count := len(list(folder.glob("*.py")))) > 20} == {}
