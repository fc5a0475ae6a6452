"""People: entered, changed, away, leaving."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.access_forms import absence, ending, new_person
from tests.support.access_forms import person as person_form
from tests.support.console_pages import errors_of, notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World

from cunjing.base.clock import today
from cunjing.coverage.models import Posting
from cunjing.staffing.models import Absence, Staff


@pytest.fixture
def bureau(world: World) -> Client:
    return visitor(world, "bureau")


@pytest.fixture
def form(world: World) -> dict[str, Any]:
    return new_person(world, world.own, "bureau")


def test_a_person_is_entered_and_the_identity_number_is_not_kept(
    bureau: Client, form: dict[str, Any]
) -> None:
    done = bureau.post(reverse("person_add"), form | {"id_number": "110101198503070021"})
    person = Staff.objects.get(badge_number="NEW1")
    assert done.url == reverse("person", args=[person.pk])
    assert person.birth_month == "1985-03"
    kept = [str(value) for value in Staff.objects.filter(pk=person.pk).values_list()[0]]
    assert not any("110101198503070021" in value for value in kept)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"badge_number": "a b"}, "badge_number"),
        ({"phone": "12345"}, "phone"),
        ({"id_number": "110101198503070022"}, "id_number"),
        ({"home_village_code": "990101101999"}, "home_village_code"),
        ({"unit_code": "990102101"}, "unit_code"),
        ({"role": "captain"}, "role"),
        ({"trained_on": "2026-13-01"}, "trained_on"),
    ],
)
def test_a_fault_stands_at_its_field(
    bureau: Client, form: dict[str, Any], change: dict[str, str], field: str
) -> None:
    before = stored()
    refused = bureau.post(reverse("person_add"), form | change)
    assert refused.status_code == 422
    assert field in errors_of(refused)
    assert stored() == before


def test_a_taken_badge_is_refused_with_advice(
    world: World, bureau: Client, form: dict[str, Any]
) -> None:
    taken = form | {"badge_number": world.own.staff.badge_number}
    refused = bureau.post(reverse("person_add"), taken)
    assert "已经登记过" in str(errors_of(refused))


def test_a_person_is_changed_but_never_their_badge(world: World, bureau: Client) -> None:
    address = reverse("person_change", args=[world.own.staff.pk])
    sent = person_form(world, world.own, "bureau") | {"badge_number": "OTHER"}
    done = bureau.post(address, sent, follow=True)
    assert notices_of(done) == ["已保存。"]
    changed = Staff.objects.get(pk=world.own.staff.pk)
    assert (changed.name, changed.badge_number) == ("示例改", world.own.staff.badge_number)


def test_the_change_form_shows_what_is_known(world: World, bureau: Client) -> None:
    form = bureau.get(reverse("person_change", args=[world.own.staff.pk])).context["form"]
    assert form["name"].value() == world.own.staff.name
    assert form["phone"].value() == "13800000000"
    assert form["unit_code"].value() == world.own.unit


def test_days_away_are_entered_and_withdrawn(world: World) -> None:
    chief = visitor(world, "chief")
    person = world.own.staff.pk
    sent = absence(world, world.own, "chief")
    done = chief.post(reverse("absence_add", args=[person]), sent, follow=True)
    assert notices_of(done) == ["已登记。"]
    assert "休假" in text_of(done)
    added = Absence.objects.get(staff=person)
    assert person in chief.get(reverse("staff")).context["away"]
    gone = chief.post(reverse("absence_cancel", args=[added.pk]), {"reason": "未休"}, follow=True)
    assert notices_of(gone) == ["已撤销。"]
    assert person not in chief.get(reverse("staff")).context["away"]


def test_an_absence_that_cannot_be_is_refused_on_the_page(world: World) -> None:
    chief = visitor(world, "chief")
    address = reverse("absence_add", args=[world.own.staff.pk])
    sound = absence(world, world.own, "chief")
    before = stored()
    for change in ({"date_to": sound["date_from"]}, {"kind": "holiday"}, {"date_from": ""}):
        assert notices_of(chief.post(address, sound | change, follow=True)) != []
    assert stored() == before
    chief.post(address, sound)
    twice = chief.post(address, sound, follow=True)
    assert "已经登记过" in "".join(notices_of(twice))


def test_leave_in_the_past_says_when_by_whom_and_why_it_was_entered(world: World) -> None:
    chief = visitor(world, "chief")
    person = world.own.staff.pk
    sent = absence(world, world.own, "chief")
    sent["date_from"] = (today() - timedelta(days=9)).isoformat()
    refused = chief.post(reverse("absence_add", args=[person]), sent, follow=True)
    assert "补登今天以前的请假，请写明理由。" in notices_of(refused)
    done = chief.post(
        reverse("absence_add", args=[person]), sent | {"reason": "假条补交"}, follow=True
    )
    name = world.users["chief"].display_name
    for said in (f"登记于 {today():%Y-%m-%d}", f"由{name}", "补登理由：假条补交"):
        assert said in text_of(done)


def test_an_absence_is_withdrawn_once(world: World) -> None:
    chief = visitor(world, "chief")
    address = reverse("absence_cancel", args=[world.own.absence])
    before = stored()
    refused = chief.post(address, {"reason": " "}, follow=True)
    assert "撤销理由" in "".join(notices_of(refused))
    assert stored() == before
    assert chief.post(address, {"reason": "未休"}).status_code == 302
    once = stored()
    again = chief.post(address, {"reason": "未休"})
    assert again.status_code == 409
    assert "已经撤销" in text_of(again)
    assert stored() == once


def test_who_leaves_leaves_their_villages(world: World, bureau: Client) -> None:
    address = reverse("duty_end", args=[world.own.staff.pk])
    done = bureau.post(address, ending(world, world.own, "bureau"), follow=True)
    assert notices_of(done) == ["已离岗，同时终止 1 项包村安排。"]
    tomorrow = today() + timedelta(days=1)
    assert Posting.objects.get(pk=world.own.posting).valid_to == tomorrow
    assert Staff.objects.get(pk=world.own.staff.pk).on_duty_to == tomorrow


def test_leaving_needs_a_day_and_a_reason(world: World, bureau: Client) -> None:
    before = stored()
    done = bureau.post(reverse("duty_end", args=[world.own.staff.pk]), {}, follow=True)
    assert len(notices_of(done)) == 2
    assert stored() == before


def test_the_list_is_searched_by_name_and_badge(world: World, bureau: Client) -> None:
    for text in (world.station.staff.name, world.station.staff.badge_number.lower()):
        found = bureau.get(reverse("staff"), {"q": text}).context["page"]
        assert [person.pk for person in found] == [world.station.staff.pk]


def test_an_officer_reads_their_own_page_only(world: World) -> None:
    officer = visitor(world, "officer")
    assert officer.get(reverse("person", args=[world.own.staff.pk])).status_code == 200
    assert officer.get(reverse("person", args=[world.own.successor.pk])).status_code == 404
