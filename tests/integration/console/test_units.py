"""Units: listed by kind, made, renamed, given villages."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.access_forms import new_unit
from tests.support.access_forms import unit as unit_form
from tests.support.console_pages import errors_of, notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World

from cunjing.base.clock import today
from cunjing.places.models import Unit, UnitKind, VillageUnit


@pytest.fixture
def bureau(world: World) -> Client:
    return visitor(world, "bureau")


@pytest.fixture
def form(world: World) -> dict[str, Any]:
    return new_unit(world, world.own, "bureau")


def villages_errors(response: Any) -> dict[str, list[str]]:
    form = response.context["villages_form"]
    return {field: [str(error) for error in errors] for field, errors in form.errors.items()}


def serving(village: str) -> list[str]:
    rows = VillageUnit.objects.filter(village_id=village, valid_to=None)
    return [row.unit_id for row in rows]


def test_units_stand_by_kind_with_how_many_villages_each_has(world: World, bureau: Client) -> None:
    kinds = dict(bureau.get(reverse("units")).context["kinds"])
    (county, all_of_it), stations = kinds[UnitKind.COUNTY][0], kinds[UnitKind.STATION]
    assert (county.code, all_of_it) == (world.own.county, 4)
    assert {unit.code: count for unit, count in stations} == {
        world.own.unit: 2,
        world.station.unit: 2,
    }


def test_a_unit_is_made_below_another(world: World, bureau: Client, form: dict[str, Any]) -> None:
    done = bureau.post(reverse("units"), form, follow=True)
    assert notices_of(done) == ["已建立单位。请接着划入它管辖的村。"]
    made = Unit.objects.get(code="NEWUNIT")
    assert (made.parent_id, made.kind) == (world.own.unit, UnitKind.BUREAU_UNIT)
    assert "今天没有村由这个单位管辖。" in text_of(done)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "单位"}, "code"),
        ({"name": " "}, "name"),
        ({"kind": "army"}, "kind"),
        ({"phone": "12345"}, "phone"),
        ({"parent_code": "990102"}, "parent_code"),
        ({"division_code": "990102101"}, "division_code"),
        ({"code": "990101"}, "__all__"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_on_the_form(
    bureau: Client, form: dict[str, Any], change: dict[str, str], field: str
) -> None:
    before = stored()
    refused = bureau.post(reverse("units"), form | change)
    assert refused.status_code == 422
    assert list(errors_of(refused))[-1:] == [field]
    assert stored() == before


def test_a_unit_is_renamed_and_gets_a_telephone(world: World, bureau: Client) -> None:
    address = reverse("unit", args=[world.own.unit])
    done = bureau.post(address, unit_form(world, world.own, "bureau"), follow=True)
    assert notices_of(done) == ["已保存。"]
    changed = Unit.objects.get(code=world.own.unit)
    assert (changed.name, changed.phone) == ("改名派出所", "13900000000")
    before = stored()
    assert bureau.post(address, {"name": "改名派出所", "phone": "12"}).status_code == 422
    assert stored() == before


def test_a_unit_takes_over_the_villages_of_a_township(world: World, bureau: Client) -> None:
    sent = {"township": world.station.village[:9], "valid_from": today().isoformat()}
    done = bureau.post(reverse("unit_villages", args=[world.own.unit]), sent, follow=True)
    assert notices_of(done) == ["已划入 2 个村。"]
    assert serving(world.station.village) == [world.own.unit]
    ended = VillageUnit.objects.get(village_id=world.station.village, unit_id=world.station.unit)
    assert ended.valid_to == today()
    assert len(done.context["page"]) == 4


def test_a_unit_takes_over_villages_named_by_their_codes(world: World, bureau: Client) -> None:
    village = world.station.village
    sent = {
        "codes": f"{village}，\n {world.own.village}",
        "valid_from": (today() + timedelta(days=1)).isoformat(),
    }
    done = bureau.post(reverse("unit_villages", args=[world.own.unit]), sent, follow=True)
    assert notices_of(done) == ["已划入 1 个村。"], "the other is the unit's already"
    assert serving(village) == [world.own.unit]


def test_villages_that_cannot_be_given_are_named(world: World, bureau: Client) -> None:
    address, before = reverse("unit_villages", args=[world.own.unit]), stored()
    day = {"valid_from": today().isoformat()}
    cases: list[tuple[dict[str, str], str, str]] = [
        (day, "__all__", "请选择一个乡镇，或填写村代码。"),
        (day | {"codes": "12 天台村"}, "codes", "这些不是12位村代码：12、天台村"),
        (day | {"codes": world.county.village}, "codes", f"没有代码为{world.county.village}的村"),
        (day | {"codes": "990101101299"}, "codes", "没有代码为990101101299的村"),
        (day | {"township": world.county.village[:9]}, "township", ""),
        ({"township": world.own.village[:9]}, "valid_from", ""),
        (
            {"township": world.station.village[:9], "valid_from": "2001-01-01"},
            "__all__",
            "已另有安排",
        ),
    ]
    for sent, field, said in cases:
        refused = bureau.post(address, sent)
        assert refused.status_code == 422
        assert said in villages_errors(refused)[field][0]
    assert stored() == before


def test_a_county_unit_has_its_villages_by_division(world: World, bureau: Client) -> None:
    page = bureau.get(reverse("unit", args=[world.own.county]))
    assert "按区划代码管辖" in text_of(page)
    assert reverse("unit_villages", args=[world.own.county]) not in text_of(page)
