"""A permission nobody asks for, or nobody can have, is a mistake."""

import ast

from tests.support.sources import PRODUCT, python_files, tree_of

from cunjing.accounts.roles import PERMISSIONS_OF, Role
from cunjing.kernel.permissions import Permission

TABLES = {PRODUCT / "accounts/roles.py", PRODUCT / "kernel/permissions.py"}


def test_every_permission_is_asked_for_somewhere() -> None:
    asked = {
        node.attr
        for path in python_files("src")
        if path not in TABLES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Permission"
    }
    assert {right.name for right in Permission} - asked == set()


def test_every_permission_belongs_to_a_role() -> None:
    given = frozenset[Permission]().union(*PERMISSIONS_OF.values())
    assert set(Permission) - given == set()


def test_every_role_has_permissions() -> None:
    assert set(Role) == set(PERMISSIONS_OF)


def test_permission_codes_read_scope_resource_action() -> None:
    codes = [right.code for right in Permission]
    assert [code for code in codes if len(code.split(":")) != 3] == []
    assert len(set(codes)) == len(codes)
