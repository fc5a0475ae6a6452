"""Accounts and grants: who may make, change and end them."""

from datetime import date, timedelta

import pytest
from tests.support.accounts_factories import BEGAN, PASSWORD, make_user, make_user_with, signed_in
from tests.support.places_factories import County, actor_with, found_policed_county, system

from cunjing.accounts.actions import (
    create_user,
    deactivate_user,
    end_grant,
    grant_role,
    reactivate_user,
    set_password,
)
from cunjing.accounts.models import Grant
from cunjing.accounts.queries import actor_for, grants_of, people_with_role, user_of, users
from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry, Change
from cunjing.kernel.permissions import Permission
from cunjing.places.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    found_policed_county(code="990102", name="他县")
    return found_policed_county()


@pytest.fixture
def station(county: County) -> str:
    return Unit.objects.get(division_code=county.townships[0]).code


@pytest.fixture
def bureau(county: County) -> Actor:
    return signed_in(Role.COUNTY_BUREAU, username="bureau", unit_code=county.code)


def stranger() -> Actor:
    return signed_in(Role.COUNTY_BUREAU, username="stranger", unit_code="990102")


def test_a_new_account_has_no_rights_and_must_change_its_password(
    bureau: Actor, station: str
) -> None:
    user = create_user(
        actor=bureau, username="A001", display_name=" 示例 ", password=PASSWORD, unit_code=station
    )
    assert (user.display_name, user.must_change_password) == ("示例", True)
    assert user.check_password(PASSWORD)
    assert not any(actor_for(user=user).holds(permission) for permission in Permission)
    assert AuditEntry.objects.filter(record_id=str(user.pk), actor_name="示例甲").count() == 1


@pytest.mark.parametrize("password", ["short", "password123"])
def test_weak_passwords_are_refused(bureau: Actor, station: str, password: str) -> None:
    with pytest.raises(Problem) as refused:
        create_user(
            actor=bureau,
            username="A001",
            display_name="示例",
            password=password,
            unit_code=station,
        )
    assert {fault.field for fault in refused.value.faults} == {"password"}


def test_a_login_name_is_taken_whatever_its_case(bureau: Actor, station: str) -> None:
    make_user("a001", unit_code=station)
    with pytest.raises(Problem, match="已被使用"):
        create_user(
            actor=bureau,
            username="A001",
            display_name="示例",
            password=PASSWORD,
            unit_code=station,
        )


ROLES = [
    (Role.COUNTY_BUREAU, None),
    (Role.ADMINISTRATOR, None),
    (Role.STATION_CHIEF, 403),
    (Role.AUDITOR, 403),
]


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_who_may_make_accounts(county: County, role: Role, status: int | None) -> None:
    actor = actor_with(role, unit_code=county.code)
    if status is None:
        create_user(
            actor=actor,
            username="A001",
            display_name="示例",
            password=PASSWORD,
            unit_code=county.code,
        )
        return
    with pytest.raises(Problem) as refused:
        create_user(
            actor=actor,
            username="A001",
            display_name="示例",
            password=PASSWORD,
            unit_code=county.code,
        )
    assert refused.value.status == status


def test_only_the_system_makes_accounts_without_a_unit(county: County, bureau: Actor) -> None:
    with pytest.raises(Problem):
        create_user(actor=bureau, username="root", display_name="根", password=PASSWORD)
    user = create_user(actor=system(), username="root", display_name="根", password=PASSWORD)
    with pytest.raises(Problem) as refused:
        set_password(actor=bureau, user_id=user.pk, password="Ling-Yi-Ge-2026")
    assert refused.value.status == 404


def test_another_county_neither_sees_nor_touches_an_account(station: str) -> None:
    user = make_user_with(Role.STATION_CHIEF, username="A001", unit_code=station)
    grant = user.grants.get()
    away = stranger()
    for attempt in (
        lambda: set_password(actor=away, user_id=user.pk, password="Ling-Yi-Ge-2026"),
        lambda: deactivate_user(actor=away, user_id=user.pk, reason="试"),
        lambda: end_grant(actor=away, grant_id=grant.pk, reason="试"),
        lambda: grants_of(actor=away, user_id=user.pk),
    ):
        with pytest.raises(Problem) as refused:
            attempt()
        assert refused.value.status == 404
    assert user not in users(actor=away)
    with pytest.raises(Problem) as refused:
        grant_role(
            actor=away,
            user_id=user.pk,
            role=Role.STATION_CHIEF,
            unit_code="990102",
            valid_from=BEGAN,
        )
    assert refused.value.status == 404


def test_ones_own_password_and_somebody_elses(bureau: Actor, station: str) -> None:
    user = make_user_with(Role.STATION_CHIEF, username="A001", unit_code=station)
    by_self = set_password(actor=actor_for(user=user), user_id=user.pk, password="Ling-Yi-Ge-2026")
    assert not by_self.must_change_password
    by_bureau = set_password(actor=bureau, user_id=user.pk, password="Di-San-Ge-2026")
    assert by_bureau.must_change_password
    assert by_bureau.check_password("Di-San-Ge-2026")


