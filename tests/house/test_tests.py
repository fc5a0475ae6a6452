"""Every test runs: a test that is skipped, or expected to fail, protects nothing."""

import ast

from tests.support.sources import place, python_files, tree_of

ESCAPES = {"skip", "skipif", "skipUnless", "xfail", "importorskip"}


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    found = [
        place(path, node)
        for path in python_files("tests")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in ESCAPES
    ]
    assert found == []
