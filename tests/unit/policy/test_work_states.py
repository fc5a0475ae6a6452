"""The state of one person's postings: what one event more or less changes, and nothing else."""

from datetime import date, datetime
from typing import Any

from tests.support.facts_tables import Memory
from tests.support.rulebook import WORK

from cunjing.policy.periods import parse_period, start_of_day
from cunjing.policy.reference_world import load_world
from cunjing.policy.work_states import Asked, standings

VILLAGE = "532323100201"
MONTH, QUARTER = parse_period("2026-09"), parse_period("2026-Q3")


def states(
    *events: dict[str, Any],
    posting: dict[str, Any] | None = None,
    sync: list[dict[str, Any]] | None = None,
) -> list[Any]:
    """The standings of S1 in September and the third quarter, as of October."""
    posted = {
        "posting_id": "P1", "village_code": VILLAGE, "staff_id": "S1", "role": "liaison_officer",
        "valid_from": date(2026, 1, 1), **(posting or {}),
    }  # fmt: skip
    other = {**posted, "posting_id": "P2", "staff_id": "S2", "valid_from": date(2026, 9, 29)}
    common = {"village_code": VILLAGE, "staff_id": "S1"}
    tables: dict[str, Any] = {
        "villages": [{"village_code": VILLAGE, "name": "甲"}],
        "staff": [{"staff_id": name, "role": "liaison_officer"} for name in ("S1", "S2")],
        "postings": [other, posted],
        "events": [{"event_id": str(n), **common, **one} for n, one in enumerate(events)],
    }
    if sync is not None:
        tables["sync"] = sync
    memory = Memory()
    world = load_world(
        facts=memory.load(tables), period=MONTH, as_of=start_of_day(date(2026, 10, 5))
    )
    memory.close()
    return standings(world, [Asked(MONTH, WORK), Asked(QUARTER, WORK)], staff_id="S1")


def visit(day: int, **more: Any) -> dict[str, Any]:
    """A visit on a day of September."""
    return {"kind": "village_visit", "local_date": date(2026, 9, day), **more}


def test_days_and_objects_come_with_how_often_they_come() -> None:
    calls = {"kind": "household_visit", "local_date": date(2026, 9, 3)}
    (one,) = states(
        visit(3, log_id="l"), visit(3), visit(16), {**calls, "object_id": "H"},
        {**calls, "object_id": "H"}, calls,
    )  # fmt: skip
    month, quarter = one["periods"]
    days = {"2026-09-03": 2, "2026-09-16": 1}
    assert month["states"]["visit-days"] == {"n": 3, "days": days}
    assert month["states"]["visit-spread"] == {"n": 3, "days": days}
    assert month["states"]["visit-log"] == {"n": 3, "lacking": 2}
    assert month["states"]["households"] == {"n": 3, "objects": {"H": 2}}
    assert month["states"]["visits-of-both"] == {"n": 3}
    assert quarter["states"]["households-quarter"] == {"n": 3, "objects": {"H": 2}}
    assert "visit-days" not in quarter["states"]


def test_a_posting_says_who_where_and_of_what_time() -> None:
    (one,) = states(posting={"valid_from": date(2026, 8, 21), "valid_to": date(2026, 9, 21)})
    month, quarter = one.pop("periods")
    assert one == {
        "posting": "P1",
        "village": VILLAGE,
        "staff": "S1",
        "role": "liaison_officer",
        "valid_from": "2026-08-21",
        "valid_to": "2026-09-21",
        "sync_kept": False,
        "synced_at": None,
    }
    assert month.pop("states").keys() != quarter.pop("states").keys()
    assert month == {
        "period": "2026-09",
        "kind": "month",
        "from": "2026-09-01",
        "to": "2026-10-01",
        "policy": WORK.digest,
        "available": 20,
    }
    assert quarter == {
        "period": "2026-Q3",
        "kind": "quarter",
        "from": "2026-07-01",
        "to": "2026-10-01",
        "policy": WORK.digest,
        "available": 31,
    }


def test_until_when_everything_of_its_holder_has_arrived_is_said() -> None:
    at = start_of_day(date(2026, 10, 1))
    (one,) = states(sync=[{"staff_id": "S1", "last_sync_at": at}])
    assert (one["sync_kept"], datetime.fromisoformat(one["synced_at"])) == (True, at)
    (one,) = states(sync=[{"staff_id": "S2", "last_sync_at": at}])
    assert (one["sync_kept"], one["synced_at"], one["valid_to"]) == (True, None, None)


def test_only_ones_own_postings_and_only_those_with_a_row() -> None:
    assert states(posting={"valid_to": date(2026, 6, 1)}) == []
    assert {one["staff"] for one in states()} == {"S1"}


def test_a_rule_of_one_day_gives_its_value() -> None:
    (one,) = states(posting={"role": "village_auxiliary"})
    month = one["periods"][0]["states"]
    assert month["rotation"] == {"n": 1, "value": 9}
    # The home village is not known.
    assert month["home-near"]["value"] is None
