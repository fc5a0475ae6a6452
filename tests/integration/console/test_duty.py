"""A person's page: coming back, the account, what has arrived of their work."""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.access_forms import ending
from tests.support.accounts_factories import make_user
from tests.support.console_pages import notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World

from cunjing.accounts.models import Grant, User
from cunjing.base.clock import SHANGHAI, now, today
from cunjing.fieldwork.models import SyncChannel, SyncState
from cunjing.staffing.models import Staff


@pytest.fixture
def bureau(world: World) -> Client:
    return visitor(world, "bureau")


def told(client: Client, name: str, person: Staff, **sent: str) -> list[str]:
    return notices_of(client.post(reverse(name, args=[person.pk]), sent, follow=True))


def test_who_left_comes_back_without_their_villages(world: World, bureau: Client) -> None:
    person, tomorrow = world.own.staff, today() + timedelta(days=1)
    page = reverse("person", args=[person.pk])
    assert reverse("duty_start", args=[person.pk]) not in text_of(bureau.get(page))
    bureau.post(reverse("duty_end", args=[person.pk]), ending(world, world.own, "bureau"))
    assert reverse("duty_start", args=[person.pk]) in text_of(bureau.get(page))
    before = stored()
    assert str(tomorrow) in "".join(told(bureau, "duty_start", person, on=today().isoformat()))
    assert stored() == before
    done = told(bureau, "duty_start", person, on=tomorrow.isoformat())
    assert done == ["已返岗。需要包村的请另行派人。"]
    back = Staff.objects.get(pk=person.pk)
    assert (back.on_duty_from, back.on_duty_to) == (tomorrow, None)
    assert not back.postings.filter(valid_to=None).exists()


def test_an_account_is_tied_to_a_person_and_gets_the_rights_of_their_posting(
    world: World, bureau: Client
) -> None:
    person = world.station.staff
    user = User.objects.get(pk=world.station.user)
    assert f'value="{user.username}"' in text_of(bureau.get(reverse("person", args=[person.pk])))
    done = told(bureau, "account_link", person, username=user.username)
    assert done == ["已关联账号，包村安排的权限随之生效。"]
    assert Staff.objects.get(pk=person.pk).user_id == user.pk
    assert Grant.objects.filter(user=user, posting_id=world.station.posting).exists()
    page = text_of(bureau.get(reverse("person", args=[person.pk])))
    assert user.username in page
    assert reverse("account_unlink", args=[person.pk]) in page


def test_only_a_free_open_account_in_ones_care_is_offered_and_taken(
    world: World, bureau: Client
) -> None:
    make_user("closed", unit_code=world.own.unit)
    User.objects.filter(username="closed").update(is_active=False)
    person = world.own.successor
    page = bureau.get(reverse("person", args=[person.pk]))
    offered = [one.username for one in page.context["accounts"]]
    stranger = User.objects.get(pk=world.county.user).username
    before = stored()
    for username in ("officer", "closed", "bureau", stranger, "nobody"):
        assert username not in offered
        assert "请从列表中选择" in "".join(told(bureau, "account_link", person, username=username))
    assert stored() == before


def test_a_person_has_one_account(world: World, bureau: Client) -> None:
    free = User.objects.get(pk=world.own.user).username
    before = stored()
    said = told(bureau, "account_link", world.own.staff, username=free)
    assert "已经关联了账号" in "".join(said)
    assert stored() == before


def test_an_account_is_untied_for_a_reason_and_loses_the_rights_of_postings(
    world: World, bureau: Client
) -> None:
    before = stored()
    assert told(bureau, "account_unlink", world.own.staff, reason="") != []
    assert stored() == before
    done = told(bureau, "account_unlink", world.own.staff, reason="调离")
    assert done == ["已解除关联，随包村安排而来的权限今天起终止。"]
    assert Staff.objects.get(pk=world.own.staff.pk).user_id is None
    assert Grant.objects.get(posting_id=world.own.posting).valid_to == today()


def test_a_station_says_that_everything_on_paper_is_entered(world: World) -> None:
    chief, person = visitor(world, "chief"), world.own.staff
    SyncState.objects.filter(pk=person.pk).delete()
    yesterday = today() - timedelta(days=1)
    done = told(chief, "person_synced", person, on=yesterday.isoformat())
    assert done == ["已确认：这一天及以前的记录都已录入。"]
    state = SyncState.objects.get(pk=person.pk)
    assert state.last_sync_at == datetime.combine(today(), time.min, tzinfo=SHANGHAI)
    assert state.channel == SyncChannel.PAPER
    page = text_of(chief.get(reverse("person", args=[person.pk])))
    assert f"收齐到 {today():%Y-%m-%d} 00:00" in page


def test_an_earlier_day_changes_nothing_and_a_day_to_come_is_refused(world: World) -> None:
    chief, person = visitor(world, "chief"), world.own.staff
    told(chief, "person_synced", person, on=today().isoformat())
    assert SyncState.objects.get(pk=person.pk).last_sync_at <= now()
    before = stored()
    earlier = told(chief, "person_synced", person, on=(today() - timedelta(days=9)).isoformat())
    assert earlier == ["此前已经确认到更晚的日期，没有变化。"]
    later = told(chief, "person_synced", person, on=(today() + timedelta(days=1)).isoformat())
    assert "请填写现在或以前的时间。" in later
    assert stored() == before


def test_buttons_without_the_right_say_why(world: World) -> None:
    page = text_of(visitor(world, "chief").get(reverse("person", args=[world.own.staff.pk])))
    assert reverse("account_unlink", args=[world.own.staff.pk]) not in page
    assert "您在本单位没有“维护人员”的权限" in page
    page = text_of(visitor(world, "auditor").get(reverse("person", args=[world.own.staff.pk])))
    assert "您在本单位没有“代他人补录”的权限" in page
