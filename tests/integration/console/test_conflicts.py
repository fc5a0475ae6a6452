"""What a phone and the station both changed is shown side by side and settled by a person."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.console_pages import errors_of, notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World

from cunjing.places.models import Household
from cunjing.sync.models import FieldConflict


@pytest.fixture
def chief(world: World) -> Client:
    return visitor(world, "chief")


def test_both_values_stand_side_by_side(world: World, chief: Client) -> None:
    for page in (
        text_of(chief.get(reverse("conflicts"))),
        text_of(chief.get(reverse("conflict", args=[world.own.phone.conflict]))),
    ):
        for said in ("地址", "甲地路1号", "甲地路2号"):
            assert said in page
        assert "乙地" not in page
    assert "甲地路0号" in page


def test_whose_it_is_to_settle_is_named(world: World, chief: Client) -> None:
    page = text_of(chief.get(reverse("conflict", args=[world.own.phone.conflict])))
    assert "负责人" in page


@pytest.mark.parametrize(("state", "address"), [("kept", "甲地路1号"), ("taken", "甲地路2号")])
def test_a_person_settles_it(world: World, chief: Client, state: str, address: str) -> None:
    where = reverse("conflict", args=[world.own.phone.conflict])
    done = chief.post(where, {"state": state, "reason": "现场核对"}, follow=True)
    assert notices_of(done) == ["已裁定，手机下次同步时会收到。"]
    assert "现场核对" in text_of(done)
    assert Household.objects.get(pk=world.own.household).address == address
    assert "由我裁定" not in text_of(chief.get(where))
    again = chief.post(where, {"state": state, "reason": "再看"})
    assert "已经有人裁定过" in "".join(errors_of(again)["__all__"])


def test_nothing_is_settled_without_a_reason(world: World, chief: Client) -> None:
    where = reverse("conflict", args=[world.own.phone.conflict])
    before = stored()
    assert "reason" in errors_of(chief.post(where, {"state": "taken"}))
    assert "state" in errors_of(chief.post(where, {"state": "open", "reason": "想要"}))
    assert stored() == before


def test_a_value_that_cannot_be_taken_says_why(world: World, chief: Client) -> None:
    FieldConflict.objects.filter(pk=world.own.phone.conflict).update(said="户主电话13800000000")
    where = reverse("conflict", args=[world.own.phone.conflict])
    refused = chief.post(where, {"state": "taken", "reason": "核对"})
    assert refused.status_code == 422
    assert FieldConflict.objects.get(pk=world.own.phone.conflict).state == "open"
