"""Posting, replacing and ending, with refusals shown on the form."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.access_forms import ending, posting, replacement
from tests.support.console_pages import errors_of, notices_of, text_of, workbook_rows
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import BEGAN, World, last_month

from cunjing.base.clock import today
from cunjing.coverage.models import Posting


@pytest.fixture
def chief(world: World) -> Client:
    return visitor(world, "chief")


@pytest.fixture
def empty_village(world: World) -> str:
    """The second village of the first station, which nobody serves."""
    return world.own.village[:-1] + "2"


def uncovered(client: Client) -> list[str]:
    gaps = client.get(reverse("coverage")).context["gaps"]
    return [village.code for gap in gaps for village in gap["now"]]


def test_a_posting_closes_the_gap(world: World, chief: Client, empty_village: str) -> None:
    assert uncovered(chief) == [empty_village]
    address = reverse("posting_open", args=[empty_village])
    assert world.own.successor.badge_number in text_of(chief.get(address))
    done = chief.post(address, posting(world, world.own, "chief"), follow=True)
    assert notices_of(done) == ["已安排。"]
    assert world.own.successor.name in text_of(done)
    assert uncovered(chief) == []


def test_a_person_chosen_from_the_list_is_found_by_the_badge_in_front(
    world: World, chief: Client, empty_village: str
) -> None:
    one = world.own.successor
    sent = posting(world, world.own, "chief") | {"badge_number": f"{one.badge_number} {one.name}"}
    chief.post(reverse("posting_open", args=[empty_village]), sent)
    assert Posting.objects.filter(village_id=empty_village, staff=one).exists()


def test_somebody_already_there_is_a_warning_only(world: World, chief: Client) -> None:
    address = reverse("posting_open", args=[world.own.village])
    done = chief.post(address, posting(world, world.own, "chief"), follow=True)
    said, warned = notices_of(done)
    assert said == "已安排。"
    assert world.own.staff.name in warned


def test_refusals_stand_at_their_fields(world: World, chief: Client) -> None:
    address = reverse("posting_open", args=[world.own.village])
    sound = posting(world, world.own, "chief")
    before = stored()
    yesterday = (today() - timedelta(days=1)).isoformat()
    for change, field, said in (
        ({"badge_number": "NOBODY"}, "badge_number", "没有这个警号"),
        ({"badge_number": world.county.staff.badge_number}, "badge_number", "没有这个警号"),
        ({"badge_number": ""}, "badge_number", "必填"),
        ({"valid_to": yesterday}, "valid_to", "止日必须晚于起日"),
        ({"badge_number": world.own.staff.badge_number}, "valid_from", "日期不能重叠"),
        ({"role": "village_auxiliary"}, "role", "不能安排为"),
    ):
        refused = chief.post(address, sound | change)
        assert refused.status_code == 422
        assert said in "".join(errors_of(refused).get(field, [])), field
    assert stored() == before


def test_a_replacement_leaves_no_gap(world: World, chief: Client) -> None:
    address = reverse("posting_replace", args=[world.own.posting])
    assert world.own.staff.name in text_of(chief.get(address))
    done = chief.post(address, replacement(world, world.own, "chief"), follow=True)
    assert "已交接，中间没有空档。" in notices_of(done)
    ended = Posting.objects.get(pk=world.own.posting)
    following = Posting.objects.get(village_id=world.own.village, staff=world.own.successor)
    assert ended.valid_to == following.valid_from == today() + timedelta(days=1)


def test_work_that_would_no_longer_count_is_shown_before_it_happens(
    world: World, chief: Client
) -> None:
    address = reverse("posting_replace", args=[world.own.posting])
    early = replacement(world, world.own, "chief") | {"on": last_month(2).isoformat()}
    before = stored()
    asked = chief.post(address, early)
    assert asked.status_code == 422
    assert "不再计入考评" in str(errors_of(asked)["confirmed"])
    assert 'type="checkbox" name="confirmed"' in asked.content.decode()
    assert stored() == before
    assert chief.post(address, early | {"confirmed": "on"}).status_code == 302
    assert Posting.objects.get(pk=world.own.posting).valid_to == last_month(2)


def test_replacements_that_cannot_be_are_refused_on_the_form(world: World, chief: Client) -> None:
    address = reverse("posting_replace", args=[world.own.posting])
    sound: dict[str, Any] = replacement(world, world.own, "chief")
    before = stored()
    for change, said in (
        ({"badge_number": world.own.staff.badge_number}, "同一人"),
        ({"on": BEGAN.isoformat()}, "止日必须晚于起日"),
        ({"reason": ""}, "必填"),
    ):
        refused = chief.post(address, sound | change)
        assert refused.status_code == 422
        assert said in str(errors_of(refused))
    assert stored() == before


def test_an_ended_posting_opens_a_gap_and_says_so(world: World, chief: Client) -> None:
    address = reverse("posting_end", args=[world.own.posting])
    now = ending(world, world.own, "chief") | {"on": today().isoformat()}
    done = chief.post(address, now, follow=True)
    assert "无人负责" in notices_of(done)[0]
    assert world.own.village in uncovered(chief)


def test_a_gap_to_come_is_announced(world: World, chief: Client) -> None:
    chief.post(reverse("posting_end", args=[world.own.posting]), ending(world, world.own, "chief"))
    page = chief.get(reverse("coverage"))
    soon = [village.code for gap in page.context["gaps"] for village in gap["soon"]]
    assert soon == [world.own.village]
    assert "30 天内将出现空白" in text_of(page)


def test_an_ended_posting_is_not_ended_again_earlier(world: World, chief: Client) -> None:
    address = reverse("posting_end", args=[world.own.posting])
    chief.post(address, ending(world, world.own, "chief"))
    once = stored()
    later = ending(world, world.own, "chief") | {"on": (today() + timedelta(days=9)).isoformat()}
    assert "已于" in str(errors_of(chief.post(address, later)))
    assert stored() == once


def test_the_list_is_filtered_by_role(chief: Client, world: World) -> None:
    page = chief.get(reverse("coverage"), {"role": "village_auxiliary"})
    names = [posting.staff.name for posting in page.context["page"]]
    assert names == ["示例辅"]


def test_the_export_lists_who_serves_where(world: World, chief: Client) -> None:
    cells = workbook_rows(chief.get(reverse("coverage_export")))
    (line,) = [row for row in cells if world.own.staff.name in row]
    assert world.own.village in line
    assert world.own.staff.badge_number in line


def test_readers_see_disabled_buttons_with_the_reason(world: World) -> None:
    page = text_of(visitor(world, "auditor").get(reverse("coverage")))
    assert reverse("posting_replace", args=[world.own.posting]) not in page
    assert "没有“调整包村安排”的权限" in page
