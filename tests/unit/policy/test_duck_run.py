"""Stage 1: the state, its rows, and how they merge."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support.facts_tables import Tables, facts_of
from tests.support.rulebook import events, policy_of, posting, rule, village

from cunjing.policy.duck.compile import compile_rules
from cunjing.policy.duck.run import Run
from cunjing.policy.enums import EventKind, Role
from cunjing.policy.measures import Tally
from cunjing.policy.model import Rule
from cunjing.policy.periods import SHANGHAI, PeriodKind, parse_period

VILLAGE = "532323100200"
AS_OF = datetime(2027, 1, 1, tzinfo=SHANGHAI)
QUARTER = PeriodKind.QUARTER
LIAISON = posting(Role.LIAISON_OFFICER)
VISIT = EventKind.VILLAGE_VISIT
LOGLESS = rule(
    "logless", LIAISON, events(Tally.LACKING, VISIT, lacking="log_id"), 0, period=QUARTER
)
DAYS = rule("days", LIAISON, events(Tally.DISTINCT_DAYS, VISIT), 2, period=QUARTER)
HOMES = rule(
    "homes",
    LIAISON,
    events(Tally.DISTINCT_OBJECTS, EventKind.HOUSEHOLD_VISIT),
    2,
    period=QUARTER,
)


def event(event_id: str, day: date, kind: EventKind = VISIT, **more: Any) -> dict[str, Any]:
    """An event of S1 in the village."""
    return {
        "event_id": event_id,
        "kind": kind.value,
        "village_code": VILLAGE,
        "staff_id": "S1",
        "local_date": day,
        **more,
    }


def world(*happened: Mapping[str, Any]) -> Tables:
    """One village, one liaison officer posted there since 2020, and what happened."""
    return {
        "villages": [{"village_code": VILLAGE, "name": "甲村"}],
        "staff": [{"staff_id": "S1", "role": "liaison_officer"}],
        "postings": [
            {
                "posting_id": "P1",
                "village_code": VILLAGE,
                "staff_id": "S1",
                "role": "liaison_officer",
                "valid_from": date(2020, 1, 1),
            }
        ],
        "events": list(happened),
    }


@contextmanager
def running(tables: Tables, *rules: Rule) -> Iterator[Run]:
    """Stage 1 done for the third quarter of 2026."""
    period = parse_period("2026-Q3")
    compiled = compile_rules(policy=policy_of(*rules), rules=rules, period=period, as_of=AS_OF)
    with facts_of(tables) as facts, Run(facts=facts, tables=compiled) as run:
        run.prepare(period=period, as_of=AS_OF)
        run.make_state()
        yield run


def state(run: Run) -> list[tuple[Any, ...]]:
    """The state rows without their order."""
    return run.connection.execute(
        "SELECT subject, month_number - 2026 * 12, n, missing, day_mask, "
        "list_sort(objects), list_sort(ids) FROM state ORDER BY ALL"
    ).fetchall()


def total(run: Run) -> list[tuple[Any, ...]]:
    """The merged state of the quarter."""
    run.make_verdicts()
    return run.connection.execute("SELECT * FROM total ORDER BY ALL").fetchall()


def test_a_state_row_is_one_subject_source_and_month() -> None:
    happened = (
        event("e1", date(2026, 7, 1), log_id="L1"),
        event("e2", date(2026, 7, 31)),
        event("e3", date(2026, 7, 31), log_id="L3"),
        event("e4", date(2026, 8, 2)),
    )
    with running(world(*happened), LOGLESS) as run:
        assert state(run) == [
            ("P1", 7, 3, 1, 1 | 1 << 30, [], ["e1", "e2", "e3"]),
            ("P1", 8, 1, 1, 1 << 1, [], ["e4"]),
        ]


def test_objects_are_kept_once_and_nulls_not_at_all() -> None:
    kind = EventKind.HOUSEHOLD_VISIT
    happened = (
        event("e1", date(2026, 7, 1), kind, object_id="户一"),
        event("e2", date(2026, 7, 2), kind, object_id="户一"),
        event("e3", date(2026, 7, 3), kind),
    )
    with running(world(*happened), HOMES) as run:
        assert state(run) == [("P1", 7, 3, 0, 0b111, ["户一"], ["e1", "e2", "e3"])]


def test_states_of_two_folders_merge_to_the_state_of_both() -> None:
    kind = EventKind.HOUSEHOLD_VISIT
    early = [
        event("e1", date(2026, 7, 1)),
        event("h1", date(2026, 7, 5), kind, object_id="A"),
        event("h2", date(2026, 8, 5), kind, object_id="B"),
    ]
    late = [
        event("e2", date(2026, 7, 1), log_id="L2"),
        event("e3", date(2026, 7, 9)),
        event("h3", date(2026, 7, 6), kind, object_id="A"),
        event("h4", date(2026, 9, 6), kind, object_id="B"),
    ]
    rules = (DAYS, LOGLESS, HOMES)
    with running(world(*early, *late), *rules) as run:
        whole = total(run)
    with running(world(*late), *rules) as run:
        rows = run.connection.execute("SELECT * FROM state").fetchall()
    with running(world(*early), *rules) as run:
        places = ", ".join("?" * len(rows[0]))
        run.connection.executemany(f"INSERT INTO state VALUES ({places})", rows)  # noqa: S608
        assert total(run) == whole
    assert len(whole) == 3


def test_the_state_survives_parquet_exactly(tmp_path: Path) -> None:
    with running(world(event("e1", date(2026, 7, 31))), DAYS) as run:
        path = str(tmp_path / "state.parquet")
        run.connection.execute("COPY state TO '" + path + "' (FORMAT parquet)")
        types = "SELECT column_name, column_type FROM (DESCRIBE FROM {})"
        kept = f"read_parquet('{path}')"
        assert (
            run.connection.execute(types.format(kept)).fetchall()
            == run.connection.execute(types.format("state")).fetchall()
        )
        before = run.connection.execute("FROM state").fetchall()
        assert run.connection.execute(f"FROM {kept}").fetchall() == before


def test_postings_and_villages_are_credited_side_by_side() -> None:
    swept = rule("swept", village(), events(Tally.COUNT, VISIT), 1, period=QUARTER)
    with running(world(event("e1", date(2026, 7, 1))), DAYS, swept) as run:
        assert [row[0] for row in state(run)] == [VILLAGE, "P1"]


@pytest.mark.parametrize("rules", [(DAYS,), (HOMES,)])
def test_nothing_happened_is_no_state(rules: tuple[Rule, ...]) -> None:
    with running(world(), *rules) as run:
        assert state(run) == []
        assert total(run) == []
