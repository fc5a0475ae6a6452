"""What is taken from beneath DuckDB's package is what the package offers."""

import duckdb
import pytest

from cunjing.policy import lean_duckdb


@pytest.mark.parametrize("name", lean_duckdb.__all__)
def test_the_name_is_the_packages_own(name: str) -> None:
    assert getattr(lean_duckdb, name) is getattr(duckdb, name)
