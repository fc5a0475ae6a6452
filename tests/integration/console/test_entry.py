"""Recording a visit on one form: every ledger is fed, or nothing is."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.access_forms import entry as visit_form
from tests.support.access_forms import rows
from tests.support.console_pages import errors_of, notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World
from tests.support.places_factories import system

from cunjing.base.clock import today
from cunjing.base.ids import new_id
from cunjing.fieldwork.models import WorkRecord
from cunjing.matters.models import Matter
from cunjing.places.actions.households import NewHousehold, add_household

FINDING = {"security_chips": ["fire"], "security_text": "电线老化"}
ITEM = {"subkind": "facility", "place": "东桥头", "text": "护栏断了一截"}
HAZARD = {"what": "hazard:lamp", "place": "小学路口", "summary": "路灯整夜不亮"}


class Fault(NamedTuple):
    """One change to a sound form, and what is said where."""

    change: dict[str, str]
    part: str
    field: str
    said: str


@pytest.fixture
def officer(world: World) -> Client:
    return visitor(world, "officer")


@pytest.fixture
def address(world: World) -> str:
    return reverse("entry", args=[world.own.village])


@pytest.fixture
def form(world: World) -> dict[str, Any]:
    """Three calls, one item, one hazard."""
    homes = [world.own.household]
    for number in (2, 3):
        new = NewHousehold(address=f"甲地路{number}号")
        added = add_household(actor=system(), village_code=world.own.village, household=new)
        homes.append(added.pk)
    return {
        **visit_form(world, world.own, "officer"),
        **rows("calls", *({"household_id": home, **FINDING} for home in homes)),
        **rows("information", ITEM),
        **rows("matters", HAZARD),
    }


def with_calls(form: dict[str, Any], *calls: dict[str, Any]) -> dict[str, Any]:
    """The form with other calls than these three."""
    rest = {name: value for name, value in form.items() if not name.startswith("calls-")}
    return {**rest, **rows("calls", *calls)}


def ledger_page(client: Client, kind: str) -> str:
    return text_of(client.get(reverse("ledger", args=[kind])))


def test_one_form_feeds_every_ledger(officer: Client, address: str, form: dict[str, Any]) -> None:
    response = officer.post(address, form, follow=True)
    assert response.redirect_chain == [(reverse("record", args=[form["visit_id"]]), 302)]
    page = text_of(response)
    assert "已保存。另有 5 条进入各自台账。" in page
    assert "电线老化" in page
    for kind, said in (
        ("village_visit", "巡村"),
        ("household_visit", "甲地路3号"),
        ("information", "护栏断了一截"),
        ("hazard", "路灯整夜不亮"),
    ):
        assert said in ledger_page(officer, kind)
    parts = WorkRecord.objects.filter(visit_id=form["visit_id"])
    assert sorted(parts.values_list("kind", flat=True)) == ["household_visit"] * 3 + ["information"]
    assert Matter.objects.filter(visit_id=form["visit_id"]).count() == 1


def test_a_log_of_several_lines_is_kept_and_counted_as_a_browser_counts_it(
    officer: Client, address: str, form: dict[str, Any]
) -> None:
    log = "\n".join(["走访", "护栏", "值" * (2000 - 6)])
    officer.post(address, {**form, "log": log.replace("\n", "\r\n")})
    assert WorkRecord.objects.get(pk=form["visit_id"]).details["log"] == log


def test_the_same_page_sent_twice_is_stored_once(
    officer: Client, address: str, form: dict[str, Any]
) -> None:
    officer.post(address, form)
    once = stored()
    again = officer.post(address, form, follow=True)
    assert "已经保存过，没有重复登记。" in text_of(again)
    assert stored() == once


def test_the_same_page_sent_twice_with_other_words_is_a_conflict(
    officer: Client, address: str, form: dict[str, Any]
) -> None:
    officer.post(address, form)
    once = stored()
    again = officer.post(address, {**form, "log": "后来改写的日志"})
    assert again.status_code == 422
    assert "另一份内容" in "".join(errors_of(again, "visit")["__all__"])
    assert stored() == once


PHONE, IDENTITY, CARD = "13812345678", "110101198503070021", "6222020200112233445"
FAULTS = [
    Fault({"calls-0-security_text": f"找人{PHONE}"}, "calls.0", "security_text", "号码"),
    Fault({"calls-2-topics_text": IDENTITY}, "calls.2", "topics_text", "号码"),
    Fault({"information-0-text": f"电话{PHONE}"}, "information.0", "text", "号码"),
    Fault({"matters-0-summary": f"卡号{CARD}"}, "matters.0", "summary", "号码"),
    Fault({"log": f"电话{PHONE}"}, "visit", "log", "号码"),
    Fault({"left": "08:00"}, "visit", "overnight_reason", "过夜"),
    Fault({"day": f"{today() + timedelta(days=1)}"}, "visit", "arrived", "时间还没有到"),
    Fault({"day": "2020-01-01"}, "visit", "staff_id", "没有包这个村"),
    Fault({"warning-title": "防火"}, "warning", "text", "填写"),
    Fault({"session-topic": "防骗"}, "session", "audience", "选"),
]


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: f"{case.part}.{case.field}")
def test_a_fault_is_shown_at_its_field_and_nothing_is_written(
    officer: Client, address: str, form: dict[str, Any], case: Fault
) -> None:
    before = stored()
    response = officer.post(address, {**form, **case.change})
    assert response.status_code == 422
    assert case.said in "".join(errors_of(response, case.part)[case.field])
    assert "什么都没有保存" in text_of(response)
    assert "小学路口" in text_of(response), "what was typed is still there"
    assert stored() == before


def test_every_fault_of_the_page_is_shown_at_once(
    officer: Client, address: str, form: dict[str, Any]
) -> None:
    many = {"log": "电话13812345678", "information-0-text": "电话13812345678"}
    response = officer.post(address, {**form, **many})
    assert "log" in errors_of(response, "visit")
    assert "text" in errors_of(response, "information.0")


def test_the_same_house_called_at_twice_in_one_visit_is_two_records(
    officer: Client, address: str, form: dict[str, Any], world: World
) -> None:
    call = {"household_id": world.own.household, **FINDING}
    assert officer.post(address, with_calls(form, call, call)).status_code == 302
    found = WorkRecord.objects.filter(visit_id=form["visit_id"], kind="household_visit")
    assert found.count() == 2


def test_a_house_of_another_village_is_not_offered(
    officer: Client, address: str, form: dict[str, Any], world: World
) -> None:
    before = stored()
    response = officer.post(address, {**form, "calls-0-household_id": world.station.household})
    assert "household_id" in errors_of(response, "calls.0")
    assert stored() == before


def test_an_untouched_row_is_no_part(officer: Client, address: str, form: dict[str, Any]) -> None:
    sent = with_calls(form, {"household_id": "", "security_text": ""})
    assert officer.post(address, sent).status_code == 302
    assert not WorkRecord.objects.filter(visit_id=form["visit_id"], kind="household_visit").exists()


def test_a_fault_after_an_untouched_row_stands_at_its_own_row(
    officer: Client, address: str, form: dict[str, Any], world: World
) -> None:
    bad = {"household_id": world.own.household, "security_text": "13812345678"}
    response = officer.post(address, with_calls(form, {"household_id": ""}, bad))
    assert errors_of(response, "calls.0") == {}
    assert "security_text" in errors_of(response, "calls.1")


def test_warning_and_session_are_recorded_with_the_visit(
    officer: Client, address: str, form: dict[str, Any]
) -> None:
    more: dict[str, Any] = {
        "warning-title": "防火预警",
        "warning-text": "近期天干，慎用明火",
        "session-subkind": "fraud",
        "session-topic": "防诈骗",
        "session-audience_count": "30",
    }
    offered = text_of(officer.get(address))
    for name in ("warning-published", "session-audience"):
        more[name] = [first_choice(offered, name)]
    assert officer.post(address, {**form, **more}).status_code == 302
    assert "防火预警" in ledger_page(officer, "warning")
    assert "防诈骗" in ledger_page(officer, "session")


def first_choice(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def test_a_visit_alone_says_only_that_it_is_saved(world: World, address: str) -> None:
    sent = {**visit_form(world, world.own, "officer"), **rows("calls")}
    done = visitor(world, "officer").post(address, sent, follow=True)
    assert notices_of(done) == ["已保存。"]


def test_the_chief_records_for_whoever_is_posted(world: World, address: str) -> None:
    chief = visitor(world, "chief")
    sent = {**visit_form(world, world.own, "chief"), "visit_id": new_id()}
    assert chief.post(address, sent).status_code == 302
    assert WorkRecord.objects.get(pk=sent["visit_id"]).staff_id == world.own.staff.pk


def test_a_form_without_its_row_counts_is_refused_not_crashed(
    officer: Client, address: str, form: dict[str, Any]
) -> None:
    before = stored()
    broken = {name: value for name, value in form.items() if "TOTAL_FORMS" not in name}
    assert officer.post(address, broken).status_code == 422
    assert stored() == before
