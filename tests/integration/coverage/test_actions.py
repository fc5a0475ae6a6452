"""Opening, ending and replacing postings, with the grants that follow from them."""

from datetime import date, timedelta

import pytest
from tests.support.accounts_factories import make_user, make_user_with
from tests.support.coverage_factories import post
from tests.support.places_factories import County, actor_with, found_policed_county
from tests.support.staffing_factories import make_staff

from cunjing.accounts.actions import deactivate_user
from cunjing.accounts.models import Grant
from cunjing.accounts.queries import actor_for
from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.coverage.actions import end_posting, open_posting, replace_officer
from cunjing.coverage.duty import end_duty, link_account, start_duty, unlink_account
from cunjing.coverage.models import Posting
from cunjing.coverage.queries import (
    current_postings,
    own_postings,
    posting_of,
    staff_history,
    village_history,
)
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry, AuditVerb, Change
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.places.models import Unit
from cunjing.staffing.models import Staff

pytestmark = pytest.mark.django_db
AWAY = "990102"
JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def county() -> County:
    found_policed_county(code=AWAY, name="他县")
    return found_policed_county()


@pytest.fixture
def bureau(county: County) -> Actor:
    return actor_with(Role.COUNTY_BUREAU, unit_code=county.code)


@pytest.fixture
def officer(county: County) -> Staff:
    return make_staff("A001", unit_code=county.code, name="示例安")


@pytest.fixture
def successor(county: County) -> Staff:
    return make_staff("A002", unit_code=county.code, name="示例白")


def opened(actor: Actor, staff: Staff, village: str, *, since: date = JAN) -> Posting:
    return open_posting(
        actor=actor,
        village_code=village,
        staff_id=staff.pk,
        role=staff.role,
        valid_from=since,
        reason="补登示例",
    ).posting


def test_a_posting_is_audited_and_heard_of_in_its_village(
    bureau: Actor, officer: Staff, county: County
) -> None:
    posting = opened(bureau, officer, county.villages[0])
    entry = AuditEntry.objects.get(record_id=str(posting.pk))
    assert (entry.verb, entry.village_code) == (AuditVerb.CREATED, county.villages[0])
    assert Change.objects.filter(scope=county.villages[0], record_id=str(posting.pk)).exists()


WHO = [
    (Role.COUNTY_BUREAU, "county", None),
    (Role.STATION_CHIEF, "station", None),
    (Role.STATION_CHIEF, "other station", 404),
    (Role.AUDITOR, "county", 403),
    (Role.OFFICER, "village", 403),
    (Role.AUXILIARY, "village", 403),
    (Role.ADMINISTRATOR, "county", 403),
    (Role.COUNTY_BUREAU, "another county", 404),
]


@pytest.mark.parametrize(("role", "place", "status"), WHO)
def test_who_may_post_and_end(county: County, role: Role, place: str, status: int | None) -> None:
    first, second = (Unit.objects.get(division_code=code).code for code in county.townships)
    unit = {"county": county.code, "station": first, "other station": second}.get(place, "")
    unit = AWAY if place == "another county" else unit
    village = "" if unit else county.villages[0]
    actor = actor_with(role, unit_code=unit, village_code=village)
    staff = make_staff("S001", unit_code=first)
    if status is None:
        posting = opened(actor, staff, county.villages[0])
        assert end_posting(actor=actor, posting_id=posting.pk, on=FEB, reason="试").valid_to == FEB
        return
    posting = post(staff, county.villages[0], since=JAN)
    with pytest.raises(Problem) as refused:
        opened(actor, staff, county.villages[0])
    assert refused.value.status == status
    with pytest.raises(Problem) as refused:
        end_posting(actor=actor, posting_id=posting.pk, on=FEB, reason="试")
    assert refused.value.status == status


def test_nobody_posts_people_they_cannot_see(bureau: Actor, county: County) -> None:
    stranger = make_staff("X001", unit_code=AWAY)
    with pytest.raises(Problem) as refused:
        opened(bureau, stranger, county.villages[0])
    assert refused.value.status == 404
    assert Posting.objects.count() == 0


