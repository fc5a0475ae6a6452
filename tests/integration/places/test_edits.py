"""Dated edits keep history and take along what belongs to a village."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.support.places_factories import County, actor_with, found_policed_county, system

from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.models import AuditEntry, Change
from cunjing.places.actions import edits, households
from cunjing.places.actions.edits import Decision, NewVillage
from cunjing.places.actions.units import assign_villages
from cunjing.places.history import history, village_on
from cunjing.places.models import (
    Household,
    Layer,
    Village,
    VillageEdit,
    VillagePast,
    VillageSuccession,
    VillageUnit,
)

pytestmark = pytest.mark.django_db

START = date(2023, 6, 30)
DAY = date(2025, 3, 1)
DECISION = Decision(effective_on=DAY, reason="县政府批复", document="示政复〔2025〕3号")


@pytest.fixture
def county() -> County:
    return found_policed_county()


def test_a_new_name_leaves_the_old_one_findable_by_day(county: County) -> None:
    code = county.villages[0]
    edit = edits.rename_village(
        actor=system(), village_code=code, name=" 朝阳村委会 ", decision=DECISION
    )
    before, after = village_on(code=code, day=DAY - timedelta(1)), village_on(code=code, day=DAY)
    assert before is not None
    assert after is not None
    assert (before.name, before.valid_from, before.valid_to) == ("天台村民委员会", START, DAY)
    assert (after.name, after.valid_from, after.valid_to) == ("朝阳村委会", DAY, None)
    assert Village.objects.get(code=code).pinyin == "chaoyangcun"
    assert (edit.document, edit.village_id) == ("示政复〔2025〕3号", code)


def test_layer_and_township_change_alone(county: County) -> None:
    code = county.villages[0]
    edits.set_layer(actor=system(), village_code=code, layer=Layer.KEY, decision=DECISION)
    edits.move_village(
        actor=system(),
        village_code=code,
        township_code=county.townships[1],
        decision=Decision(effective_on=date(2025, 6, 1), reason="调整"),
    )
    states = [(v.layer, v.township_code, v.valid_from) for v in history(actor=system(), code=code)]
    assert states == [
        ("key", county.townships[1], date(2025, 6, 1)),
        ("key", county.townships[0], DAY),
        ("ordinary", county.townships[0], START),
    ]


def test_a_village_stays_in_its_county(county: County) -> None:
    other = found_policed_county(code="990102", name="邻县")
    with pytest.raises(Problem, match="本县"):
        edits.move_village(
            actor=system(),
            village_code=county.villages[0],
            township_code=other.townships[0],
            decision=DECISION,
        )
    with pytest.raises(Problem, match="没有乡镇代码"):
        edits.move_village(
            actor=system(),
            village_code=county.villages[0],
            township_code="990101999",
            decision=DECISION,
        )


def test_an_edit_that_changes_nothing_is_refused(county: County) -> None:
    with pytest.raises(Problem, match="与现状相同"):
        edits.set_layer(
            actor=system(),
            village_code=county.villages[0],
            layer=Layer.ORDINARY,
            decision=DECISION,
        )
    assert VillageEdit.objects.count() == 0


@pytest.mark.parametrize("day", [START, date(2020, 1, 1), today() + timedelta(1)])
def test_history_is_neither_rewritten_nor_foretold(county: County, day: date) -> None:
    with pytest.raises(Problem, match="生效日"):
        edits.rename_village(
            actor=system(),
            village_code=county.villages[0],
            name="新名村委会",
            decision=Decision(effective_on=day, reason="更名"),
        )
    assert VillagePast.objects.count() == VillageEdit.objects.count() == 0


def test_a_second_edit_lies_after_the_first(county: County) -> None:
    code = county.villages[0]
    edits.rename_village(actor=system(), village_code=code, name="甲村委会", decision=DECISION)
    with pytest.raises(Problem, match="须晚于"):
        edits.rename_village(actor=system(), village_code=code, name="乙村委会", decision=DECISION)


def test_a_merge_ends_one_village_and_moves_its_people(county: County) -> None:
    gone, stays = county.villages[0], county.villages[1]
    group = households.add_hamlet(actor=system(), village_code=gone, name="一组")
    moved = households.add_household(
        actor=system(),
        village_code=gone,
        household=households.NewHousehold("一组1号", hamlet_id=group.pk, visit_priority=2),
    )
    edit = edits.merge_villages(
        actor=system(), predecessor_codes=[gone], successor_code=stays, decision=DECISION
    )
    assert village_on(code=gone, day=DAY - timedelta(1)) is not None
    assert village_on(code=gone, day=DAY) is None
    moved.refresh_from_db()
    group.refresh_from_db()
    assert (moved.village_id, moved.hamlet_id, moved.version) == (stays, group.pk, 2)
    assert (group.village_id, group.name, group.version) == (stays, "一组", 2)
    rows = VillageUnit.objects.filter(village_id=gone)
    assert [(row.valid_from, row.valid_to) for row in rows] == [(START, DAY)]
    succession = VillageSuccession.objects.get()
    assert (succession.edit_id, succession.predecessor_id, succession.successor_id) == (
        edit.pk,
        gone,
        stays,
    )
    scopes = Change.objects.filter(record_id=str(moved.pk)).values_list("scope", flat=True)
    assert {gone, stays} <= set(scopes)


def test_a_merge_keeps_both_doors_of_the_same_number(county: County) -> None:
    gone, stays = county.villages[0], county.villages[1]
    for code in (gone, stays):
        households.add_hamlet(actor=system(), village_code=code, name="一组")
        households.add_household(
            actor=system(), village_code=code, household=households.NewHousehold("一组1号")
        )
    edits.merge_villages(
        actor=system(), predecessor_codes=[gone], successor_code=stays, decision=DECISION
    )
    addresses = Household.objects.filter(village_id=stays).values_list("address", flat=True)
    assert set(addresses) == {"一组1号", "天台村一组1号"}


def test_a_merge_may_rename_and_may_go_into_a_village_founded_that_day(county: County) -> None:
    first, second, third = county.villages[:3]
    edits.merge_villages(
        actor=system(),
        predecessor_codes=[first],
        successor_code=second,
        decision=DECISION,
        name="联合村委会",
    )
    assert [v.name for v in history(actor=system(), code=second)] == [
        "联合村委会",
        "红旗村民委员会",
    ]
    new = NewVillage(code=f"{county.townships[0]}250", name="新城社区居委会")
    later = Decision(effective_on=date(2025, 9, 1), reason="撤村建居")
    edits.create_village(
        actor=system(), village=new, township_code=county.townships[0], decision=later
    )
    edits.merge_villages(
        actor=system(),
        predecessor_codes=[second, third],
        successor_code=new.code,
        decision=later,
    )
    assert village_on(code=second, day=later.effective_on) is None
    assert VillageSuccession.objects.filter(successor_id=new.code).count() == 2


def test_merges_that_make_no_sense_are_refused(county: County) -> None:
    other = found_policed_county(code="990102", name="邻县")
    for codes in ([], [county.villages[0]], [other.villages[0]]):
        with pytest.raises(Problem):
            edits.merge_villages(
                actor=system(),
                predecessor_codes=codes,
                successor_code=county.villages[0],
                decision=DECISION,
            )
    assert VillageEdit.objects.count() == 0


def test_a_split_leaves_people_until_they_are_moved(county: County) -> None:
    code = county.villages[0]
    group = households.add_hamlet(actor=system(), village_code=code, name="二组")
    inside = households.add_household(
        actor=system(),
        village_code=code,
        household=households.NewHousehold("二组1号", hamlet_id=group.pk),
    )
    outside = households.add_household(
        actor=system(), village_code=code, household=households.NewHousehold("散居1号")
    )
    part = NewVillage(code=f"{county.townships[0]}250", name="二组村委会")
    edits.split_village(actor=system(), village_code=code, parts=[part], decision=DECISION)
    new = Village.objects.get(code=part.code)
    units = [(row.unit_id, row.valid_from) for row in new.village_units.all()]
    assert (new.township_id, new.valid_from, units) == (
        county.townships[0],
        DAY,
        [(county.townships[0], DAY)],
    )
    assert Household.objects.filter(village_id=code).count() == 2
    households.move_hamlet(actor=system(), hamlet_id=group.pk, village_code=part.code)
    households.move_households(actor=system(), household_ids=[outside.pk], village_code=part.code)
    inside.refresh_from_db()
    outside.refresh_from_db()
    assert {inside.village_id, outside.village_id} == {part.code}
    edits.abolish_village(actor=system(), village_code=code, decision=DECISION)
    assert village_on(code=code, day=DAY) is None


def test_a_village_people_live_in_is_not_abolished(county: County) -> None:
    code = county.villages[0]
    households.add_household(
        actor=system(), village_code=code, household=households.NewHousehold("1号")
    )
    with pytest.raises(Problem, match="还有1户"):
        edits.abolish_village(actor=system(), village_code=code, decision=DECISION)
    assert Village.objects.get(code=code).valid_to is None


def test_an_ended_village_keeps_no_unit_and_takes_no_edit(county: County) -> None:
    code = county.villages[0]
    assign_villages(
        actor=system(),
        unit_code=county.townships[1],
        village_codes=[code],
        valid_from=date(2025, 6, 1),
    )
    edits.abolish_village(actor=system(), village_code=code, decision=DECISION)
    rows = VillageUnit.objects.filter(village_id=code)
    assert [(row.unit_id, row.valid_to) for row in rows] == [(county.townships[0], DAY)]
    with pytest.raises(Problem, match="撤销"):
        edits.rename_village(actor=system(), village_code=code, name="某村", decision=DECISION)


def test_a_new_village_is_answered_for_by_its_townships_station(county: County) -> None:
    new = NewVillage(code=f"{county.townships[1]}001", name="新街社区居委会")
    edits.create_village(
        actor=system(),
        village=new,
        township_code=county.townships[1],
        layer=Layer.KEY,
        decision=DECISION,
    )
    stored = Village.objects.get(code=new.code)
    assert (stored.kind, stored.layer, stored.valid_from) == ("neighbourhood", "key", DAY)
    assert [row.unit_id for row in stored.village_units.all()] == [county.townships[1]]
    with pytest.raises(Problem, match="已由新街社区居委会使用"):
        edits.create_village(
            actor=system(), village=new, township_code=county.townships[1], decision=DECISION
        )


def test_every_edit_is_audited_with_its_reason(county: County) -> None:
    before = AuditEntry.objects.count()
    edits.rename_village(
        actor=system(), village_code=county.villages[0], name="甲村委会", decision=DECISION
    )
    new = AuditEntry.objects.order_by("at")[before:]
    assert {(row.record_type, row.reason) for row in new} == {
        ("places.village", "县政府批复"),
        ("places.villageedit", "县政府批复"),
    }


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.STATION_CHIEF, ProblemKind.FORBIDDEN),
        (Role.AUDITOR, ProblemKind.FORBIDDEN),
        (Role.ADMINISTRATOR, ProblemKind.FORBIDDEN),
    ],
)
def test_only_the_county_edits_divisions(county: County, role: Role, kind: ProblemKind) -> None:
    unit = county.townships[0] if role is Role.STATION_CHIEF else county.code
    with pytest.raises(Problem) as caught:
        edits.rename_village(
            actor=actor_with(role, unit_code=unit),
            village_code=county.villages[0],
            name="甲村委会",
            decision=DECISION,
        )
    assert caught.value.kind is kind


def test_a_stranger_learns_nothing(county: County) -> None:
    other = found_policed_county(code="990102", name="邻县")
    stranger = actor_with(Role.COUNTY_BUREAU, unit_code=other.code)
    code = county.villages[0]
    part = NewVillage(code=f"{county.townships[0]}250", name="新村委会")
    attempts: list[Callable[[], object]] = [
        lambda: edits.rename_village(
            actor=stranger, village_code=code, name="甲", decision=DECISION
        ),
        lambda: edits.abolish_village(actor=stranger, village_code=code, decision=DECISION),
        lambda: edits.split_village(
            actor=stranger, village_code=code, parts=[part], decision=DECISION
        ),
        lambda: edits.create_village(
            actor=stranger, village=part, township_code=county.townships[0], decision=DECISION
        ),
        lambda: edits.merge_villages(
            actor=stranger,
            predecessor_codes=[code],
            successor_code=county.villages[1],
            decision=DECISION,
        ),
        lambda: history(actor=stranger, code=code),
    ]
    for attempt in attempts:
        with pytest.raises(Problem) as caught:
            attempt()
        assert caught.value.kind is ProblemKind.NOT_FOUND
