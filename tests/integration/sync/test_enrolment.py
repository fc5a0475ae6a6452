"""A phone is bound by a code shown once, and let go at once."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support.fieldwork_factories import BUREAU, STATION, V1
from tests.support.places_factories import system
from tests.support.sync_phone import Phone, World, give, visit, world

from cunjing.accounts.actions import deactivate_user, grant_role
from cunjing.accounts.models import User
from cunjing.accounts.queries import actor_for
from cunjing.accounts.roles import Role
from cunjing.base.clock import now
from cunjing.base.errors import Problem
from cunjing.kernel.audit import seal
from cunjing.kernel.signing import load_key
from cunjing.kernel.verification import verify
from cunjing.sync.enrolment import create_enrolment_code, revoke_device
from cunjing.sync.models import Device, EnrolmentCode
from cunjing.sync.queries import devices, mutations_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def number(answer: Any) -> int:
    return int(answer.json()["type"].rpartition("#")[2])


def test_a_phone_is_told_who_and_where_it_is(here: World) -> None:
    phone = Phone(here.user)
    said = phone.enrol().json()
    assert said["person"] == {
        "user_id": str(here.user.pk),
        "name": "演示安",
        "staff_id": str(here.county.officer.pk),
    }
    assert (said["last"], said["head"], said["anchor"]["n"]) == (0, phone.hashes[0].hex(), 1)
    device = Device.objects.get(pk=phone.id)
    assert phone.token not in (device.token_digest, device.public_key)


def test_a_code_binds_one_phone_and_the_same_again(here: World) -> None:
    code = create_enrolment_code(actor=actor_for(user=here.user), user_id=here.user.pk).secret
    first = Phone(here.user)
    first.enrol(code)
    lost = first.token
    assert first.enrol(code).status_code == 201
    assert first.token != lost
    assert first.pull_once().status_code == 200
    for other in (Phone(here.user), Phone(here.user, id=first.id)):
        assert number(other.enrol(code)) == 40302
    first.token = lost
    assert number(first.pull_once()) == 40102


def test_another_code_of_the_person_binds_a_phone_whose_answer_was_lost(here: World) -> None:
    phone = Phone(here.user)
    phone.enrol()
    phone.token = "never heard"
    code = create_enrolment_code(actor=system(), user_id=here.user.pk).secret
    said = phone.enrol(code).json()
    assert (said["last"], said["head"]) == (0, phone.hashes[0].hex())
    assert phone.pull_once().status_code == 200
    # The code is used up like any other, and good once more for the same phone.
    assert number(Phone(here.user).enrol(code)) == 40302
    assert phone.enrol(code).status_code == 201
    phone.save("work_record", visit(here))
    assert phone.results() == ["accepted"]
    assert Device.objects.filter(pk=phone.id).count() == 1


def test_another_code_does_not_bind_a_phone_that_is_in_use_or_stopped(here: World) -> None:
    used, stopped = Phone(here.user), Phone(here.user)
    used.enrol()
    stopped.enrol()
    used.save("work_record", visit(here))
    used.push()
    revoke_device(actor=system(), device_id=stopped.id, reason="丢失")
    for phone in (used, stopped):
        token = phone.token
        assert number(phone.enrol()) == 40303
        assert phone.token == token


def test_another_code_does_not_bind_a_phone_of_somebody_else_or_with_another_key(
    here: World,
) -> None:
    phone = Phone(here.user)
    phone.enrol()
    other = User.objects.create(username="other", display_name="演示王")
    give(other, V1)
    theirs = create_enrolment_code(actor=system(), user_id=other.pk).secret
    mine = create_enrolment_code(actor=system(), user_id=here.user.pk).secret
    assert number(phone.enrol(theirs)) == 40303
    assert number(Phone(here.user, id=phone.id).enrol(mine)) == 40303
    assert phone.pull_once().status_code == 200
    # Neither code was used up by what was refused.
    assert Phone(here.user).enrol(mine).status_code == 201


def test_a_code_ends_after_ten_minutes(here: World) -> None:
    code = create_enrolment_code(actor=system(), user_id=here.user.pk)
    assert code.code.expires_at <= now() + timedelta(minutes=10)
    EnrolmentCode.objects.filter(pk=code.code.pk).update(expires_at=now())
    assert number(Phone(here.user).enrol(code.secret)) == 40302
    assert number(Phone(here.user).enrol("guessed")) == 40302


def test_the_id_of_a_phone_is_used_once(here: World) -> None:
    assert number(Phone(here.user, id=here.phone.id).enrol()) == 40303
    # Who brings no good code hears of no phone.
    assert number(Phone(here.user, id=here.phone.id).enrol("guessed")) == 40302


def test_what_a_phone_says_must_be_whole(here: World) -> None:
    assert number(Phone(here.user).enrol(public_key="none")) == 42201
    assert number(Phone(here.user).enrol(schema=99)) == 40902
    assert number(Phone(here.user).enrol(more=1)) == 42201
    assert number(Phone(here.user).enrol(platform="\x00")) == 42201
    assert number(here.phone.post("enrol", b"{", signed_in=False)) == 40001
    assert number(here.phone.post("pull", b"[")) == 40001


def test_codes_are_for_oneself_and_for_whom_one_stands_in(here: World) -> None:
    bureau = here.county.as_bureau
    chief = User.objects.create(username="chief", display_name="所长", unit_code=STATION)
    User.objects.filter(pk=here.user.pk).update(unit_code=BUREAU)
    assert create_enrolment_code(actor=bureau, user_id=here.user.pk).secret
    for actor, user, status in (
        (here.county.as_auxiliary, here.user, 404),
        (here.county.as_station, here.user, 404),
        (here.county.as_stranger, here.user, 404),
        (system(), chief, 403),
    ):
        with pytest.raises(Problem) as refused:
            create_enrolment_code(actor=actor, user_id=user.pk)
        assert refused.value.status == status


def test_a_revoked_phone_is_told_so_and_takes_and_gives_nothing(here: World) -> None:
    phone = here.phone
    phone.save("work_record", visit(here))
    revoke_device(actor=actor_for(user=here.user), device_id=phone.id, reason="丢失")
    assert number(phone.push()) == number(phone.pull_once()) == 40103
    with pytest.raises(Problem, match="已经停用"):
        revoke_device(actor=system(), device_id=phone.id, reason="丢失")
    other = Phone(here.user)
    assert other.enrol().status_code == 201


def test_a_closed_account_closes_its_phones(here: World) -> None:
    deactivate_user(actor=system(), user_id=here.user.pk, reason="离岗")
    assert number(here.phone.pull_once()) == 40103


def test_phones_are_seen_and_stopped_by_their_person_and_their_station(here: World) -> None:
    county, device_id = here.county, here.phone.id
    for actor in (county.as_auxiliary, county.as_auditor, county.as_stranger):
        assert not devices(actor=actor).exists()
        with pytest.raises(Problem) as refused:
            revoke_device(actor=actor, device_id=device_id, reason="丢失")
        assert refused.value.status == 404
    for actor in (county.as_officer, county.as_station, county.as_bureau, system()):
        assert [one.pk for one in devices(actor=actor)] == [device_id]
        assert not mutations_of(actor=actor, device_id=device_id).exists()
    with pytest.raises(Problem, match="停用理由"):
        revoke_device(actor=county.as_station, device_id=device_id, reason=" ")
    device = revoke_device(actor=county.as_station, device_id=device_id, reason="丢失")
    assert device.revoked_by == county.as_station.user_id


def test_a_role_without_the_right_has_no_phone(here: World) -> None:
    bureau = User.objects.create(username="bureau", display_name="县局")
    grant_role(
        actor=system(), user_id=bureau.pk, role=Role.COUNTY_BUREAU, unit_code=BUREAU,
        valid_from=now().date(),
    )  # fmt: skip
    with pytest.raises(Problem, match="使用警务手机"):
        create_enrolment_code(actor=actor_for(user=bureau), user_id=bureau.pk)


def test_the_audit_chain_agrees_with_what_phones_left(here: World, settings: Any) -> None:
    here.phone.save("work_record", visit(here))
    here.phone.push()
    here.phone.pull()
    revoke_device(actor=system(), device_id=here.phone.id, reason="丢失")
    seal()
    assert verify(key=load_key(folder=settings.VAR)).findings == []
