"""What holds for every page: its policy, no inline code, problems in words, bounded queries."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.support.access_table import DOORS, ROLES
from tests.support.console_pages import text_of
from tests.support.console_visitors import visitor
from tests.support.console_world import World, last_month, visit
from tests.support.coverage_factories import post
from tests.support.places_factories import system
from tests.support.staffing_factories import make_staff

from cunjing.assessment.actions import run_assessment
from cunjing.base.clock import today
from cunjing.fieldwork.models import RecordKind
from cunjing.kernel.audit import seal
from cunjing.places.models import Village

INLINE = re.compile(
    r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))[^>]*>"
    r"|<style|\sstyle=\"|\son[a-z]+=\"|href=\"javascript:",
    re.IGNORECASE,
)


def pages(world: World, client: Client) -> Iterator[tuple[str, str]]:
    """Every page of the console this reader gets, by name."""
    for name, door in DOORS.items():
        if door.get is None or name in {"coverage_export", "ledger_export"}:
            continue
        response = client.get(reverse(name, args=door.names(world, world.own)))
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            yield name, text_of(response)


def test_no_page_has_code_or_style_of_its_own(world: World) -> None:
    seal()
    found, met = [], set()
    for role in ROLES:
        for name, text in pages(world, visitor(world, role)):
            met.add(name)
            found += [f"{name}: {match}" for match in INLINE.findall(text)]
    assert found == []
    assert len(met) > 30


def test_every_answer_carries_the_policy_that_forbids_it(world: World) -> None:
    chief = visitor(world, "chief")
    for path in (reverse("home"), "/no/such/page/", reverse("account_login")):
        policy = chief.get(path)["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
    login = Client().get(reverse("account_login"))
    assert "unsafe" not in login["Content-Security-Policy"]
    assert INLINE.findall(text_of(login)) == []


def test_english_pages_are_english(world: World) -> None:
    """Of what the page itself says; names, texts of records and policies stay as they are."""
    client = visitor(world, "chief")
    client.cookies["django_language"] = "en"
    page = client.get(reverse("staff"))
    assert page["Content-Language"] == "en"
    assert 'lang="en"' in text_of(page)


@pytest.mark.parametrize(
    ("path", "status", "number", "said"),
    [
        ("/villages/000000000000/", 404, 40401, "没有这个村，或者不在您的辖区内"),
        ("/users/", 403, 40301, "没有“管理账号与授权”的权限"),
        ("/ledgers/gossip/", 404, 40401, "没有这种台账"),
        ("/audit/heads/yesterday/", 403, 40301, "没有“查看审计链”的权限"),
    ],
)
def test_a_problem_page_says_what_and_its_number(
    world: World, path: str, status: int, number: int, said: str
) -> None:
    page = visitor(world, "chief").get(path)
    assert page.status_code == status
    assert said in text_of(page)
    assert f"问题编号 {number}" in text_of(page)


def test_a_page_that_is_not_there_answers_404(world: World) -> None:
    assert visitor(world, "chief").get("/no/such/page/").status_code == 404


def test_nonsense_in_addresses_and_filters_is_never_a_fault_of_ours(world: World) -> None:
    bureau = visitor(world, "bureau")
    for path in (
        "/villages/?page=x&township=1&unit=2&layer=3",
        "/villages/?q=%00",
        "/staff/?role=king&page=-1",
        "/coverage/?role=king&page=9999",
        "/ledgers/village_visit/?date_from=x&state=y&staff_id=z&cursor=w",
        "/ledgers/hazard/?cursor=w&date_to=2026-02-31",
        "/ledgers/village_visit/?date_from=0001-01-01&date_to=9999-12-31",
        "/audit/?before=x",
        "/audit/heads/2026-02-31/",
        "/audit/heads/2999-01-01/",
        f"/households/{world.own.household}/?version=x",
    ):
        assert bureau.get(path).status_code < 500, path
    changed = bureau.post(f"/households/{world.own.household}/", {"version": "x", "retire": "1"})
    assert changed.status_code == 409


# The most queries of each main page.
MAIN_PAGES = {
    "home": 60,
    "villages": 20,
    "village": 40,
    "coverage": 30,
    "ledger": 15,
    "assessment": 30,
}


def addresses(world: World) -> dict[str, str]:
    args = {
        "village": [world.own.village],
        "ledger": [RecordKind.HOUSEHOLD_VISIT],
        "assessment": [world.running[world.own.county]],
    }
    return {name: reverse(name, args=args.get(name, [])) for name in MAIN_PAGES}


def grow(world: World) -> None:
    """More villages served, more people, more visits, judged again."""
    for place in (world.own, world.station):
        for day in range(11, 21):
            visit(place, on=last_month(day))
    for village in Village.objects.exclude(code__in=[world.own.village, world.station.village]):
        for number in range(4):
            staff = make_staff(f"{village.code[4:]}-{number}", unit_code=world.own.unit)
            post(staff, village.code, since=today())
    run_assessment(actor=system(), scope=world.own.county, period=f"{today():%Y-%m}")


@pytest.mark.parametrize("name", MAIN_PAGES)
def test_a_page_asks_no_more_questions_when_there_is_more_to_show(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries, name: str
) -> None:
    bureau, address = visitor(world, "bureau"), addresses(world)[name]
    with django_assert_max_num_queries(MAIN_PAGES[name]) as small:
        bureau.get(address)
    grow(world)
    with django_assert_max_num_queries(len(small) + 2):
        bureau.get(address)