def test_what_does_not_fit_is_refused(bureau: Actor, county: County) -> None:
    auxiliary = make_staff(
        "F001", unit_code=county.code, role="village_auxiliary", on_duty_from=FEB
    )
    with pytest.raises(Problem) as refused:
        open_posting(
            actor=bureau,
            village_code=county.villages[0],
            staff_id=auxiliary.pk,
            role="liaison_officer",
            valid_from=JAN,
            reason="补登示例",
        )
    assert {fault.field for fault in refused.value.faults} == {"role", "valid_from"}


def test_the_same_person_role_and_village_do_not_overlap(
    bureau: Actor, officer: Staff, county: County
) -> None:
    post(officer, county.villages[0], since=JAN, until=FEB)
    opened(bureau, officer, county.villages[0], since=FEB)
    with pytest.raises(Problem, match="没有安排"):
        opened(bureau, officer, county.villages[0], since=MAR)
    opened(bureau, officer, county.villages[1], since=JAN)


def test_a_second_person_in_the_role_is_a_warning(
    bureau: Actor, officer: Staff, successor: Staff, county: County
) -> None:
    post(officer, county.villages[0], since=JAN)
    posted = open_posting(
        actor=bureau,
        village_code=county.villages[0],
        staff_id=successor.pk,
        role="liaison_officer",
        valid_from=FEB,
        reason="补登示例",
    )
    assert len(posted.warnings) == 1
    assert "示例安" in posted.warnings[0]


def test_replacing_leaves_no_day_without_and_none_with_two(
    bureau: Actor, officer: Staff, successor: Staff, county: County
) -> None:
    posting = post(officer, county.villages[0], since=JAN)
    done = replace_officer(
        actor=bureau, posting_id=posting.pk, staff_id=successor.pk, on=FEB, reason="轮换"
    )
    assert done.warnings == ()
    assert (done.ended.valid_to, done.opened.valid_from) == (FEB, FEB)
    for day, name in ((FEB - timedelta(days=1), "示例安"), (FEB, "示例白")):
        (row,) = current_postings(actor=bureau, on=day)
        assert row.staff.name == name


def test_a_replacement_that_fails_changes_nothing(
    bureau: Actor, officer: Staff, county: County
) -> None:
    posting = post(officer, county.villages[0], since=JAN)
    auxiliary = make_staff("F001", unit_code=county.code, role="village_auxiliary")
    audited = AuditEntry.objects.count()
    with pytest.raises(Problem):
        replace_officer(
            actor=bureau, posting_id=posting.pk, staff_id=auxiliary.pk, on=FEB, reason="轮换"
        )
    with pytest.raises(Problem, match="同一人"):
        replace_officer(
            actor=bureau, posting_id=posting.pk, staff_id=officer.pk, on=FEB, reason="轮换"
        )
    posting.refresh_from_db()
    assert posting.valid_to is None
    assert AuditEntry.objects.count() == audited


def test_a_posting_ends_after_it_begins_and_is_not_lengthened(
    bureau: Actor, officer: Staff, county: County
) -> None:
    posting = post(officer, county.villages[0], since=JAN)
    with pytest.raises(Problem, match="没有终止"):
        end_posting(actor=bureau, posting_id=posting.pk, on=JAN, reason="试")
    end_posting(actor=bureau, posting_id=posting.pk, on=MAR, reason="调整")
    end_posting(actor=bureau, posting_id=posting.pk, on=FEB, reason="提前")
    with pytest.raises(Problem) as refused:
        end_posting(actor=bureau, posting_id=posting.pk, on=MAR, reason="推后")
    assert refused.value.status == 409


def linked(bureau: Actor, staff: Staff, county: County) -> Actor:
    user = make_user(staff.badge_number, unit_code=county.code)
    link_account(actor=bureau, staff_id=staff.pk, user_id=user.pk)
    return actor_for(user=user)


def holds_village(actor: Actor, village: str) -> bool:
    return jurisdiction_of(actor=actor, permission=Permission.RECORD_WRITE).covers(village)


