"""Files and functions stay small enough to read in one go."""

import ast

from tests.support.sources import ROOT, place, project_files, python_files, tree_of

FILE_LINES = 400
FUNCTION_LINES = 40


def test_files_have_fewer_than_400_lines() -> None:
    kinds = (".ts", ".vue", ".css")
    browser = [project_files(*kinds, under=ROOT / name) for name in ("frontend", "field")]
    files = [*python_files(), *(path for paths in browser for path in paths)]
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: lines for name, lines in lengths.items() if lines >= FILE_LINES} == {}


def test_functions_have_fewer_than_40_lines() -> None:
    long = {}
    for path in python_files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines >= FUNCTION_LINES:
                    long[f"{place(path, node)} {node.name}"] = lines
    assert long == {}
