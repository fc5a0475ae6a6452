"""The audit page and the signed heads to take away."""

import json

from django.urls import reverse
from tests.support.console_pages import text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World

from cunjing.base.clock import today
from cunjing.kernel.audit import seal


def test_the_acts_in_the_readers_villages_are_listed_newest_first(world: World) -> None:
    page = visitor(world, "auditor").get(reverse("audit"))
    lines = page.context["audit"]
    assert lines != []
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    assert "新增" in text_of(page)


def test_older_acts_are_reached_page_by_page(world: World) -> None:
    client = visitor(world, "auditor")
    newest = client.get(reverse("audit")).context["audit"]
    before = newest[len(newest) // 2].at.isoformat()
    older = client.get(reverse("audit"), {"before": before}).context["audit"]
    assert all(line.at.isoformat() < before for line in older)


def test_the_head_of_today_is_a_signed_file(world: World) -> None:
    seal()
    head = visitor(world, "bureau").get(reverse("audit_head", args=[today().isoformat()]))
    assert "attachment" in head["Content-Disposition"]
    body = json.loads(head.content)
    assert body["day"] == today().isoformat()
    assert len(body["signature"]) > 60


def test_before_anything_is_sealed_there_is_no_head(world: World) -> None:
    before = stored()
    head = visitor(world, "bureau").get(reverse("audit_head", args=["2020-01-01"]))
    assert head.status_code == 404
    assert visitor(world, "bureau").get("/audit/heads/soon/").status_code == 422
    assert stored() == before
