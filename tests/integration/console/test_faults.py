"""What a reader sees when an address is wrong, a right is missing, or the fault is ours."""

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views import defaults
from tests.support.console_pages import text_of
from tests.support.console_visitors import visitor
from tests.support.console_world import POLICY, RULE, World

from cunjing.console.views import home

HUGE = "9" * 30
ENDLESS = "9" * 5000


@pytest.mark.parametrize("number", [HUGE, ENDLESS, "7"])
def test_a_page_past_the_end_is_the_last_one(world: World, number: str) -> None:
    bureau = visitor(world, "bureau")
    run_id = world.frozen[world.own.county]
    rule = bureau.get(reverse("rule", args=[POLICY, RULE]), {"page": number}).context["page"]
    assert (rule.page, rule.pages) == (1, 1)
    assert rule.cells
    matrix = bureau.get(reverse("assessment", args=[run_id]), {"page": number}).context["page"]
    assert (matrix.page, matrix.pages) == (1, 1)
    assert matrix.rows


def test_a_page_of_nonsense_leaves_the_rest_of_the_filter_alone(world: World) -> None:
    bureau = visitor(world, "bureau")
    run = reverse("assessment", args=[world.frozen[world.own.county]])
    for number in ("0", "-1", "x", "²"):
        shown = bureau.get(run, {"rule": "coverage", "verdict": "fail", "page": number})
        assert shown.context["page"].total == 2


def test_a_fault_of_ours_is_told_in_chinese_and_asks_no_database() -> None:
    """No world here: whatever asks the database in this test fails."""
    request = RequestFactory().get("/")
    page = defaults.server_error(request)
    assert page.status_code == 500
    assert "系统出错" in text_of(page)
    assert "请稍后再试" in text_of(page)
    refused = defaults.bad_request(request, ValueError())
    assert "请求读不懂" in text_of(refused)


def test_a_reader_who_meets_our_fault_reads_it_in_his_language(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(home, "own_entry", broken)
    client = Client(raise_request_exception=False)
    client.cookies = visitor(world, "bureau").cookies
    assert "系统出错" in text_of(client.get(reverse("home")))
    client.cookies["django_language"] = "en"
    assert "A fault of ours" in text_of(client.get(reverse("home")))


def test_an_address_that_is_not_there_and_a_form_without_its_token_are_told_in_chinese(
    world: World,
) -> None:
    lost = visitor(world, "bureau").get("/no/such/page/")
    assert lost.status_code == 404
    assert "没有这个页面" in text_of(lost)
    forged = Client(enforce_csrf_checks=True).post(reverse("account_login"))
    assert forged.status_code == 403
    assert "请刷新页面后重新提交" in text_of(forged)


def test_a_refusal_of_djangos_own_is_told_in_chinese(rf_anonymous: HttpRequest) -> None:
    page = defaults.permission_denied(rf_anonymous, PermissionError())
    assert "无权" in text_of(page)


@pytest.fixture
def rf_anonymous() -> HttpRequest:
    return RequestFactory().get("/")
