"""One record: read, corrected, withdrawn; nothing is rewritten."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.access_forms import correction, rows
from tests.support.access_forms import entry as visit_form
from tests.support.console_pages import errors_of, notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World, morning
from tests.support.photos_factories import kept_photo
from tests.support.sync_phone import Phone

from cunjing.base.clock import SHANGHAI
from cunjing.base.ids import new_id
from cunjing.fieldwork.models import WorkRecord
from cunjing.sync.models import Mutation


@pytest.fixture
def officer(world: World) -> Client:
    return visitor(world, "officer")


@pytest.fixture
def form(world: World) -> dict[str, Any]:
    return correction(world, world.own, "officer")


def open_record(client: Client, record_id: object) -> str:
    return text_of(client.get(reverse("record", args=[record_id])))


def test_a_record_shows_its_parts_its_times_and_its_audit_entries(
    world: World, officer: Client
) -> None:
    page = open_record(officer, world.own.record)
    for said in ("巡村 甲地", "甲地路1号", "护栏松动 甲地", "路灯不亮 甲地", "新增"):
        assert said in page
    assert reverse("record", args=[world.own.call]) in page
    assert reverse("matter", args=[world.own.matter]) in page


def test_a_matter_names_its_visit(world: World, officer: Client) -> None:
    page = text_of(officer.get(reverse("matter", args=[world.own.matter])))
    assert "路灯不亮 甲地" in page
    assert reverse("record", args=[world.own.record]) in page


def test_a_correction_takes_the_place_and_both_stay_readable(
    world: World, officer: Client, form: dict[str, Any]
) -> None:
    address = reverse("record_correct", args=[world.own.record])
    assert "更正理由" in text_of(officer.get(address))
    done = officer.post(address, form, follow=True)
    assert done.redirect_chain == [(reverse("record", args=[form["correction_id"]]), 302)]
    assert notices_of(done) == ["已更正。原记录保留，可在更正经过里看到。"]
    for record_id in (world.own.record, form["correction_id"]):
        page = open_record(officer, record_id)
        assert "更正理由：时间写错" in page
    assert "这条记录已被更正，不再计入。" in open_record(officer, world.own.record)
    old = WorkRecord.objects.get(pk=world.own.record)
    assert old.voided_at is not None


def test_parts_stay_with_a_corrected_visit(
    world: World, officer: Client, form: dict[str, Any]
) -> None:
    officer.post(reverse("record_correct", args=[world.own.record]), form)
    assert reverse("record", args=[world.own.call]) in open_record(officer, form["correction_id"])


def test_a_call_is_corrected_question_by_question(world: World, officer: Client) -> None:
    page = text_of(officer.get(reverse("record_correct", args=[world.own.call])))
    for question in ("热点问题", "意见建议"):
        assert f"补充：{question}" in page


def test_a_correction_sent_twice_is_made_once(
    world: World, officer: Client, form: dict[str, Any]
) -> None:
    address = reverse("record_correct", args=[world.own.record])
    officer.post(address, form)
    once = stored()
    officer.post(address, form)
    assert stored() == once


def test_a_corrected_record_is_not_corrected_again(
    world: World, officer: Client, form: dict[str, Any]
) -> None:
    address = reverse("record_correct", args=[world.own.record])
    officer.post(address, form)
    once = stored()
    again = officer.post(address, {**form, "correction_id": new_id(), "log": "另写"})
    assert again.status_code == 422
    assert "已经被更正过" in text_of(again)
    assert stored() == once
    assert "请看更正经过里最新的一条" in open_record(officer, world.own.record)


def test_faults_of_a_correction_stand_at_their_fields(
    world: World, officer: Client, form: dict[str, Any]
) -> None:
    before = stored()
    for change, field, said in (
        ({"reason": ""}, "reason", "必填"),
        ({"log": "电话13812345678"}, "log", "号码"),
        ({"left_time": "09:30"}, "left_time", "晚于"),
        ({"day": "2019-03-04", "left_day": "2019-03-04"}, "__all__", "没有包这个村"),
        ({"day": "2999-03-04", "left_day": "2999-03-04"}, "time", "时间还没有到"),
    ):
        address = reverse("record_correct", args=[world.own.record])
        refused = officer.post(address, form | change)
        assert refused.status_code == 422
        assert said in "".join(errors_of(refused).get(field, [])), field
    assert stored() == before


@pytest.mark.parametrize("kind", ["household_visit", "information", "warning", "session"])
def test_every_kind_of_record_opens_to_be_corrected(
    world: World, officer: Client, kind: str
) -> None:
    sent = {
        **visit_form(world, world.own, "officer"),
        **rows("information", {"subkind": "fire", "place": "桥头", "text": "堆了柴草"}),
        "warning-title": "防火",
        "warning-text": "慎用明火",
        "warning-published": ["loudspeaker"],
        "session-topic": "防骗",
        "session-audience": ["villagers"],
        "session-audience_count": "20",
    }
    officer.post(reverse("entry", args=[world.own.village]), sent)
    found = WorkRecord.objects.get(visit_id=sent["visit_id"], kind=kind)
    page = officer.get(reverse("record_correct", args=[found.pk]))
    assert page.status_code == 200
    again = {
        **{name: field.value() for name, field in fields_of(page).items() if field.value()},
        "reason": "写错了",
        "place": "桥东",
    }
    done = officer.post(reverse("record_correct", args=[found.pk]), again, follow=True)
    assert notices_of(done) == ["已更正。原记录保留，可在更正经过里看到。"]


def fields_of(page: Any) -> dict[str, Any]:
    form = page.context["form"]
    return {name: form[name] for name in form.fields}


def test_a_withdrawn_record_stays_with_its_reason(world: World, officer: Client) -> None:
    address = reverse("record_withdraw", args=[world.own.call])
    done = officer.post(address, {"reason": "走错门"}, follow=True)
    assert notices_of(done) == ["已作废，记录和理由都保留。"]
    assert "走错门" in text_of(done)
    ledger = text_of(officer.get(reverse("ledger", args=["household_visit"])))
    assert reverse("record", args=[world.own.call]) not in ledger
    once = stored()
    again = officer.post(address, {"reason": "再来"}, follow=True)
    assert "已经作废" in notices_of(again)[0]
    assert stored() == once


def test_a_visit_is_withdrawn_with_its_parts_where_asked(world: World, officer: Client) -> None:
    address = reverse("record_withdraw", args=[world.own.record])
    officer.post(address, {"reason": "没有去", "with_parts": "on"})
    voided = WorkRecord.objects.exclude(voided_at=None)
    assert voided.filter(pk__in=[world.own.record, world.own.call]).count() == 2


def test_without_a_reason_nothing_is_withdrawn(world: World, officer: Client) -> None:
    before = stored()
    address = reverse("record_withdraw", args=[world.own.record])
    done = officer.post(address, {"reason": ""}, follow=True)
    assert notices_of(done) != []
    assert stored() == before


def test_who_may_not_change_a_record_sees_why(world: World) -> None:
    """The auxiliary of the village reads the officer's record, and is told whose it is."""
    for name, said in (("auxiliary", "代他人补录"), ("auditor", "代他人补录")):
        page = open_record(visitor(world, name), world.own.record)
        assert f"没有“{said}”的权限" in page
        assert reverse("record_correct", args=[world.own.record]) not in page


