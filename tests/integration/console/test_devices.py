"""Phones on the console: bound by a code, stopped with a reason, their lines decided by people."""

import gzip
import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.accounts_factories import make_user
from tests.support.console_pages import errors_of, notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World, morning
from tests.support.device_factories import make_device
from tests.support.sync_phone import Phone

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.models import AuditEntry
from cunjing.places.models import Hamlet, Household, Village
from cunjing.sync.keys import server_key
from cunjing.sync.models import Decision, Device, Mutation, Quarantine


@pytest.fixture
def chief(world: World) -> Client:
    return visitor(world, "chief")


@pytest.fixture
def officer(world: World) -> Client:
    return visitor(world, "officer")


def code_on(page: str) -> str:
    found = re.search(r"/field/#enrol=([\w-]+)\.([0-9a-f]{64})", page)
    assert found is not None
    assert found[2] == server_key().fingerprint
    return found[1]


def test_the_list_says_how_far_every_phone_is(chief: Client) -> None:
    page = text_of(chief.get(reverse("devices")))
    for said in ("示例机甲地", "最后同步", "1.0", "在用版本"):
        assert said in page
    assert "示例机乙地" not in page


def test_a_code_binds_ones_own_phone(world: World, officer: Client) -> None:
    answer = officer.post(reverse("device_enrol"))
    page = text_of(answer)
    assert "<svg" in page
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    phone = Phone(world.users["officer"])
    assert phone.enrol(code_on(page)).status_code == 201
    assert "测试机" in text_of(officer.get(reverse("devices")))


def test_the_county_binds_a_phone_for_somebody(world: World) -> None:
    bureau = visitor(world, "bureau")
    owner = world.users["officer"]
    page = text_of(bureau.post(reverse("user_phone", args=[owner.pk])))
    assert "请当面绑定" in page
    assert Phone(owner).enrol(code_on(page)).status_code == 201


def test_an_unencrypted_site_says_that_phones_will_refuse(officer: Client) -> None:
    told = "手机会拒绝绑定"
    assert told in text_of(officer.post(reverse("device_enrol")))
    assert told not in text_of(officer.post(reverse("device_enrol"), HTTP_HOST="127.0.0.1:8000"))
    assert told not in text_of(officer.post(reverse("device_enrol"), secure=True))


def test_a_phone_is_stopped_with_a_reason(world: World, chief: Client) -> None:
    address = reverse("device_revoke", args=[world.own.phone.device])
    before = stored()
    assert notices_of(chief.post(address, {"reason": ""}, follow=True))
    assert stored() == before
    done = chief.post(address, {"reason": "丢失"}, follow=True)
    assert "已停用" in "".join(notices_of(done))
    assert "丢失" in text_of(done)
    device = Device.objects.get(pk=world.own.phone.device)
    assert (device.revoke_reason, device.revoked_by) == ("丢失", world.users["chief"].pk)
    assert "已经停用" in "".join(notices_of(chief.post(address, {"reason": "再停"}, follow=True)))


def test_what_waits_says_who_what_and_why(world: World, chief: Client) -> None:
    room = text_of(chief.get(reverse("waiting")))
    assert "示例民警" in room
    assert "整体留存的推送" in room
    page = text_of(chief.get(reverse("device_line", args=list(world.own.phone.line))))
    for said in ("巡村 甲地", "1 处填写有误", "由我处理"):
        assert said in page
    push = text_of(chief.get(reverse("device_push", args=[world.own.phone.push])))
    assert "巡村 甲地" in push


@pytest.mark.parametrize("same", [True, False])
def test_a_line_that_two_phones_brought_is_shown_as_one_or_beside_the_other(
    world: World, chief: Client, *, same: bool
) -> None:
    device, n = world.own.phone.line
    line = Mutation.objects.get(device=device, n=n)
    other = Device.objects.get(pk=device)
    other.pk = new_id()
    other.save(force_insert=True)
    line.pk, line.device = None, other
    if not same:
        line.content = bytes(line.content or b"").replace("甲地".encode(), "乙地".encode())
    line.save(force_insert=True)
    room = chief.get(reverse("waiting"))
    shown = [
        one.device_id for one, *_ in room.context["rows"] if one.mutation_id == line.mutation_id
    ]
    assert shown == ([device] if same else [device, other.pk])
    assert text_of(room).count("两部手机各交来一次") == len(shown)
    listed = len(room.context["rows"]) + len(room.context["pushes"])
    assert chief.get(reverse("devices")).context["waiting_count"] == listed
    page = text_of(chief.get(reverse("device_line", args=[device, n])))
    assert ("内容一样，处理这一条时一并处理" in page) == same
    assert ("巡村 乙地" in page) != same
    assert ("两份只能采纳一份" in page) != same