def test_a_posting_gives_its_village_and_its_end_takes_it(
    bureau: Actor, officer: Staff, county: County
) -> None:
    user = make_user("anan", unit_code=county.code)
    link_account(actor=bureau, staff_id=officer.pk, user_id=user.pk)
    posting = opened(bureau, officer, county.villages[0])
    grant = Grant.objects.get(posting_id=posting.pk)
    assert (grant.role, grant.village_code) == (Role.OFFICER, county.villages[0])
    assert holds_village(actor_for(user=user), county.villages[0])
    assert not holds_village(actor_for(user=user), county.villages[1])
    assert [row.pk for row in own_postings(actor=actor_for(user=user))] == [posting.pk]
    end_posting(actor=bureau, posting_id=posting.pk, on=today(), reason="轮换")
    assert not holds_village(actor_for(user=user), county.villages[0])


def test_an_account_linked_later_gets_what_still_holds(bureau: Actor, county: County) -> None:
    auxiliary = make_staff("F001", unit_code=county.code, role="village_auxiliary")
    post(auxiliary, county.villages[0], since=JAN, until=FEB)
    current = post(auxiliary, county.villages[1], since=JAN)
    coming = post(auxiliary, county.villages[2], since=today() + timedelta(days=9))
    linked(bureau, auxiliary, county)
    grants = Grant.objects.order_by("village_code")
    assert [grant.posting_id for grant in grants] == [current.pk, coming.pk]
    assert {grant.role for grant in grants} == {Role.AUXILIARY}


def test_unlinking_takes_the_villages_and_forgets_what_never_began(
    bureau: Actor, officer: Staff, county: County
) -> None:
    current = post(officer, county.villages[0], since=JAN)
    post(officer, county.villages[1], since=today() + timedelta(days=9))
    linked(bureau, officer, county)
    unlink_account(actor=bureau, staff_id=officer.pk, reason="离职")
    grant = Grant.objects.get()
    assert (grant.posting_id, grant.valid_to) == (current.pk, today())
    with pytest.raises(Problem):
        unlink_account(actor=bureau, staff_id=officer.pk, reason="再")


def test_accounts_and_people_are_tied_one_to_one(
    bureau: Actor, officer: Staff, successor: Staff, county: County
) -> None:
    user = make_user("anan", unit_code=county.code)
    other = make_user("baibai", unit_code=county.code)
    link_account(actor=bureau, staff_id=officer.pk, user_id=user.pk)
    with pytest.raises(Problem, match="已经关联了账号"):
        link_account(actor=bureau, staff_id=officer.pk, user_id=other.pk)
    with pytest.raises(Problem, match="另一人"):
        link_account(actor=bureau, staff_id=successor.pk, user_id=user.pk)
    foreign = make_user("waixian", unit_code=AWAY)
    with pytest.raises(Problem) as refused:
        link_account(actor=bureau, staff_id=successor.pk, user_id=foreign.pk)
    assert refused.value.status == 404


def test_leaving_duty_ends_every_posting_and_grant(
    bureau: Actor, officer: Staff, county: County
) -> None:
    actor = linked(bureau, officer, county)
    for village in county.villages[:2]:
        opened(bureau, officer, village)
    ended = end_duty(actor=bureau, staff_id=officer.pk, on=today(), reason="调离")
    assert {posting.village_id for posting in ended} == set(county.villages[:2])
    assert not Posting.objects.filter(valid_to=None).exists()
    assert not Grant.objects.filter(valid_to=None).exists()
    assert Staff.objects.get(pk=officer.pk).on_duty_to == today()
    assert list(own_postings(actor=actor)) == []
    with pytest.raises(Problem, match="没有安排"):
        opened(bureau, officer, county.villages[2])


def test_leaving_before_a_posting_begins_asks_to_settle_it_first(
    bureau: Actor, officer: Staff, county: County
) -> None:
    post(officer, county.villages[0], since=MAR)
    with pytest.raises(Problem) as refused:
        end_duty(actor=bureau, staff_id=officer.pk, on=FEB, reason="调离")
    assert refused.value.status == 409
    assert Staff.objects.get(pk=officer.pk).on_duty_to is None


