"""A reference interpreter's world from plain rows, without any rule."""

from datetime import date
from typing import Any

from tests.support.facts_tables import Rows, facts_of

from cunjing.policy.periods import parse_period, start_of_day
from cunjing.policy.reference_world import World, load_world

VILLAGE = "532323100201"
OTHER_VILLAGE = "532323101201"


def world_of(*, period: str = "2026-09", as_of: date = date(2026, 12, 1), **tables: Rows) -> World:
    """The world of these tables, looked at from 00:00 of `as_of`."""
    with facts_of(tables) as facts:
        return load_world(facts=facts, period=parse_period(period), as_of=start_of_day(as_of))


def posting_row(
    posting_id: str, start: date, end: date | None = None, **more: Any
) -> dict[str, Any]:
    """A posting of S1 as liaison officer to `VILLAGE` unless told otherwise."""
    row = {"posting_id": posting_id, "village_code": VILLAGE, "staff_id": "S1"}
    return {**row, "role": "liaison_officer", "valid_from": start, "valid_to": end, **more}
