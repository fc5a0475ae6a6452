"""Matters in time and not, with their days."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.support.machine import elsewhere
from tests.support.reference_worlds import OTHER_VILLAGE, VILLAGE, world_of

from cunjing.policy.enums import MatterKind
from cunjing.policy.measures import MatterFilter, MattersOverdue
from cunjing.policy.periods import SHANGHAI
from cunjing.policy.reference_matters import (
    closing_seen,
    due_in_period,
    fits,
    is_overdue,
    matters_overdue,
    overdue_breaches,
)
from cunjing.policy.reference_world import World
from cunjing.policy.verdict import Breach

HAZARDS = MattersOverdue(MatterFilter(MatterKind.HAZARD), within_days=10)
SAME_DAY = MattersOverdue(MatterFilter(MatterKind.HAZARD), within_days=0)
BY_THEIR_OWN = MattersOverdue(MatterFilter(MatterKind.HAZARD))


def _at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def _matter(matter_id: str = "m1", **more: Any) -> dict[str, Any]:
    """A hazard of the village, opened on 1 September at nine and still open."""
    row = {"matter_id": matter_id, "kind": "hazard", "village_code": VILLAGE}
    return {**row, "opened_at": _at(9, 1), **more}


def _world(*matters: dict[str, Any], as_of: date = date(2026, 10, 5)) -> World:
    return world_of(as_of=as_of, matters=matters)


@pytest.mark.parametrize(
    ("subkinds", "subkind", "fitting"),
    [((), None, True), ((), "fire", True), (("fire",), "fire", True), (("fire",), None, False)],
)
def test_kind_and_subkind(subkinds: tuple[str, ...], subkind: str | None, fitting: bool) -> None:
    measure = MattersOverdue(MatterFilter(MatterKind.HAZARD, subkinds))
    (hazard, dispute) = _world(
        _matter("m1", subkind=subkind), _matter("m2", subkind=subkind, kind="dispute")
    ).matters
    assert fits(measure, hazard) is fitting
    assert not fits(measure, dispute)


@pytest.mark.parametrize(
    ("measure", "times", "inside"),
    [
        (HAZARDS, {"opened_at": _at(8, 21, 23, 59)}, False),
        (HAZARDS, {"opened_at": _at(8, 22, 0)}, True),
        (HAZARDS, {"opened_at": _at(9, 20, 23, 59)}, True),
        (HAZARDS, {"opened_at": _at(9, 21, 0)}, False),
        (SAME_DAY, {"opened_at": datetime(2026, 9, 30, 16, tzinfo=UTC)}, False),
        (BY_THEIR_OWN, {}, False),
        (BY_THEIR_OWN, {"due_at": _at(9, 30, 23, 59)}, True),
        (BY_THEIR_OWN, {"due_at": datetime(2026, 9, 30, 16, tzinfo=UTC)}, False),
        (BY_THEIR_OWN, {"due_at": _at(8, 31, 23, 59)}, False),
        (HAZARDS, {"due_at": _at(12, 1)}, True),
    ],
)
def test_the_period_is_that_of_the_deadline(
    measure: MattersOverdue, times: dict[str, Any], inside: bool
) -> None:
    world = _world(_matter(**times))
    assert due_in_period(world, measure, world.matters[0]) is inside


@pytest.mark.parametrize(
    ("measure", "times", "late"),
    [
        (HAZARDS, {"closed_at": _at(9, 11, 23, 59)}, False),
        (HAZARDS, {"closed_at": _at(9, 12, 0)}, True),
        (HAZARDS, {}, True),
        (HAZARDS, {"opened_at": _at(9, 25)}, False),
        (HAZARDS, {"opened_at": _at(9, 24), "closed_at": _at(12, 1)}, True),
        (SAME_DAY, {"closed_at": _at(9, 1, 23, 59)}, False),
        (SAME_DAY, {"closed_at": _at(9, 2, 0)}, True),
        (BY_THEIR_OWN, {"due_at": _at(9, 9), "closed_at": _at(9, 9)}, False),
        (BY_THEIR_OWN, {"due_at": _at(9, 9), "closed_at": _at(9, 9, 9, 1)}, True),
        (BY_THEIR_OWN, {"due_at": _at(10, 5, 0)}, False),
        (BY_THEIR_OWN, {"due_at": _at(10, 4, 23, 59)}, True),
        (BY_THEIR_OWN, {}, False),
    ],
)
def test_overdue_is_what_was_open_after_its_deadline(
    measure: MattersOverdue, times: dict[str, Any], late: bool
) -> None:
    world = _world(_matter(**times))
    assert is_overdue(world, measure, world.matters[0]) is late


def test_a_closing_is_seen_from_its_own_moment_on() -> None:
    before, at, after = (_at(10, 4, 23, 59), _at(10, 5, 0), _at(10, 5, 0, 1))
    world = _world(*(_matter(str(n), closed_at=day) for n, day in enumerate([before, at, after])))
    seen = {matter.matter_id: closing_seen(world, matter) for matter in world.matters}
    assert seen == {"0": before, "1": at, "2": None}


def test_a_village_has_its_own_matters_of_those_that_are_there() -> None:
    world = _world(
        _matter("late"),
        _matter("done", closed_at=_at(9, 2)),
        _matter("elsewhere", village_code=OTHER_VILLAGE),
        _matter("at the watermark", opened_at=_at(10, 5, 0)),
        _matter("dispute", kind="dispute"),
        as_of=date(2026, 9, 30),
    )
    found = matters_overdue(world, HAZARDS, VILLAGE)
    assert (found.value, sorted(found.counted), found.rejected) == (1, ["done", "late"], ())
    assert matters_overdue(world, HAZARDS, "532323100299").value == 0


def test_each_overdue_matter_is_named_with_its_days() -> None:
    world = _world(
        _matter("m2", closed_at=_at(9, 13), subkind="fire"),
        _matter("m1", opened_at=_at(9, 2)),
        _matter("m0", opened_at=_at(9, 2)),
        _matter("m3", closed_at=_at(9, 3)),
    )
    opened, due = date(2026, 9, 2), date(2026, 9, 12)
    assert overdue_breaches(world, HAZARDS, VILLAGE) == [
        Breach(
            "m2",
            2,
            name="fire",
            opened=date(2026, 9, 1),
            due=date(2026, 9, 11),
            closed=date(2026, 9, 13),
        ),
        Breach("m0", 23, opened=opened, due=due),
        Breach("m1", 23, opened=opened, due=due),
    ]


def test_where_the_deadline_is_a_moment_so_is_the_closing() -> None:
    due = {"due_at": datetime(2026, 9, 10, 4, tzinfo=UTC)}
    world = _world(
        _matter("m1", closed_at=datetime(2026, 9, 10, 4, 30, tzinfo=UTC), **due),
        _matter("m2", **due),
    )
    with elsewhere():
        first, second = overdue_breaches(world, BY_THEIR_OWN, VILLAGE)
    assert (first.number, f"{first.due:%d %H:%M}", f"{first.closed:%d %H:%M}") == (
        0,
        "10 12:00",
        "10 12:30",
    )
    assert (second.number, second.closed) == (25, None)


def test_where_the_deadline_is_in_days_what_is_written_down_is_not_asked() -> None:
    world = _world(_matter(due_at=_at(9, 5), closed_at=_at(9, 20)))
    (late,) = overdue_breaches(world, HAZARDS, VILLAGE)
    assert (late.number, late.due, late.closed) == (9, date(2026, 9, 11), date(2026, 9, 20))
    (at_once,) = overdue_breaches(world, SAME_DAY, VILLAGE)
    assert (at_once.number, at_once.due) == (19, date(2026, 9, 1))


def test_a_deadline_beyond_the_last_year_is_no_error() -> None:
    world = _world(_matter(opened_at=datetime(9999, 12, 31, tzinfo=UTC)))
    assert not due_in_period(world, HAZARDS, world.matters[0])