def test_duty_begins_before_the_first_posting_and_may_begin_again(
    bureau: Actor, officer: Staff, county: County
) -> None:
    post(officer, county.villages[0], since=FEB)
    with pytest.raises(Problem, match="到岗日"):
        start_duty(actor=bureau, staff_id=officer.pk, on=MAR)
    assert start_duty(actor=bureau, staff_id=officer.pk, on=JAN).on_duty_from == JAN
    end_duty(actor=bureau, staff_id=officer.pk, on=MAR, reason="借调")
    with pytest.raises(Problem, match="到岗日"):
        start_duty(actor=bureau, staff_id=officer.pk, on=FEB)
    back = start_duty(actor=bureau, staff_id=officer.pk, on=MAR)
    assert (back.on_duty_from, back.on_duty_to) == (MAR, None)


def test_duty_ends_after_it_begins(bureau: Actor, county: County) -> None:
    staff = make_staff("A009", unit_code=county.code, on_duty_from=FEB)
    with pytest.raises(Problem, match="离岗没有登记"):
        end_duty(actor=bureau, staff_id=staff.pk, on=FEB, reason="试")


def test_a_posting_already_ended_is_left_alone_when_duty_ends(
    bureau: Actor, officer: Staff, county: County
) -> None:
    linked(bureau, officer, county)
    posting = opened(bureau, officer, county.villages[0])
    end_posting(actor=bureau, posting_id=posting.pk, on=FEB, reason="轮换")
    assert end_duty(actor=bureau, staff_id=officer.pk, on=MAR, reason="调离") == []
    assert Grant.objects.get().valid_to == FEB


def test_only_sound_accounts_of_others_are_linked(officer: Staff, county: County) -> None:
    user = make_user_with(Role.COUNTY_BUREAU, username="juzhang", unit_code=county.code)
    with pytest.raises(Problem, match="自己的账号"):
        link_account(actor=actor_for(user=user), staff_id=officer.pk, user_id=user.pk)
    closed = make_user("tingyong", unit_code=county.code)
    deactivate_user(actor=actor_for(user=user), user_id=closed.pk, reason="离职")
    with pytest.raises(Problem, match="已经停用"):
        link_account(actor=actor_for(user=user), staff_id=officer.pk, user_id=closed.pk)


def test_current_postings_may_be_asked_by_role(
    bureau: Actor, officer: Staff, county: County
) -> None:
    posting = post(officer, county.villages[0], since=JAN)
    asked = current_postings(actor=bureau, on=FEB, roles=["liaison_officer"])
    assert list(asked) == [posting]
    assert list(current_postings(actor=bureau, on=FEB, roles=["beat_officer"])) == []
    assert list(own_postings(actor=bureau)) == []


def test_histories_are_scoped(bureau: Actor, officer: Staff, county: County) -> None:
    first = post(officer, county.villages[0], since=JAN, until=FEB)
    second = post(officer, county.villages[-1], since=FEB)
    assert list(staff_history(actor=bureau, staff_id=officer.pk)) == [second, first]
    assert list(village_history(actor=bureau, village_code=county.villages[0])) == [first]
    station = Unit.objects.get(division_code=county.townships[0]).code
    chief = actor_with(Role.STATION_CHIEF, unit_code=station)
    assert list(staff_history(actor=chief, staff_id=officer.pk)) == [first]
    with pytest.raises(Problem) as refused:
        posting_of(actor=chief, posting_id=second.pk)
    assert refused.value.status == 404
    with pytest.raises(Problem) as refused:
        village_history(actor=chief, village_code=county.villages[-1])
    assert refused.value.status == 404


def test_a_day_gone_by_needs_a_reason(bureau: Actor, officer: Staff, county: County) -> None:
    with pytest.raises(Problem) as refused:
        open_posting(
            actor=bureau,
            village_code=county.villages[0],
            staff_id=officer.pk,
            role=officer.role,
            valid_from=today() - timedelta(days=1),
        )
    assert [fault.field for fault in refused.value.faults] == ["reason"]
    assert not Posting.objects.exists()


def test_a_posting_with_an_end_is_not_replaced(
    bureau: Actor, officer: Staff, county: County
) -> None:
    posting = opened(bureau, officer, county.villages[0])
    end_posting(actor=bureau, posting_id=posting.pk, on=today(), reason="示例")
    successor = make_staff("A009", unit_code=county.code)
    with pytest.raises(Problem, match="不能再更换"):
        replace_officer(
            actor=bureau, posting_id=posting.pk, staff_id=successor.pk, on=today(), reason="示例"
        )
    assert Posting.objects.count() == 1
