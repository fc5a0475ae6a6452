"""In whatever files facts lie, however many events are read at a time, verdicts are the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.generative.worlds import Case, work
from tests.support.facts_tables import Memory, Tables
from tests.support.parquet_folders import by_village, write_parquet_folder
from tests.support.rulebook import WORK

from cunjing.policy import duck
from cunjing.policy.duck.session import Session
from cunjing.policy.facts import open_facts
from cunjing.policy.output import counted
from cunjing.policy.periods import parse_period

SOME = settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How facts lie in files, and how they are read."""

    sorted: bool
    parts: dict[str, int]
    group_rows: int
    rows_at_a_time: int


SHAPES = st.builds(
    Shape,
    sorted=st.booleans() | st.just(True),
    parts=st.dictionaries(
        st.sampled_from(["events", "events", "postings", "villages", "staff"]), st.integers(1, 3)
    ),
    group_rows=st.integers(1, 4),
    rows_at_a_time=st.integers(1, 6),
)


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    """A database the examples take turns in."""
    database = Memory()
    yield database
    database.close()


@SOME
@given(case=work(), shape=SHAPES)
def test_on_work(
    memory: Memory, tmp_path_factory: pytest.TempPathFactory, case: Case, shape: Shape
) -> None:
    _agree(case, shape, memory=memory, folder=tmp_path_factory.mktemp("facts"))


def _agree(case: Case, shape: Shape, *, memory: Memory, folder: Path) -> None:
    asked: dict[str, Any] = {
        "policy": WORK,
        "period": parse_period(case.period),
        "as_of": case.as_of,
    }
    whole = duck.evaluate(**asked, facts=memory.load(case.tables))
    tables: Tables = case.tables
    if shape.sorted:
        tables = {**tables, "events": by_village(tables["events"])}
    write_parquet_folder(folder, tables, parts=shape.parts, group_rows=shape.group_rows)
    with (
        patch("cunjing.policy.facts._ROWS_AT_A_TIME", shape.rows_at_a_time),
        open_facts(folder) as facts,
    ):
        event(f"{len(facts.ranges()) > 1} ranges")
        assert duck.evaluate(**asked, facts=facts) == whole
        with Session(**asked, facts=facts) as session:
            assert session.counts(by_county=True) == counted(whole)