def test_a_mended_line_and_the_one_before_lead_to_each_other(world: World, chief: Client) -> None:
    device, n = world.own.phone.line
    line = Mutation.objects.get(device=device, n=n)
    first, said = line.mutation_id, json.loads(bytes(line.content or b""))
    line.pk, line.n, line.mutation_id = None, n + 100, new_id()
    said |= {"n": line.n, "id": str(line.mutation_id)}
    said["body"]["replaces"] = [str(first), "?"]
    line.content = json.dumps(said, ensure_ascii=False).encode()
    line.save(force_insert=True)
    addresses = [reverse("device_line", args=[device, one]) for one in (n, n + 100)]
    before, after = (text_of(chief.get(one)) for one in addresses)
    assert ("本人已经改好重报" in before, addresses[1] in before) == (True, True)
    assert ("改之前的是" in after, addresses[0] in after) == (True, True)
    assert str(first) not in after.partition("由我处理")[0]
    assert ("改之前的是" in before, "本人已经改好重报" in after) == (False, False)
    # One that was decided about waits for nobody: the page of the other says what became of it.
    chief.post(addresses[1], {"outcome": "dismissed", "reason": "重复"})
    assert "本人已经改好重报" not in text_of(chief.get(addresses[0]))
    chief.post(addresses[0], {"outcome": "dismissed", "reason": "没有去"})
    assert "不采纳" in text_of(chief.get(addresses[1])).partition("改之前的是")[2][:600]


def test_a_line_says_which_of_its_fields_are_wrong(world: World, chief: Client) -> None:
    device, n = world.own.phone.line
    line = Mutation.objects.get(device=device, n=n)
    fault = {"field": "calls.0.household_id", "message": "本村没有这个住户。", "row": None}
    line.problem = {"detail": "有内容需要修改，什么都没有保存。", "faults": [fault]}
    line.save(update_fields=["problem"])
    page = text_of(chief.get(reverse("device_line", args=[device, n])))
    assert "入户1 · 住户：本村没有这个住户。" in page


def test_a_line_names_places_where_its_reader_may_see_them(world: World, chief: Client) -> None:
    device, n = world.own.phone.line
    line = Mutation.objects.get(device=device, n=n)
    said = json.loads(bytes(line.content or b""))
    address = Household.objects.get(pk=world.own.household).address
    homes = (world.own.household, world.county.household, "\x00")
    said["body"]["calls"] = [{"household_id": str(home)} for home in homes]
    said["body"]["fields"] = {"hamlet_id": {"from": None, "to": str(world.own.hamlet)}}
    deep = json.loads("[" * 40 + "]" * 40)
    said["body"]["more"] = [{"village_code": ["\x00", {}]}, {"hamlet_id": 7}, deep]
    line.content = json.dumps(said, ensure_ascii=False).encode()
    line.save(update_fields=["content"])
    page = rows_of_line(text_of(chief.get(reverse("device_line", args=[device, n]))))
    assert page["入户1 · 住户"] == address
    assert page["入户2 · 住户"] == str(world.county.household)
    assert page["改动 · 自然组 · 改成"] == Hamlet.objects.get(pk=world.own.hamlet).name
    assert page["村"] == Village.objects.get(pk=world.own.village).name


@pytest.mark.parametrize(
    "changes",
    [
        {"saved_at": "9999-12-31T23:59:59-12:00"},
        {"type": "of_a_later_version", "body": {"village_code": "41\0", "kind": [{"a": [[]]}]}},
        {"body": {"record": {"village_code": {}}, "calls": [[{}], None], "answers": []}},
    ],
)
def test_whatever_a_line_says_its_page_and_that_of_its_push_open(
    world: World, chief: Client, changes: dict[str, object]
) -> None:
    device, n = world.own.phone.line
    line = Mutation.objects.get(device=device, n=n)
    line.content = json.dumps(json.loads(bytes(line.content or b"")) | changes).encode()
    line.save(update_fields=["content"])
    push = Quarantine.objects.get(pk=world.own.phone.push)
    push.body = gzip.compress(bytes(line.content) + b"\n")
    push.save(update_fields=["body"])
    assert "手机上写的" in text_of(chief.get(reverse("device_line", args=[device, n])))
    assert chief.get(reverse("device_push", args=[push.pk])).status_code == 200


def test_the_village_of_a_corrected_record_is_told_by_its_name(world: World, chief: Client) -> None:
    device, n = world.own.phone.line
    line = Mutation.objects.get(device=device, n=n)
    said = json.loads(bytes(line.content or b""))
    said |= {"type": "correction", "body": {"record": said["body"], "reason": "写错"}}
    line.content = json.dumps(said).encode()
    line.save(update_fields=["content"])
    page = text_of(chief.get(reverse("device_line", args=[device, n])))
    name = Village.objects.get(code=world.own.village).name
    assert f'更正后 · 村</dt><dd class="log-text">{name}</dd>' in page


