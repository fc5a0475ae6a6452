"""Every address of the console, for everybody, everywhere: who gets it, and what nobody gets."""

import io
from collections.abc import Iterator
from itertools import product

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.plugin import DjangoDbBlocker
from tests.support.access_table import DOORS, OPEN, PLACES, ROLES, Rows, expected
from tests.support.console_visitors import same_visitor, stored, undone, visitor, writing
from tests.support.console_world import Place, World, console_world

from cunjing.console.urls import urlpatterns
from cunjing.fieldwork.models import RecordKind
from cunjing.kernel.audit import seal
from cunjing.matters.models import MatterKind

# What must never be read by whom: the marks of other jurisdictions.
FOREIGN = {
    "bureau": ("丙地",),
    "chief": ("乙地", "丙地"),
    "officer": ("乙地", "丙地"),
    "auxiliary": ("乙地", "丙地"),
    "auditor": ("丙地",),
    "administrator": ("丙地",),
    "neighbour": ("甲地", "乙地"),
}


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), undone():
        world = console_world()
        seal()
        yield world


@pytest.fixture(scope="module")
def clients(_world: World) -> dict[str, Client]:
    return {role: visitor(_world, role) for role in ROLES}


@pytest.fixture
def db(_world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    # The plugin's fixture of this name would close the connection the world is held open by.
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture
def world(db: None, _world: World) -> World:
    return _world


def address(name: str, world: World, place: Place) -> str:
    return reverse(name, args=DOORS[name].names(world, place))


def where(rows: Rows | None) -> tuple[str, ...]:
    """The places to ask about: one is enough where the row holds for all."""
    return PLACES if rows and len(rows) > 1 else PLACES[:1]


def test_every_address_has_an_expectation() -> None:
    assert {str(pattern.name) for pattern in urlpatterns} == set(DOORS) | OPEN


@pytest.mark.parametrize("name", DOORS)
def test_reading(name: str, world: World, clients: dict[str, Client]) -> None:
    door, wrong, seen = DOORS[name], [], []
    for place, role in product(where(door.get), ROLES):
        response = same_visitor(clients[role]).get(address(name, world, getattr(world, place)))
        status = 405 if door.get is None else expected(door.get, place=place, role=role, got=200)
        if response.status_code != status:
            wrong.append(f"{role} at {place}: {response.status_code} instead of {status}")
        seen += [f"{role} at {place} read of {mark}" for mark in foreign(role, response)]
    assert wrong + seen == []


def foreign(role: str, response: HttpResponseBase) -> list[str]:
    """The marks of other jurisdictions on a page; a download has its own test."""
    if response.streaming:
        return []
    text = response.content.decode(errors="ignore")
    return [mark for mark in FOREIGN[role] if mark in text]


@pytest.mark.parametrize("name", DOORS)
def test_writing(name: str, world: World, clients: dict[str, Client]) -> None:
    before, wrong = stored(), []
    for place, role in product(where(DOORS[name].post), ROLES):
        with undone():
            client = clients[role]
            wrong += wrongs_of(
                name, world=world, place=place, role=role, client=client, before=before
            )
    assert wrong == []


def wrongs_of(
    name: str, *, world: World, place: str, role: str, client: Client, before: dict[str, int]
) -> list[str]:
    """Send the form and say what was answered or written otherwise than the table promises."""
    door, here = DOORS[name], getattr(world, place)
    sent = door.form(world, here, role)
    with writing() as written:
        response = same_visitor(client).post(address(name, world, here), sent)
    status = 405
    if door.post is not None:
        status = expected(door.post, place=place, role=role, got=door.posted)
    allowed = door.post is not None and expected(door.post, place=place, role=role, got=0) == 0
    after = stored() if written else before
    changed = [label for label, count in after.items() if count != before[label]]
    wrong = []
    if response.status_code != status:
        wrong.append(f"{role} at {place}: {response.status_code} instead of {status}")
    if bool(changed) != (allowed and door.changes):
        wrong.append(f"{role} at {place} changed {changed}")
    return wrong


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_signed_out_are_sent_to_log_in(name: str, method: str, world: World) -> None:
    before, path = stored(), address(name, world, world.own)
    response = getattr(Client(), method)(path, DOORS[name].form(world, world.own, "bureau"))
    assert response.status_code == 302
    assert response.url.startswith(reverse(settings.LOGIN_URL))
    assert stored() == before


def test_a_language_is_chosen_without_signing_in(world: World) -> None:
    assert Client().get(reverse("language")).status_code == 405
    assert Client().post(reverse("language"), {"language": "en"}).status_code == 302


def test_who_is_signed_in_needs_no_log_in_page(world: World, clients: dict[str, Client]) -> None:
    path = reverse("account_login")
    assert Client().get(path).status_code == 200
    for client in clients.values():
        assert same_visitor(client).get(path).status_code == 302


EXPORTS = [
    *(("ledger_export", kind) for kind in (*RecordKind.values, *MatterKind.values)),
    ("coverage_export", ""),
]


@pytest.mark.parametrize(("name", "kind"), EXPORTS)
def test_an_export_holds_what_its_reader_may_see_and_nothing_else(
    name: str, kind: str, world: World, clients: dict[str, Client]
) -> None:
    """Asked without filters, and asked for another jurisdiction by name."""
    leaks, rows = [], {}
    for role in ("bureau", "chief", "auditor", "neighbour"):
        for village in ("", *(getattr(world, place).village for place in PLACES)):
            query = {"village_code": village, "state": "all"}
            path = reverse(name, args=[kind] if kind else [])
            text = cells_of(same_visitor(clients[role]).get(path, query))
            leaks += [f"{role} took {mark} out" for mark in FOREIGN[role] if mark in text]
            rows.setdefault(role, text)
    assert leaks == []
    if kind in {"village_visit", "household_visit", "information", "hazard", ""}:
        assert all(mark in rows["bureau"] for mark in ("甲地", "乙地"))
        assert "甲地" in rows["chief"]
        assert "丙地" in rows["neighbour"]


def cells_of(response: HttpResponseBase) -> str:
    """Every cell of a downloaded workbook."""
    assert isinstance(response, StreamingHttpResponse)
    book = load_workbook(io.BytesIO(response.getvalue()), read_only=True)
    return "\n".join(
        str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row
    )
