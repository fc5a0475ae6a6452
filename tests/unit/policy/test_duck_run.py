"""Stage 1: the state, its rows, and how they merge."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.support.facts_tables import Tables, facts_of
from tests.support.rulebook import events, policy_of, posting, rule, village

from cunjing.policy import duck
from cunjing.policy.duck.compile import compile_rules
from cunjing.policy.duck.run import Run
from cunjing.policy.enums import EventKind, MatterKind, Role
from cunjing.policy.measures import MatterFilter, MattersOverdue, Tally
from cunjing.policy.model import Rule, Running
from cunjing.policy.periods import SHANGHAI, PeriodKind, parse_period
from cunjing.policy.verdict import evidence_digest

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
def running(
    tables: Tables, *rules: Rule, period: str = "2026-Q3", mergeable: bool = False
) -> Iterator[Run]:
    """Stage 1 done for the third quarter of 2026, or another period."""
    asked = parse_period(period)
    compiled = compile_rules([Running(policy_of(*rules), rules)], period=asked, as_of=AS_OF)
    with facts_of(tables) as facts, Run(facts=facts, tables=compiled, mergeable=mergeable) as run:
        run.prepare(period=asked, as_of=AS_OF)
        run.make_state()
        yield run


def state(run: Run) -> list[tuple[Any, ...]]:
    """The state rows of postings, by posting id, without their order."""
    return run.connection.execute(
        "SELECT posting_id, month_number - 2026 * 12, n, missing, day_mask, objects, "
        "list_sort(object_ids) "
        "FROM state JOIN posting_span p ON p.rowid = subject ORDER BY ALL"
    ).fetchall()


def digests(run: Run) -> list[tuple[Any, ...]]:
    """The digest of what was credited to each posting."""
    return run.connection.execute(
        "SELECT posting_id, digest_text(evidence_digest) "
        "FROM evidence JOIN posting_span p ON p.rowid = subject ORDER BY ALL"
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
            ("P1", 7, 3, 1, 1 | 1 << 30, 0, []),
            ("P1", 8, 1, 1, 1 << 1, 0, []),
        ]
        assert digests(run) == [("P1", evidence_digest(["e1", "e2", "e3", "e4"]))]


def test_what_is_missing_is_counted_only_where_a_rule_asks() -> None:
    with running(world(event("e1", date(2026, 7, 1))), DAYS) as run:
        assert state(run) == [("P1", 7, 1, 0, 1, 0, [])]


def test_objects_are_kept_once_and_nulls_not_at_all() -> None:
    kind = EventKind.HOUSEHOLD_VISIT
    happened = (
        event("e1", date(2026, 7, 1), kind, object_id="户一"),
        event("e2", date(2026, 7, 2), kind, object_id="户一"),
        event("e3", date(2026, 7, 3), kind),
    )
    with running(world(*happened), HOMES) as run:
        assert state(run) == [("P1", 7, 3, 0, 0b111, 1, ["户一"])]


@pytest.mark.parametrize(("mergeable", "kept"), [(False, None), (True, ["户一", "户二"])])
def test_a_month_keeps_objects_only_to_be_merged(mergeable: bool, kept: list[str] | None) -> None:
    happened = [
        event(name, date(2026, 9, 1), EventKind.HOUSEHOLD_VISIT, object_id=name)
        for name in ("户一", "户二")
    ]
    monthly = replace(HOMES, period=PeriodKind.MONTH)
    with running(world(*happened), monthly, period="2026-09", mergeable=mergeable) as run:
        assert state(run) == [("P1", 9, 2, 0, 1, 2, kept)]
        assert total(run)[0][2:] == (2, 0, 1, 1, 1, 2)


def test_a_rule_whose_events_name_a_period_keeps_objects_even_in_a_month() -> None:
    meetings = rule("meetings", village(), events(Tally.COUNT, EventKind.MEETING), 1)
    asked = (replace(HOMES, period=PeriodKind.MONTH), replace(meetings, period=PeriodKind.MONTH))
    happened = event("e1", date(2026, 9, 1), EventKind.HOUSEHOLD_VISIT, object_id="户一")
    with running(world(happened), *asked, period="2026-09") as run:
        assert state(run) == [("P1", 9, 1, 0, 1, 1, ["户一"])]


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
        credited = run.connection.execute(
            "SELECT subject_kind, n FROM state JOIN event_source USING (source_id) ORDER BY ALL"
        ).fetchall()
        assert credited == [("posting", 1), ("village", 1)]


@pytest.mark.parametrize("rules", [(DAYS,), (HOMES,)])
def test_nothing_happened_is_no_state(rules: tuple[Rule, ...]) -> None:
    with running(world(), *rules) as run:
        assert state(run) == []
        assert total(run) == []


def test_matters_are_read_only_where_a_rule_asks_for_them() -> None:
    hazards = rule(
        "hazards", village(), MattersOverdue(MatterFilter(MatterKind.HAZARD)), 0, period=QUARTER
    )
    asked: dict[str, Any] = {"period": parse_period("2026-Q3"), "as_of": AS_OF}
    with facts_of(world()) as facts:
        facts.connect().execute("DROP TABLE matters")
        (verdict,) = duck.evaluate(policy=policy_of(DAYS), facts=facts, **asked)
        assert verdict.subject == "P1"
        with pytest.raises(duckdb.CatalogException, match="matters"):
            duck.evaluate(policy=policy_of(DAYS, hazards), facts=facts, **asked)
