"""What was changed beside the records: what the rules read, as far as it lies in the period."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.support.assessment_factories import (
    AFTER_SEPTEMBER,
    AN,
    AWAY,
    BEGAN,
    COUNTY,
    DAI,
    FAR,
    NORTH,
    SOUTH,
    STATION_SOUTH,
    V1,
    V2,
    bureau,
    judged_september,
)

from cunjing.assessment.actions import run_assessment, set_programme
from cunjing.assessment.changes import Change, changes_since, present_tables
from cunjing.assessment.models import Run
from cunjing.assessment.queries import waiting_for, whose
from cunjing.base.clock import now
from cunjing.places.models import TownshipAdjacency, Village, VillageUnit
from cunjing.staffing.models import Absence, Staff


def changed(run: Run) -> dict[str, Change]:
    return {one.name: one for one in changes_since(run, present=present_tables(run.scope))}


def by_policy(policy_id: str) -> Run:
    set_programme(actor=bureau(), prefix=COUNTY, policy_id=policy_id, valid_from=BEGAN)
    return run_assessment(actor=bureau(), scope=COUNTY, period="2026-09", as_of=AFTER_SEPTEMBER)


def leave(first: date, last: date, kind: str = "leave") -> Absence:
    return Absence.objects.create(staff_id=AN, kind=kind, date_from=first, date_to=last)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (date(2026, 9, 30), date(2026, 10, 1)),  # back on the last day, back the day after
        (date(2026, 9, 2), date(2026, 9, 3)),
    ],
)
def test_leave_that_ends_a_day_later_is_another(before: date, after: date) -> None:
    old = leave(date(2026, 9, 1), before, kind="sick")
    run = judged_september()
    Absence.objects.filter(pk=old.pk).update(cancelled_at=now())
    leave(date(2026, 9, 1), after)
    assert changed(run)["请假"].people == [str(AN)]


def test_leave_that_is_cut_in_two_is_the_same() -> None:
    old = leave(date(2026, 9, 1), date(2026, 9, 30))
    run = judged_september()
    Absence.objects.filter(pk=old.pk).update(cancelled_at=now())
    leave(date(2026, 8, 20), date(2026, 9, 12))
    leave(date(2026, 9, 10), date(2026, 9, 30), kind="sick")
    assert changed(run) == {}


def test_what_no_rule_reads_is_not_compared() -> None:
    run = judged_september()
    Staff.objects.filter(pk=AN).update(home_village=V1, trained_on=date(2026, 3, 1))
    VillageUnit.objects.filter(village_id=V2).update(unit_id=STATION_SOUTH)
    TownshipAdjacency.objects.create(township_id=NORTH, adjacent_id=FAR)
    Village.objects.filter(pk=V1).update(layer="key", name="改名")
    assert changed(run) == {}


def _move_away() -> None:
    Village.objects.filter(pk=AWAY).update(township_id=SOUTH)


@pytest.mark.parametrize(
    ("policy_id", "write", "name", "people", "villages"),
    [
        (
            "suzhou-2021",
            lambda: Staff.objects.filter(pk=DAI).update(home_village=V2),
            "人员的家庭所在村",
            [str(DAI)],
            [],
        ),
        ("suzhou-2021", _move_away, "村所在的乡镇和乡镇的相邻关系", [], [AWAY]),
        (
            "mouding-2020",
            lambda: Staff.objects.filter(pk=DAI).update(trained_on=date(2026, 3, 1)),
            "岗前培训日期",
            [str(DAI)],
            [],
        ),
    ],
)
def test_what_a_rule_reads_is_compared(
    policy_id: str, write: Callable[[], object], name: str, people: list[str], villages: list[str]
) -> None:
    run = by_policy(policy_id)
    assert changed(run) == {}
    write()
    found = changed(run)
    assert (found[name].people, found[name].villages) == (people, villages)


def test_people_and_villages_are_named() -> None:
    run = judged_september()
    leave(date(2026, 9, 1), date(2026, 9, 30))
    Village.objects.filter(pk=V2).update(valid_from=date(2026, 9, 2))
    about_leave, about_villages = whose(waiting_for(actor=bureau(), run_id=run.pk))
    assert ([one.pk for one in about_leave.people], about_leave.more) == ([AN], 0)
    assert [one.code for one in about_villages.villages] == [V2]


def test_a_few_are_named_and_the_others_counted() -> None:
    run = judged_september()
    for day, village in enumerate((V1, V2)):
        Village.objects.filter(pk=village).update(valid_from=BEGAN + timedelta(days=day + 1))
    (found,) = whose(waiting_for(actor=bureau(), run_id=run.pk), most=1)
    assert ([one.code for one in found.villages], found.more) == ([V1], 1)
