"""These tests are about PostgreSQL: they are collected when the tests run on it."""

from pathlib import Path

from tests.support.facts_schema import is_postgresql


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave the folder to the run on PostgreSQL."""
    return None if is_postgresql() or collection_path.suffix != ".py" else True
