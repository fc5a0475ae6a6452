"""A village with a past is merged into one of another station: who has that one has its past."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.api_factories import Program, key_of
from tests.support.console_pages import workbook_rows
from tests.support.console_visitors import BACKEND, visitor
from tests.support.console_world import World
from tests.support.places_factories import system

from cunjing.accounts.models import User
from cunjing.base.clock import today
from cunjing.coverage.village_ends import decide
from cunjing.places.actions.edits import Decision, merge_villages


@pytest.fixture
def merged(world: World) -> World:
    """The village of the second station goes on in that of the first."""
    decision = Decision(effective_on=today(), reason="合并")
    decide(
        actor=system(),
        act=lambda: merge_villages(
            actor=system(),
            predecessor_codes=[world.station.village],
            successor_code=world.own.village,
            decision=decision,
        ),
    )
    return world


def client_of(user: UUID) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user), backend=BACKEND)
    return client


def pages_of(world: World) -> list[str]:
    there = world.station
    return [
        reverse("village", args=[there.village]),
        reverse("record", args=[there.record]),
        reverse("record_correct", args=[there.record]),
        reverse("matter", args=[there.matter]),
        reverse("photo", args=[there.photo]),
    ]


def ledger(client: Client, kind: str, **query: str) -> set[str]:
    page = client.get(reverse("ledger", args=[kind]), query).context["page"]
    return {str(row.id) for row in page.rows}


def exported(client: Client, kind: str) -> set[str]:
    rows = workbook_rows(client.get(reverse("ledger_export", args=[kind])))
    return {str(cell) for row in rows for cell in row}


def test_the_station_of_the_successor_has_the_pages_ledgers_and_exports(merged: World) -> None:
    chief, there = visitor(merged, "chief"), merged.station
    assert [chief.get(page).status_code for page in pages_of(merged)] == [200] * 5
    for kind, key in (("village_visit", there.record), ("hazard", there.matter)):
        for query in ({}, {"village_code": there.village}):
            assert str(key) in ledger(chief, kind, **query)
        assert str(key) in exported(chief, kind)


@pytest.mark.parametrize("who", ["chief", "bureau"])
def test_the_api_says_the_same(merged: World, who: str) -> None:
    caller, there = Program(key_of(merged.users[who])), merged.station
    assert caller.get(f"/records/{there.record}")["record"]["village_code"] == there.village
    assert caller.get(f"/matters/{there.matter}")["matter"]["village_code"] == there.village
    for path, key in (("/records", there.record), ("/matters", there.matter)):
        for query, found in (
            ({}, True),
            ({"unit_code": merged.own.unit}, True),
            ({"unit_code": there.unit}, False),
        ):
            assert (str(key) in {row["id"] for row in caller.pages(path, **query)}) is found


def test_the_station_withdraws_what_was_recorded_before(merged: World) -> None:
    chief, call = visitor(merged, "chief"), merged.station.call
    chief.post(reverse("record_withdraw", args=[call]), {"reason": "走错门"})
    assert str(call) in ledger(chief, "household_visit", state="withdrawn")


def test_who_does_not_answer_for_the_successor_has_nothing_of_it(merged: World) -> None:
    before = client_of(merged.station.account)  # the station that had it
    everybody = {
        "before": before,
        **{role: visitor(merged, role) for role in ("officer", "auxiliary", "neighbour")},
    }
    for who, client in everybody.items():
        codes = {page: client.get(page).status_code for page in pages_of(merged)}
        assert set(codes.values()) <= {403, 404}, (who, codes)
        for kind, key in (
            ("village_visit", merged.station.record),
            ("hazard", merged.station.matter),
        ):
            assert str(key) not in ledger(client, kind), who
