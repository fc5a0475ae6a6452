"""Ledgers: filtered, paged, taken out; every taking out leaves a trace."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.console_pages import text_of, workbook_rows
from tests.support.console_visitors import visitor
from tests.support.console_world import World, last_month, visit

from cunjing.fieldwork.models import RecordKind
from cunjing.kernel.models import AuditEntry
from cunjing.matters.models import MatterKind


@pytest.fixture
def bureau(world: World) -> Client:
    return visitor(world, "bureau")


def rows_of(client: Client, kind: str, **query: str) -> list[str]:
    page = client.get(reverse("ledger", args=[kind]), query).context["page"]
    return [str(row.id) for row in page.rows]


@pytest.mark.parametrize("kind", [*RecordKind, *MatterKind])
def test_every_kind_of_work_has_its_ledger(bureau: Client, kind: str) -> None:
    page = bureau.get(reverse("ledger", args=[kind]))
    assert page.status_code == 200
    assert reverse("ledger", args=[kind]) in text_of(bureau.get(reverse("ledgers")))


def test_a_ledger_is_filtered_by_place_day_and_person(world: World, bureau: Client) -> None:
    mine = str(world.own.record)
    village, person = world.own.village, str(world.own.staff.pk)
    day = last_month(5).isoformat()
    for query in (
        {"village_code": village},
        {"township_code": village[:9]},
        {"staff_id": person},
    ):
        found = rows_of(bureau, "village_visit", **query)
        assert mine in found
        assert str(world.station.record) not in found
    on_the_day = rows_of(bureau, "village_visit", date_from=day, date_to=day)
    assert sorted(on_the_day) == sorted([mine, str(world.station.record)])


def test_withdrawn_records_are_shown_when_asked_for(world: World, bureau: Client) -> None:
    bureau.post(reverse("record_withdraw", args=[world.own.call]), {"reason": "走错门"})
    call = str(world.own.call)
    assert call not in rows_of(bureau, "household_visit")
    assert rows_of(bureau, "household_visit", state="withdrawn") == [call]
    assert call in rows_of(bureau, "household_visit", state="all")


def test_a_long_ledger_is_paged_without_loss(world: World, bureau: Client) -> None:
    for day in range(6, 28):
        for hour in (8, 11, 14):
            visit(world.own, on=last_month(day), hour=hour, calls=())
    address, cursor, met = reverse("ledger", args=["village_visit"]), "", []
    while True:
        page = bureau.get(address, {"cursor": cursor}).context["page"]
        met += [row.id for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(met) == len(set(met)) == 70


def test_an_export_holds_the_filtered_rows_and_is_noted(world: World, bureau: Client) -> None:
    address = reverse("ledger_export", args=["village_visit"])
    response = bureau.get(address, {"village_code": world.own.village})
    assert "attachment" in response["Content-Disposition"]
    lines = [row for row in workbook_rows(response) if str(world.own.record) in row]
    assert len(lines) == 1
    noted = AuditEntry.objects.get(verb="exported", record_id="village_visit")
    assert noted.actor_id == world.users["bureau"].pk
    assert f"village_code={world.own.village}" in noted.reason


def test_an_export_neutralises_formulas(world: World, bureau: Client) -> None:
    from_text = "=cmd|' /C calc'!A0"
    officer = visitor(world, "officer")
    detail = reverse("record_correct", args=[world.own.record])
    form = {name: field.value() for name, field in fields(officer, detail).items()}
    sent = {**form, "log": from_text, "overnight_reason": "", "reason": "补写"}
    assert officer.post(detail, sent).status_code == 302
    cells = workbook_rows(bureau.get(reverse("ledger_export", args=["village_visit"])))
    texts = [str(cell) for row in cells for cell in row if "cmd" in str(cell)]
    assert texts != []
    assert not any(text.startswith("=") for text in texts)


def fields(client: Client, address: str) -> dict[str, object]:
    form = client.get(address).context["form"]
    return {name: form[name] for name in form.fields}


def test_no_ledger_of_that_name_is_not_noted_as_exported(bureau: Client) -> None:
    before = AuditEntry.objects.count()
    assert bureau.get(reverse("ledger_export", args=["gossip"])).status_code == 404
    assert AuditEntry.objects.count() == before
