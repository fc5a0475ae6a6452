"""What import contracts cannot see: queries in surfaces, hidden imports, borrowed privates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.sources import PRODUCT, place, python_files, tree_of

# They call actions and queries; a manager in one of them bypasses authorisation and audit.
SURFACES = ("src/cunjing/console", "src/cunjing/api", "src/cunjing/entries")
# Holds tables of its own, and asks the domains for everything else.
SYNC = "src/cunjing/sync"
MANAGERS = {"objects", "_default_manager", "_base_manager"}
# The extension module beneath DuckDB's package, named in one file that says why.
BENEATH = {"_duckdb": "src/cunjing/policy/lean_duckdb.py"}
REASONED = re.compile(r"# noqa: PLC0415 - \S+")


def test_surfaces_use_no_manager() -> None:
    found = [
        place(path, node)
        for path in python_files(*SURFACES)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS
    ]
    assert found == []


def test_sync_uses_the_managers_of_its_own_tables_only() -> None:
    own = {
        node.name
        for node in ast.walk(tree_of(PRODUCT / "sync/models.py"))
        if isinstance(node, ast.ClassDef)
    }
    found = [
        place(path, node)
        for path in python_files(SYNC)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS
        if not (isinstance(node.value, ast.Name) and node.value.id in own)
    ]
    assert found == []


def test_an_import_inside_a_function_says_why() -> None:
    found = [
        f"{place(path)}:{line}"
        for path in python_files()
        for line in _first_lines({node.lineno for node in _inner_imports(path)})
        if not REASONED.search(path.read_text("utf-8").splitlines()[line - 1])
    ]
    assert found == []


def test_no_package_imports_the_private_names_of_another() -> None:
    found = [
        f"{place(path, node)} {node.module}.{alias.name}"
        for path in python_files("src")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.module is not None
        for alias in node.names
        if _is_private(f"{node.module}.{alias.name}") and _foreign(path, node)
    ]
    assert found == []


def test_no_module_is_a_rag_bag() -> None:
    names = {"utils", "util", "helpers", "misc", "common"}
    assert [place(path) for path in python_files() if path.stem in names] == []


def _inner_imports(path: Path) -> Iterator[ast.Import | ast.ImportFrom]:
    for function in ast.walk(tree_of(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield node


def _first_lines(lines: set[int]) -> list[int]:
    """One reason is enough for imports that follow each other without a gap."""
    return sorted(line for line in lines if line - 1 not in lines)


def _is_private(dotted: str) -> bool:
    return any(part.startswith("_") and part != "__future__" for part in dotted.split("."))


def _foreign(path: Path, node: ast.ImportFrom) -> bool:
    if place(path) == BENEATH.get(node.module or ""):
        return False
    package = path.relative_to(PRODUCT).parts[0]
    return node.level == 0 and (node.module or "").split(".")[:2] != ["cunjing", package]
