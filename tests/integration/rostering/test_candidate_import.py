"""Matching attributes from a sheet: said row by row and field by field, then all or none."""

import pytest
from tests.support.places_factories import actor_with, system
from tests.support.roster_world import RosterWorld

from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.coverage.import_plan import ImportRow
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry
from cunjing.rostering.actions.candidate_import import apply_candidates, plan_candidates
from cunjing.rostering.models import Candidacy, Hold, HoldKind, Wish
from cunjing.rostering.queries.candidates import sheet_rows
from cunjing.staffing.models import Staff


def bureau(world: RosterWorld) -> Actor:
    return actor_with(Role.COUNTY_BUREAU, unit_code=world.county.code)


def rows(*cells: dict[str, str]) -> list[ImportRow]:
    return [ImportRow(number=place, cells=one) for place, one in enumerate(cells, start=3)]


def full(world: RosterWorld) -> dict[str, str]:
    return {
        "badge_number": "a001",
        "trade": "交警",
        "seniority": "中层领导",
        "capacity": "3",
        "home_village": world.county.villages[2],
        "former_township": "东风镇",
        "former_village": f"{world.county.villages[4]} 随便",
        "wish_1": world.county.villages[1],
        "wish_3": world.county.villages[4],
        "pin": world.county.villages[0],
        "ban": f"{world.county.villages[3]}、{world.county.villages[5]}",
        "reason": "情况熟悉",
    }


def test_a_row_sets_everything_it_fills_in_and_twice_is_once(roster: RosterWorld) -> None:
    sheet = rows(full(roster), {"badge_number": "A009", "capacity": "2"})
    plan = plan_candidates(actor=bureau(roster), rows=sheet)
    assert plan.faults == ()
    assert [len(one.changes) for one in plan.people] == [10, 0]
    assert "可包村数：2 → 3" in plan.people[0].changes
    assert (Wish.objects.count(), Hold.objects.count()) == (0, 0)
    before = AuditEntry.objects.count()
    apply_candidates(actor=bureau(roster), rows=sheet, plan_digest=plan.digest)
    entry = Candidacy.objects.get(staff__badge_number="A001")
    assert (entry.trade, int(entry.seniority), entry.capacity) == ("traffic", 3, 3)
    assert entry.former_township_id == roster.county.townships[0]
    assert entry.former_village_id == roster.county.villages[4]
    assert Staff.objects.get(badge_number="A001").home_village_id == roster.county.villages[2]
    wished = Wish.objects.order_by("rank").values_list("village_id", flat=True)
    assert list(wished) == [roster.county.villages[1], roster.county.villages[4]]
    kinds = sorted(Hold.objects.values_list("kind", "village_id"))
    assert kinds == [
        (HoldKind.BAN, roster.county.villages[3]),
        (HoldKind.BAN, roster.county.villages[5]),
        (HoldKind.PIN, roster.county.villages[0]),
    ]
    assert AuditEntry.objects.count() > before
    again = plan_candidates(actor=bureau(roster), rows=sheet)
    assert again.changed == 0


def test_what_is_downloaded_changes_nothing_when_it_comes_back(roster: RosterWorld) -> None:
    sheet = rows(*sheet_rows(actor=bureau(roster), on=today()))
    assert len(sheet) == 3
    plan = plan_candidates(actor=bureau(roster), rows=sheet)
    assert (plan.faults, plan.changed) == ((), 0)


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"badge_number": "X1"}, "badge_number", "没有警号X1"),
        ({"badge_number": ""}, "badge_number", "请填写警号"),
        ({"trade": "海警"}, "trade", "应为：派出所"),
        ({"seniority": "9"}, "seniority", "应为：一般"),
        ({"capacity": "两个"}, "capacity", "整数"),
        ({"capacity": "21"}, "capacity", "0至20"),
        ({"home_village": "没有村"}, "home_village", "没有“没有村”"),
        ({"former_township": "没有乡"}, "former_township", "没有“没有乡”这个乡镇"),
        ({"wish_2": "999999999999"}, "wish_2", "999999999999"),
        ({"ban": "红旗村民委员会"}, "ban", "有2个村叫"),
        ({"pin": "990101101201"}, "reason", "请写明理由"),
    ],
)
def test_a_fault_names_its_row_and_column_and_nothing_is_written(
    roster: RosterWorld, cells: dict[str, str], field: str, said: str
) -> None:
    sheet = rows({"badge_number": "A009", "capacity": "5"}, {"badge_number": "A001", **cells})
    plan = plan_candidates(actor=bureau(roster), rows=sheet)
    (fault,) = plan.faults
    assert (fault.row, fault.field, said in fault.message) == (4, field, True)
    assert fault.column
    with pytest.raises(Problem) as problem:
        apply_candidates(actor=bureau(roster), rows=sheet, plan_digest=plan.digest)
    assert problem.value.status == 422
    assert Candidacy.objects.get(staff=roster.spare).capacity == 2


def test_one_person_stands_in_the_sheet_once(roster: RosterWorld) -> None:
    sheet = rows({"badge_number": "A001"}, {"badge_number": "a001"})
    plan = plan_candidates(actor=bureau(roster), rows=sheet)
    assert [fault.row for fault in plan.faults] == [3, 4]


def test_what_changed_since_the_dry_run_refuses_the_import(roster: RosterWorld) -> None:
    sheet = rows({"badge_number": "A009", "capacity": "5"})
    plan = plan_candidates(actor=bureau(roster), rows=sheet)
    Candidacy.objects.filter(staff=roster.spare).update(capacity=4)
    with pytest.raises(Problem) as problem:
        apply_candidates(actor=bureau(roster), rows=sheet, plan_digest=plan.digest)
    assert problem.value.status == 409
    assert Candidacy.objects.get(staff=roster.spare).capacity == 4


def test_a_chief_imports_for_the_own_station_and_no_native_place(roster: RosterWorld) -> None:
    chief = actor_with(Role.STATION_CHIEF, unit_code=roster.county.townships[0])
    sheet = rows(
        {"badge_number": "A002", "capacity": "5"},
        {"badge_number": "A001", "home_village": roster.county.villages[2]},
    )
    plan = plan_candidates(actor=chief, rows=sheet)
    assert [fault.row for fault in plan.faults] == [3, 4]
    for actor in (actor_with(Role.OFFICER, village_code=roster.county.villages[0]),):
        with pytest.raises(Problem) as problem:
            plan_candidates(actor=actor, rows=sheet)
        assert problem.value.status == 403
    with pytest.raises(Problem):
        plan_candidates(actor=system(), rows=[])
