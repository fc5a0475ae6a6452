"""Villages: found, read, decided about; their groups and addresses."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.access_forms import decision, household, new_household
from tests.support.console_pages import errors_of, notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World

from cunjing.base.clock import today
from cunjing.places.models import Hamlet, Household, Village


@pytest.fixture
def bureau(world: World) -> Client:
    return visitor(world, "bureau")


def listed(client: Client, **query: str) -> list[str]:
    page = client.get(reverse("villages"), query)
    return [village.code for village, _names in page.context["lines"]]


def test_the_list_holds_the_readers_villages_with_who_serves_them(
    world: World, bureau: Client
) -> None:
    page = bureau.get(reverse("villages"))
    lines = {village.code: names for village, names in page.context["lines"]}
    assert len(lines) == 4
    assert world.own.staff.name in lines[world.own.village]
    assert listed(visitor(world, "chief")) == [world.own.village, world.own.village[:-1] + "2"]


def test_the_list_is_filtered_by_township_station_and_layer(world: World, bureau: Client) -> None:
    assert listed(bureau, township=world.station.village[:9]) == listed(
        bureau, unit=world.station.unit
    )
    assert listed(bureau, layer="key") == []
    assert len(listed(bureau, layer="ordinary")) == 4


def test_a_search_goes_by_name_pinyin_and_code(world: World, bureau: Client) -> None:
    address = reverse("villages")
    code = world.own.village
    assert bureau.get(address, {"q": code}).url == reverse("village", args=[code])
    for text in ("天台", "tiantai", "tt"):
        assert code in text_of(bureau.get(address, {"q": text}, follow=True))
    nothing = bureau.get(address, {"q": "没有这样的村"})
    assert nothing.status_code == 200
    assert world.county.village not in text_of(bureau.get(address, {"q": "天台"}, follow=True))


def test_a_village_page_tells_everything_about_it(world: World, bureau: Client) -> None:
    page = text_of(bureau.get(reverse("village", args=[world.own.village])))
    for said in (world.own.staff.name, "巡村 甲地", "路灯不亮 甲地", "没有变更"):
        assert said in page
    for link in ("entry", "posting_open", "households", "village_decide"):
        assert reverse(link, args=[world.own.village]) in page


def test_a_village_nobody_serves_says_so(world: World, bureau: Client) -> None:
    page = text_of(bureau.get(reverse("village", args=[world.own.village[:-1] + "2"])))
    assert "空白村" in page


def test_a_decision_renames_a_village_and_keeps_the_old_name(world: World, bureau: Client) -> None:
    address = reverse("village_decide", args=[world.own.village])
    done = bureau.post(address, decision(world, world.own, "bureau"), follow=True)
    assert notices_of(done) == ["已登记，变更前的情况保留在历史中。"]
    page = text_of(done)
    assert "新名村民委员会" in page
    assert "更名" in page


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"reason": ""},
        {"effective_on": "2001-01-01"},
        {"kind": "merge", "code": "000000000000"},
        {"kind": "split", "code": "12", "name": "甲村"},
        {"kind": "move", "township_code": "123"},
        {"kind": "layer", "layer": ""},
        {"kind": "war"},
    ],
)
def test_a_decision_that_cannot_be_is_refused_on_the_form(
    world: World, bureau: Client, change: dict[str, str]
) -> None:
    before = stored()
    address = reverse("village_decide", args=[world.own.village])
    refused = bureau.post(address, decision(world, world.own, "bureau") | change)
    assert refused.status_code == 422
    assert errors_of(refused) != {}
    assert stored() == before


@pytest.fixture
def form(world: World) -> dict[str, Any]:
    return new_household(world, world.own, "officer")


def test_an_officer_keeps_the_addresses_of_their_village(
    world: World, form: dict[str, Any]
) -> None:
    officer = visitor(world, "officer")
    address = reverse("households", args=[world.own.village])
    assert notices_of(officer.post(address, form, follow=True)) == ["已登记。"]
    page = officer.get(address).context["page"]
    assert [one.address for one in page] == ["新路9号", "甲地路1号"], "the more urgent first"
    once = stored()
    twice = officer.post(address, form)
    assert twice.status_code == 422
    assert "已有门牌地址" in str(errors_of(twice))
    assert stored() == once


def test_an_address_with_a_number_of_a_person_is_refused(
    world: World, form: dict[str, Any]
) -> None:
    officer = visitor(world, "officer")
    before = stored()
    for change in ({"address": "张家13812345678"}, {"address": ""}, {"visit_priority": "9"}):
        refused = officer.post(reverse("households", args=[world.own.village]), form | change)
        assert refused.status_code == 422
    assert stored() == before


def test_an_address_is_changed_against_the_version_that_was_read(world: World) -> None:
    officer = visitor(world, "officer")
    address = reverse("household", args=[world.own.household])
    sent = household(world, world.own, "officer") | {
        "version": officer.get(address).context["version"]
    }
    assert notices_of(officer.post(address, sent, follow=True)) == ["已保存。"]
    once = stored()
    stale = officer.post(address, sent | {"address": "别的路2号"})
    assert stale.status_code == 422
    assert stored() == once
    assert Household.objects.get(pk=world.own.household).address == "改路1号"


def test_an_address_is_taken_out_of_use_and_its_calls_stay(world: World) -> None:
    officer = visitor(world, "officer")
    address = reverse("household", args=[world.own.household])
    done = officer.post(address, {"retire": "1"}, follow=True)
    assert "原有走访记录保留" in notices_of(done)[0]
    assert Household.objects.get(pk=world.own.household).retired_on == today()
    assert "甲地路1号" in text_of(officer.get(reverse("record", args=[world.own.call])))


def test_a_group_is_added_once(world: World) -> None:
    officer = visitor(world, "officer")
    address = reverse("hamlet_add", args=[world.own.village])
    officer.post(address, {"name": "河边组"})
    once = stored()
    told = notices_of(officer.post(address, {"name": "河边组"}, follow=True))
    assert "已有自然组" in "".join(told)
    assert notices_of(officer.post(address, {"name": ""}, follow=True)) != []
    assert stored() == once


def test_a_map_is_drawn_only_where_coordinates_are_known(world: World, bureau: Client) -> None:
    address = reverse("village", args=[world.own.village])
    assert bureau.get(address).context["map"] is None
    Village.objects.filter(pk=world.own.village).update(latitude="25.3", longitude="101.5")
    drawn = bureau.get(address)
    assert drawn.context["map"]["places"][0]["name"] == "天台村民委员会"
    assert 'data-map="village-map"' in text_of(drawn)


def test_a_village_is_put_on_the_map(world: World, bureau: Client) -> None:
    address = reverse("village_locate", args=[world.own.village])
    sent = {"longitude": "101.5432", "latitude": "25.3129"}
    done = bureau.post(address, sent, follow=True)
    assert notices_of(done) == ["已保存。"]
    located = Village.objects.get(pk=world.own.village)
    assert (located.longitude, located.latitude) == (101.5432, 25.3129)
    assert "101.54320, 25.31290" in text_of(done)
    assert done.context["location_form"]["longitude"].value() == 101.5432


@pytest.mark.parametrize(
    "change", [{"longitude": ""}, {"latitude": "25,3"}, {"longitude": "25.3", "latitude": "101.5"}]
)
def test_coordinates_that_cannot_be_are_refused(
    world: World, bureau: Client, change: dict[str, str]
) -> None:
    before = stored()
    sent = {"longitude": "101.5432", "latitude": "25.3129"} | change
    refused = bureau.post(reverse("village_locate", args=[world.own.village]), sent, follow=True)
    assert notices_of(refused) not in ([], ["已保存。"])
    assert stored() == before


def test_who_may_not_put_a_village_on_the_map_is_told_why(world: World) -> None:
    page = text_of(visitor(world, "chief").get(reverse("village", args=[world.own.village])))
    assert reverse("village_locate", args=[world.own.village]) not in page
    assert "您在本村没有“变更区划”的权限" in page


def test_a_group_is_renamed_against_the_version_that_was_read(world: World) -> None:
    officer = visitor(world, "officer")
    listing = text_of(officer.get(reverse("households", args=[world.own.village])))
    address = reverse("hamlet", args=[world.own.hamlet])
    assert address in listing
    sent = {"name": "河西组", "version": officer.get(address).context["version"]}
    assert notices_of(officer.post(address, sent, follow=True)) == ["已保存。"]
    assert Hamlet.objects.get(pk=world.own.hamlet).name == "河西组"
    once = stored()
    stale = officer.post(address, sent | {"name": "河东组"})
    assert stale.status_code == 422
    assert "已被他人修改" in str(errors_of(stale))
    assert officer.post(address, sent | {"name": ""}).status_code == 422
    assert stored() == once


def test_a_group_is_taken_out_of_use_when_no_address_belongs_to_it(world: World) -> None:
    officer = visitor(world, "officer")
    address, before = reverse("hamlet", args=[world.own.hamlet]), stored()
    refused = officer.post(address, {"retire": "1", "version": 1})
    assert refused.status_code == 422
    assert "还有1户" in str(errors_of(refused))
    assert stored() == before
    officer.post(reverse("household", args=[world.own.household]), {"retire": "1"})
    done = officer.post(address, {"retire": "1", "version": 1}, follow=True)
    assert notices_of(done)[-1] == "已停用。"
    assert Hamlet.objects.get(pk=world.own.hamlet).retired_on == today()
    assert done.context["hamlets"].count() == 0
