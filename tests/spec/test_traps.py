"""Every trap is shown by tests that are there."""

import ast
from pathlib import Path

import pytest
import yaml
from tests.spec.answers import all_specs
from tests.spec.traps import TRAPS, Trap

ROOT = Path(__file__).parents[2]
FOLDERS = ROOT / "tests" / "unit" / "policy" / "contract"
SHOWN = {
    "spec": {name for name, _ in all_specs()},
    "folder": {
        world["name"]
        for path in FOLDERS.glob("*.yaml")
        for world in yaml.safe_load(path.read_text("utf-8"))
    },
}


@pytest.mark.parametrize("trap", TRAPS, ids=[trap.trap for trap in TRAPS])
def test_what_shows_a_trap_is_there(trap: Trap) -> None:
    assert trap.shown_by
    for name in trap.shown_by:
        kind, _, title = name.partition(" ")
        if kind == "test":
            file, _, function = title.partition("::")
            tree = ast.parse((ROOT / file).read_text("utf-8"))
            assert function in {
                node.name for node in tree.body if isinstance(node, ast.FunctionDef)
            }
        else:
            assert title in SHOWN[kind], name