def test_a_line_is_taken_by_a_person_who_may_write_for_others(world: World, chief: Client) -> None:
    address = reverse("device_line", args=list(world.own.phone.line))
    sent = {"outcome": "applied", "reason": "核实无误"}
    assert notices_of(chief.post(address, sent, follow=True)) == ["已处理，理由已留存。"]
    decision = Decision.objects.get(mutation__device=world.own.phone.device)
    ((kind, made),) = decision.rows
    assert kind == "record"
    record = WorkRecord.objects.get(pk=made)
    assert (record.staff_id, record.recorded_by) == (world.own.staff.pk, world.users["chief"].pk)
    assert AuditEntry.objects.filter(record_id=str(decision.pk), reason="核实无误").exists()
    # What the phone was answered stays what it was.
    assert Mutation.objects.get(device=world.own.phone.device, n=1).result == "rejected"
    again = chief.post(address, {"outcome": "dismissed", "reason": "再看"})
    assert "已经有人处理过" in "".join(errors_of(again)["__all__"])
    assert reverse("device_line", args=list(world.own.phone.line)) not in rows_of(chief)


def test_a_photo_that_waits_is_shown_with_its_line_until_it_is_decided(
    world: World, chief: Client
) -> None:
    address = reverse("device_line", args=list(world.own.phone.photo_line))
    picture = reverse("device_line_photo", args=list(world.own.phone.photo_line))
    page = text_of(chief.get(address))
    assert picture in page
    shown = chief.get(picture)
    assert (shown["Content-Type"], shown.content[:2]) == ("image/jpeg", b"\xff\xd8")
    chief.post(address, {"outcome": "dismissed", "reason": "与记录无关"})
    assert picture not in text_of(chief.get(address))
    assert chief.get(picture).status_code == 404


def test_lines_about_villages_elsewhere_are_counted_and_not_shown(
    world: World, chief: Client
) -> None:
    line = Mutation.objects.get(device=world.own.phone.device, n=1)
    line.village_code = world.station.village
    line.save(update_fields=["village_code"])
    page = text_of(chief.get(reverse("device", args=[world.own.phone.device])))
    assert "另有 1 条说的是辖区以外的村" in page
    assert reverse("device_line", args=list(world.own.phone.line)) not in page
    assert chief.get(reverse("device_line", args=list(world.own.phone.line))).status_code == 404


def test_what_the_rules_refuse_is_still_refused(world: World, chief: Client) -> None:
    """Taking a line is doing it, so a line that cannot be done waits on."""
    body = morning(world.own.village, staff=world.own.staff.pk, mark="") | {"kind": "patrol"}
    owner = make_user("extra", unit_code=world.own.unit)
    made = make_device(owner, body=body, household=world.own.household)
    before = stored()
    address = reverse("device_line", args=list(made.line))
    refused = chief.post(address, {"outcome": "applied", "reason": "核实"})
    assert refused.status_code == 422
    assert stored() == before


@pytest.mark.parametrize("outcome", ["entered", "dismissed"])
def test_a_kept_push_is_decided_and_never_applied(
    world: World, chief: Client, outcome: str
) -> None:
    address = reverse("device_push", args=[world.own.phone.push])
    refused = chief.post(address, {"outcome": "applied", "reason": "核实"})
    assert "outcome" in errors_of(refused)
    chief.post(address, {"outcome": outcome, "reason": "另行登记"})
    assert Decision.objects.get(quarantine=world.own.phone.push).outcome == outcome
    assert "已经有人处理过" in "".join(
        errors_of(chief.post(address, {"outcome": outcome, "reason": "再看"}))["__all__"]
    )


def test_a_decision_needs_a_reason(world: World, chief: Client) -> None:
    address = reverse("device_line", args=list(world.own.phone.line))
    before = stored()
    assert "reason" in errors_of(chief.post(address, {"outcome": "dismissed", "reason": " "}))
    assert stored() == before


def test_an_officer_sees_why_their_line_was_not_taken(world: World, officer: Client) -> None:
    page = text_of(officer.get(reverse("device_line", args=list(world.own.phone.line))))
    assert "1 处填写有误" in page
    assert "站里还没有处理" in page
    assert "由我处理" not in page


def test_an_erased_line_shows_nothing_and_is_not_taken(world: World, chief: Client) -> None:
    Mutation.objects.filter(device=world.own.phone.device).update(content=None, problem=None)
    address = reverse("device_line", args=list(world.own.phone.line))
    assert "内容已经删除" in text_of(chief.get(address))
    assert chief.post(address, {"outcome": "applied", "reason": "核实"}).status_code == 404


def test_a_pull_says_what_is_left_to_send_and_by_which_app(world: World) -> None:
    phone = Phone(world.users["officer"])
    assert phone.enrol().status_code == 201
    asked = {"schema": 1, "scopes": [], "unsent": 3, "app": "1.2.0"}
    assert phone.post("pull", json.dumps(asked).encode()).status_code == 200
    progress = Device.objects.get(pk=phone.id).progress
    assert (progress.unsent, progress.app) == (3, "1.2.0")
    assert progress.synced_at is not None
    assert progress.synced_at <= now()


def rows_of_line(page: str) -> dict[str, str]:
    return dict(re.findall(r'<dt>([^<]*)</dt><dd class="log-text">([^<]*)</dd>', page))


def rows_of(client: Client) -> str:
    """The single lines that wait, as the page shows them."""
    return (
        text_of(client.get(reverse("waiting")))
        .partition("整体留存的推送")[2]
        .partition("<section")[2]
    )