def test_an_administrator_cannot_take_over_an_account_with_more_rights(county: County) -> None:
    chief = make_user_with(Role.COUNTY_BUREAU, username="chief", unit_code=county.code)
    administrator = signed_in(Role.ADMINISTRATOR, username="admin", unit_code=county.code)
    with pytest.raises(Problem) as refused:
        set_password(actor=administrator, user_id=chief.pk, password="Ling-Yi-Ge-2026")
    assert refused.value.status == 403
    assert user_of(actor=administrator, user_id=chief.pk).check_password(PASSWORD)


def test_a_closed_account_has_no_rights_until_opened_again(bureau: Actor, station: str) -> None:
    user = make_user_with(Role.STATION_CHIEF, username="A001", unit_code=station)
    closed = deactivate_user(actor=bureau, user_id=user.pk, reason="调离")
    assert actor_for(user=closed).grants == ()
    with pytest.raises(Problem):
        deactivate_user(actor=bureau, user_id=user.pk, reason="再来")
    opened = reactivate_user(actor=bureau, user_id=user.pk, reason="调回")
    assert len(actor_for(user=opened).grants) == 1


def test_nobody_closes_or_empowers_themselves(bureau: Actor, county: County) -> None:
    assert bureau.user_id is not None
    with pytest.raises(Problem, match="自己"):
        deactivate_user(actor=bureau, user_id=bureau.user_id, reason="试")
    with pytest.raises(Problem, match="自己"):
        grant_role(
            actor=bureau,
            user_id=bureau.user_id,
            role=Role.AUDITOR,
            unit_code=county.code,
            valid_from=BEGAN,
        )


def test_a_grant_holds_from_its_day_up_to_its_end(bureau: Actor, station: str) -> None:
    user = make_user("A001", unit_code=station)
    grant = grant_role(
        actor=bureau,
        user_id=user.pk,
        role=Role.STATION_CHIEF,
        unit_code=station,
        valid_from=date(2026, 9, 1),
        valid_to=date(2026, 10, 1),
    )
    holding = [
        len(actor_for(user=user, on=day).grants)
        for day in (date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 1))
    ]
    assert holding == [0, 1, 1, 0]
    assert Change.objects.filter(scope=station, record_id=str(grant.pk)).exists()
    assert people_with_role(role=Role.STATION_CHIEF, unit_codes=[station], on=date(2026, 9, 1)) == {
        station: ["示例甲"]
    }


def test_a_role_is_granted_once_in_a_place(bureau: Actor, station: str) -> None:
    user = make_user_with(Role.STATION_CHIEF, username="A001", unit_code=station)
    with pytest.raises(Problem, match="不必重复"):
        grant_role(
            actor=bureau,
            user_id=user.pk,
            role=Role.STATION_CHIEF,
            unit_code=station,
            valid_from=today(),
        )


def test_ending_a_grant(bureau: Actor, station: str) -> None:
    user = make_user_with(Role.STATION_CHIEF, username="A001", unit_code=station)
    grant = user.grants.get()
    with pytest.raises(Problem, match="晚于"):
        end_grant(actor=bureau, grant_id=grant.pk, on=BEGAN, reason="试")
    ended = end_grant(actor=bureau, grant_id=grant.pk, reason="调离")
    assert ended.valid_to == today()
    assert actor_for(user=user).grants == ()
    with pytest.raises(Problem, match="已经终止"):
        end_grant(actor=bureau, grant_id=grant.pk, on=today() + timedelta(days=1), reason="再")


def test_a_grant_of_a_posting_is_ended_by_the_posting(
    bureau: Actor, county: County, station: str
) -> None:
    user = make_user("A001", unit_code=station)
    grant = Grant.objects.create(
        user=user,
        role=Role.OFFICER,
        village_code=county.villages[0],
        valid_from=BEGAN,
        posting_id=user.pk,
    )
    with pytest.raises(Problem, match="包村安排"):
        end_grant(actor=bureau, grant_id=grant.pk, reason="试")


def test_a_village_may_be_granted(bureau: Actor, county: County, station: str) -> None:
    user = make_user("A001", unit_code=station)
    grant_role(
        actor=bureau,
        user_id=user.pk,
        role=Role.OFFICER,
        village_code=county.villages[0],
        valid_from=BEGAN,
    )
    assert actor_for(user=user).holds(Permission.RECORD_WRITE)
    with pytest.raises(Problem) as refused:
        grant_role(
            actor=bureau,
            user_id=user.pk,
            role=Role.OFFICER,
            village_code="990102101201",
            valid_from=BEGAN,
        )
    assert refused.value.status == 404
