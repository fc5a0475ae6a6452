"""Engines are found by name; one that is not installed says how to install it."""

import sys

import pytest

from cunjing.policy.engines import ENGINES, load_engine
from cunjing.policy.errors import RequestError


@pytest.mark.parametrize("name", sorted(ENGINES.keys() - {"spark"}))
def test_an_engine_has_the_name_it_is_asked_for_by(name: str) -> None:
    assert load_engine(name).name == name


def test_an_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RequestError, match="duckdb、reference、spark"):
        load_engine("abacus")


@pytest.mark.parametrize("library", ["ibis", "pyspark"])
def test_without_its_libraries_spark_says_how_to_install_it(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.startswith("cunjing.policy.spark")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(RequestError, match=r"\./run setup --spark"):
        load_engine("spark")
