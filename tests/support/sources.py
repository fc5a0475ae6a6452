"""The project's own files, as the house tests read them."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "src/cunjing"
# Made by tools, not by people, or not ours.
FOREIGN = {
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "dist",
    "mutants",
    "node_modules",
    "var",
}
CODE_FOLDERS = ("src", "tests", "tools", "benchmarks")


def project_files(*suffixes: str, under: Path = ROOT) -> list[Path]:
    """Files below a folder that people wrote, by suffix; all of them without one."""
    return sorted(path for path in _walk(under) if not suffixes or path.suffix in suffixes)


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in FOREIGN or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _walk(entry)
        else:
            yield entry


def python_files(*folders: str) -> list[Path]:
    """Python files of these folders of the checkout; migrations are made by Django, so left out."""
    return [
        path
        for folder in folders or CODE_FOLDERS
        for path in project_files(".py", under=ROOT / folder)
        if "migrations" not in path.parts
    ]


@functools.cache
def tree_of(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text("utf-8"))


def place(path: Path, node: ast.stmt | ast.expr | None = None) -> str:
    """`path:line`, as an editor opens it."""
    line = f":{node.lineno}" if node is not None else ""
    return f"{path.relative_to(ROOT)}{line}"
