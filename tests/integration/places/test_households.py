"""Hamlets and households: addresses only, edited against a known version."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests.support.places_factories import County, actor_with, found_policed_county, system

from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.models import AuditEntry, Change
from cunjing.places.actions import edits, households
from cunjing.places.actions.edits import Decision
from cunjing.places.actions.households import HouseholdState, NewHousehold
from cunjing.places.models import Hamlet, Household

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return found_policed_county()


@pytest.fixture
def village(county: County) -> str:
    return county.villages[0]


def add(village: str, address: str, **more: object) -> Household:
    household = NewHousehold(address, **more)  # type: ignore[arg-type]
    return households.add_household(actor=system(), village_code=village, household=household)


def test_an_address_is_added_once_however_often_it_is_sent(village: str) -> None:
    sent = NewHousehold("一组1号", visit_priority=3, id=uuid4())
    rows = [
        households.add_household(actor=system(), village_code=village, household=sent)
        for _ in range(2)
    ]
    assert {row.pk for row in rows} == {sent.id}
    assert Household.objects.count() == 1
    assert AuditEntry.objects.filter(record_id=str(sent.id)).count() == 1
    assert Change.objects.filter(record_id=str(sent.id)).get().scope == village


def test_the_same_id_with_other_content_is_a_conflict(county: County, village: str) -> None:
    sent = NewHousehold("一组1号", id=uuid4())
    households.add_household(actor=system(), village_code=village, household=sent)
    other = NewHousehold("一组2号", id=sent.id)
    for code, household in ((village, other), (county.villages[1], sent)):
        with pytest.raises(Problem) as caught:
            households.add_household(actor=system(), village_code=code, household=household)
        assert caught.value.kind is ProblemKind.CONFLICT


def test_sending_again_after_an_edit_gives_the_edited_one(village: str) -> None:
    sent = NewHousehold("一组1号", id=uuid4())
    row = households.add_household(actor=system(), village_code=village, household=sent)
    state = HouseholdState("一组1号附1", hamlet_id=None, visit_priority=1)
    households.edit_household(actor=system(), household_id=row.pk, version=row.version, state=state)
    again = households.add_household(actor=system(), village_code=village, household=sent)
    assert (again.address, again.version) == ("一组1号附1", 2)


def test_many_addresses_are_all_or_nothing(village: str) -> None:
    rows = [NewHousehold("1号"), NewHousehold("2号"), NewHousehold("1号")]
    with pytest.raises(Problem, match="已有门牌地址“1号”"):
        households.add_households(actor=system(), village_code=village, households=rows)
    assert Household.objects.count() == 0
    added = households.add_households(actor=system(), village_code=village, households=rows[:2])
    assert [row.address for row in added] == ["1号", "2号"]


def test_an_edit_against_an_old_version_shows_both_values(village: str) -> None:
    row = add(village, "一组1号")
    first = HouseholdState("一组1号", hamlet_id=None, visit_priority=2)
    second = HouseholdState("一组1号", hamlet_id=None, visit_priority=0)
    households.edit_household(actor=system(), household_id=row.pk, version=1, state=first)
    with pytest.raises(Problem, match="已被他人修改") as caught:
        households.edit_household(actor=system(), household_id=row.pk, version=1, state=second)
    assert caught.value.kind is ProblemKind.CONFLICT
    assert caught.value.data == {
        "version": 2,
        "stored": {"address": "一组1号", "hamlet_id": None, "visit_priority": 2},
        "yours": {"address": "一组1号", "hamlet_id": None, "visit_priority": 0},
    }
    row.refresh_from_db()
    assert (row.visit_priority, row.version) == (2, 2)


def test_a_group_belongs_to_the_village(county: County, village: str) -> None:
    elsewhere = households.add_hamlet(actor=system(), village_code=county.villages[1], name="一组")
    with pytest.raises(Problem, match="不属于本村"):
        add(village, "一组1号", hamlet_id=elsewhere.pk)
    with pytest.raises(Problem, match="不属于本村"):
        add(village, "一组1号", hamlet_id=uuid4())


def test_a_retired_address_may_be_given_again(village: str) -> None:
    row = add(village, "一组1号")
    gone = households.retire_household(actor=system(), household_id=row.pk, version=1)
    assert gone.retired_on == today()
    assert add(village, "一组1号").pk != row.pk
    state = HouseholdState("一组9号", hamlet_id=None, visit_priority=0)
    with pytest.raises(Problem, match="停用"):
        households.edit_household(actor=system(), household_id=row.pk, version=2, state=state)
    with pytest.raises(Problem, match="不能晚于今天"):
        households.retire_household(
            actor=system(),
            household_id=add(village, "一组2号").pk,
            version=1,
            on=today() + timedelta(1),
        )


def test_a_group_is_renamed_retired_and_sent_twice(village: str) -> None:
    key = uuid4()
    for _ in range(2):
        households.add_hamlet(actor=system(), village_code=village, name="一组", hamlet_id=key)
    with pytest.raises(Problem, match="不同内容"):
        households.add_hamlet(actor=system(), village_code=village, name="二组", hamlet_id=key)
    with pytest.raises(Problem, match="已有自然组"):
        households.add_hamlet(actor=system(), village_code=village, name="一组")
    households.rename_hamlet(actor=system(), hamlet_id=key, version=1, name="河东组")
    with pytest.raises(Problem, match="已被他人修改") as caught:
        households.rename_hamlet(actor=system(), hamlet_id=key, version=1, name="河西组")
    assert caught.value.data["stored"] == {"name": "河东组"}
    row = add(village, "河东1号", hamlet_id=key)
    with pytest.raises(Problem, match="还有1户"):
        households.retire_hamlet(actor=system(), hamlet_id=key, version=2)
    households.retire_household(actor=system(), household_id=row.pk, version=1)
    households.retire_hamlet(actor=system(), hamlet_id=key, version=2)
    assert Hamlet.objects.get(pk=key).retired_on == today()


def test_nothing_is_added_to_an_ended_village(village: str) -> None:
    decision = Decision(effective_on=date(2025, 3, 1), reason="批复")
    edits.abolish_village(actor=system(), village_code=village, decision=decision)
    with pytest.raises(Problem, match="撤销"):
        add(village, "一组1号")


def test_moving_refuses_a_taken_door(county: County, village: str) -> None:
    target = county.villages[1]
    add(target, "1号")
    row = add(village, "1号")
    group = households.add_hamlet(actor=system(), village_code=village, name="一组")
    add(village, "2号", hamlet_id=group.pk)
    with pytest.raises(Problem, match="已有门牌地址"):
        households.move_households(actor=system(), household_ids=[row.pk], village_code=target)
    with pytest.raises(Problem, match="已在"):
        households.move_hamlet(actor=system(), hamlet_id=group.pk, village_code=village)
    moved = households.move_hamlet(actor=system(), hamlet_id=group.pk, village_code=target)
    assert moved.households.get().village_id == target


@pytest.mark.parametrize("who", ["stranger", "auxiliary"])
def test_a_stranger_gets_404_and_a_reader_403(county: County, village: str, who: str) -> None:
    other = found_policed_county(code="990102", name="邻县")
    actor, kind = {
        "stranger": (
            actor_with(Role.STATION_CHIEF, unit_code=other.townships[0]),
            ProblemKind.NOT_FOUND,
        ),
        "auxiliary": (actor_with(Role.AUXILIARY, village_code=village), ProblemKind.FORBIDDEN),
    }[who]
    row = add(village, "一组1号")
    group = households.add_hamlet(actor=system(), village_code=village, name="一组")
    state = HouseholdState("一组2号", hamlet_id=None, visit_priority=0)
    attempts: list[Callable[[], object]] = [
        lambda: households.add_hamlet(actor=actor, village_code=village, name="二组"),
        lambda: households.rename_hamlet(actor=actor, hamlet_id=group.pk, version=1, name="二组"),
        lambda: households.retire_hamlet(actor=actor, hamlet_id=group.pk, version=1),
        lambda: households.move_hamlet(
            actor=actor, hamlet_id=group.pk, village_code=county.villages[1]
        ),
        lambda: households.add_household(
            actor=actor, village_code=village, household=NewHousehold("二组1号")
        ),
        lambda: households.edit_household(actor=actor, household_id=row.pk, version=1, state=state),
        lambda: households.retire_household(actor=actor, household_id=row.pk, version=1),
    ]
    for attempt in attempts:
        with pytest.raises(Problem) as caught:
            attempt()
        assert caught.value.kind is kind


def test_a_household_of_another_village_is_not_drawn_over(county: County, village: str) -> None:
    officer = actor_with(Role.OFFICER, village_code=village)
    foreign = add(county.villages[1], "1号")
    with pytest.raises(Problem) as caught:
        households.move_households(actor=officer, household_ids=[foreign.pk], village_code=village)
    assert caught.value.kind is ProblemKind.NOT_FOUND


def test_what_does_not_exist_is_not_found(village: str) -> None:
    state = HouseholdState("1号", hamlet_id=None, visit_priority=0)
    for attempt in (
        lambda: households.edit_household(
            actor=system(), household_id=uuid4(), version=1, state=state
        ),
        lambda: households.retire_hamlet(actor=system(), hamlet_id=uuid4(), version=1),
        lambda: add("990101101999", "1号"),
    ):
        with pytest.raises(Problem) as caught:
            attempt()
        assert caught.value.kind is ProblemKind.NOT_FOUND