def test_the_evidence_of_a_phones_record_names_the_signed_time_and_the_questions(
    world: World, officer: Client
) -> None:
    bare = open_record(officer, world.own.record)
    assert "不早于" not in bare
    assert "还没有答复" not in bare
    phone = Phone(world.users["officer"])
    assert phone.enrol().status_code == 201
    body = morning(world.own.village, staff=world.own.staff.pk, mark="手机")
    phone.save("work_record", body)
    assert phone.results() == ["accepted"]
    assert phone.anchor is not None
    line = Mutation.objects.get(device=phone.id)
    assert line.anchor_at is not None
    page = open_record(officer, body["id"])
    for said in (
        "发生",
        "记录",
        "收到",
        "不早于",
        f"{line.anchor_at.astimezone(SHANGHAI):%H:%M:%S}",
    ):
        assert said in page
    Mutation.objects.filter(pk=line.pk).update(anchor_at=None)
    assert "手机没有出示可信的时间" in open_record(officer, body["id"])


def test_a_record_shows_what_was_asked_about_it_to_who_may_read_that(world: World) -> None:
    address = reverse("question", args=[world.own.question])
    for role, shown in (("officer", True), ("chief", True), ("auditor", False)):
        page = open_record(visitor(world, role), world.own.record)
        assert (address in page) is shown
        assert ("待答复" in page) is shown


def test_a_photo_is_offered_for_erasing_to_who_may_erase_it(world: World) -> None:
    address = reverse("photo_erase", args=[world.own.photo])
    for role, offered in (
        ("officer", True),
        ("chief", True),
        ("auditor", False),
        ("auxiliary", False),
    ):
        page = open_record(visitor(world, role), world.own.record)
        assert reverse("photo", args=[world.own.photo]) in page
        assert (address in page) is offered


def test_a_photo_of_a_matter_is_seen_by_who_may_see_the_matter(world: World) -> None:
    photo = kept_photo(matter=world.own.matter)
    elsewhere = kept_photo(matter=world.county.matter)
    page, picture = reverse("matter", args=[world.own.matter]), reverse("photo", args=[photo])
    for role in ("officer", "chief", "auditor", "auxiliary"):
        client = visitor(world, role)
        assert picture in text_of(client.get(page))
        assert client.get(picture)["Content-Type"] == "image/jpeg"
        assert client.get(reverse("photo", args=[elsewhere])).status_code == 404
    reason = {"reason": "拍到了人"}
    answer = visitor(world, "officer").post(reverse("photo_erase", args=[photo]), reason)
    assert answer["Location"] == page
    assert "拍到了人" in text_of(visitor(world, "officer").get(page))
