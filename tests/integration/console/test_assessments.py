"""Assessments: matrix, evidence, freezing, revising; two clicks from a figure to a record."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.console_pages import notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import POLICY, RULE, World, last_month, this_month, visit
from tests.support.places_factories import system

from cunjing.assessment.actions import run_assessment
from cunjing.assessment.models import Run, RunState
from cunjing.console.views import assessments as views
from cunjing.staffing.models import Absence


@pytest.fixture
def bureau(world: World) -> Client:
    return visitor(world, "bureau")


@pytest.fixture
def frozen(world: World) -> str:
    return reverse("assessment", args=[world.frozen[world.own.county]])


def links(page: object, pattern: str) -> list[str]:
    return re.findall(rf'href="({pattern})"', text_of(page))


def test_two_clicks_lead_from_a_figure_of_the_dashboard_to_its_records(
    world: World, bureau: Client
) -> None:
    """This month's visit is recorded, judged, and then found again from the first page."""
    entry = visit(world.own, on=last_month(27))
    run_assessment(actor=system(), scope=world.own.county, period=this_month())
    subject = str(world.own.posting)
    home = bureau.get(reverse("home"))
    (figure,) = {
        link
        for link in links(home, r"/assessments/[^\"]+/")
        if link.endswith(f"/{RULE}/{subject}/")
    }
    evidence = bureau.get(figure)
    assert reverse("record", args=[entry.id]) in text_of(evidence)
    assert "不在" in text_of(evidence) or "计入" in text_of(evidence)
    assert bureau.get(reverse("record", args=[entry.id])).status_code == 200


def test_an_explanation_cites_the_clause_and_lists_counted_and_rejected(
    world: World, bureau: Client
) -> None:
    """One visit came after freezing: the frozen month counts the other only."""
    run = world.frozen[world.own.county]
    page = bureau.get(reverse("explanation", args=[run, RULE, world.own.posting]))
    found = page.context["found"]
    assert [one.id for one in found.counted] == [str(world.own.record)]
    assert reverse("record", args=[world.own.record]) in text_of(page)
    assert reverse("clause", args=[POLICY, found.clause]) in text_of(page)
    assert f"{reverse('rule', args=[POLICY, RULE])}?period=" in text_of(page)
    for subject, rule in (("nobody", RULE), (world.own.posting, "no-such-rule")):
        assert bureau.get(reverse("explanation", args=[run, rule, subject])).status_code == 404


def test_the_list_of_runs_goes_on_on_the_next_page(
    bureau: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [run for run, _counts in bureau.get(reverse("assessments")).context["runs"]]
    assert len(whole) > 2
    monkeypatch.setattr(views, "SHOWN", 2)
    seen = []
    for number in range(1, -(-len(whole) // 2) + 1):
        page = bureau.get(reverse("assessments"), {"page": number})
        seen += [run for run, _counts in page.context["runs"]]
    assert seen == whole
    assert "?page=2" in text_of(bureau.get(reverse("assessments")))


def test_the_matrix_is_filtered_by_rule_and_verdict(bureau: Client, frozen: str) -> None:
    whole = bureau.get(frozen).context["page"]
    assert len(whole.rules) > 3
    assert whole.total == 4
    one = bureau.get(frozen, {"rule": "coverage", "verdict": "fail"}).context["page"]
    assert one.total == 2
    none = bureau.get(frozen, {"rule": "coverage", "verdict": "exempt"})
    assert "没有符合条件的村" in text_of(none)


def test_nonsense_in_a_filter_does_not_break_the_page(bureau: Client, frozen: str) -> None:
    for query in ({"verdict": "great"}, {"page": "x"}, {"page": "999"}, {"rule": "nothing"}):
        assert bureau.get(frozen, query).status_code == 200


def test_htmx_gets_the_matrix_alone(bureau: Client, frozen: str) -> None:
    part = bureau.get(
        frozen, {"verdict": "fail"}, headers={"hx-request": "true", "hx-target": "matrix"}
    )
    assert text_of(part).strip().startswith('<div id="matrix">')
    assert "<html" not in text_of(part)
    whole = bureau.get(frozen, headers={"hx-request": "true"})
    assert "<html" in text_of(whole)


def test_a_finished_month_is_frozen_once(world: World, bureau: Client) -> None:
    run_id = world.open[world.own.county]
    address = reverse("assessment_freeze", args=[run_id])
    assert "定稿" in text_of(bureau.get(reverse("assessment", args=[run_id])))
    done = bureau.post(address, follow=True)
    assert "已定稿" in notices_of(done)[0]
    assert Run.objects.get(pk=run_id).state == RunState.FROZEN
    once = stored()
    again = bureau.post(address)
    assert again.status_code == 409
    assert stored() == once


def test_the_running_month_cannot_be_frozen(world: World, bureau: Client) -> None:
    before = stored()
    refused = bureau.post(reverse("assessment_freeze", args=[world.running[world.own.county]]))
    assert refused.status_code == 409
    assert "还没有结束" in text_of(refused)
    assert stored() == before


def test_late_records_wait_and_a_revision_says_what_changed(
    world: World, bureau: Client, frozen: str
) -> None:
    assert "定稿的结果没有算进：" in text_of(bureau.get(reverse("home")))
    waiting = bureau.get(frozen)
    assert "条后来收到或作废的本期记录" in text_of(waiting)
    run_id = world.frozen[world.own.county]
    revise = reverse("assessment_revise", args=[run_id])
    told = notices_of(bureau.post(revise, {"reason": ""}, follow=True))
    assert told == ["请写明修订理由。"]
    done = bureau.post(revise, {"reason": "补录进村记录"}, follow=True)
    assert notices_of(done) == ["已生成修订，变化如下。"]
    assert "补录进村记录" in text_of(done)
    added = links(done, r"/records/[0-9a-f-]{36}/")
    assert added != []
    assert all(bureau.get(link).status_code == 200 for link in added)
    first = bureau.get(frozen)
    assert "定稿的结果没有算进" not in text_of(first)
    assert "原稿" in text_of(first)
    assert reverse("village", args=[world.own.village]) in text_of(done)
    assert bureau.post(revise, {"reason": "再来"}).status_code == 409


def test_leave_that_changed_a_frozen_month_is_named_and_the_sum_leads_to_it(
    world: World, bureau: Client, frozen: str
) -> None:
    person = world.own.staff
    first = last_month(1)
    Absence.objects.create(
        staff=person, kind="leave", date_from=first, date_to=first + timedelta(days=20)
    )
    revise = reverse("assessment_revise", args=[world.frozen[world.own.county]])
    done = bureau.post(revise, {"reason": "假条补交"}, follow=True)
    assert "请假变化：任职期内请假由0天变为20天" in text_of(done)
    assert f">{person.name}</a>" in text_of(done)
    opened = bureau.get(
        reverse("explanation", args=[done.context["run"].pk, RULE, world.own.posting])
    )
    assert "其中请假20天" in text_of(opened)
    for part in ("postings", "absences"):
        assert f"{reverse('person', args=[person.pk])}#{part}" in text_of(opened)
        assert f'id="{part}"' in text_of(bureau.get(reverse("person", args=[person.pk])))


def test_a_station_sees_only_its_own_waiting_records(world: World, frozen: str) -> None:
    waiting = visitor(world, "chief").get(frozen).context["waiting"]
    assert {record.village_id for record in waiting.records} == {world.own.village}


def test_what_is_no_revision_has_nothing_to_compare(world: World, bureau: Client) -> None:
    page = bureau.get(reverse("revision", args=[world.frozen[world.own.county]]))
    assert page.status_code == 404
    assert "没有前一版" in text_of(page)


def test_a_month_is_judged_by_hand(world: World, bureau: Client) -> None:
    address = reverse("assessment_run")
    sent = {"scope": world.own.county, "period": this_month()}
    done = bureau.post(address, sent, follow=True)
    assert notices_of(done) == ["已按现有记录重新计算。"]
    for period in ("2026-13", "上月", ""):
        told = bureau.post(address, sent | {"period": period}, follow=True)
        assert "请选择范围并填写考评期" in notices_of(told)[0]
    frozen = bureau.post(address, sent | {"period": f"{last_month():%Y-%m}"})
    assert frozen.status_code == 409
    assert "已经定稿" in text_of(frozen)


def test_unknown_is_shown_as_unknown_with_the_age_of_the_last_data(
    bureau: Client, frozen: str
) -> None:
    page = bureau.get(frozen)
    assert "数据未齐" in text_of(page)
    assert "的记录可能没有传全" in text_of(page)
    assert all(one.age_days is None for one in page.context["unsynced"])
    assert "从未收到" in text_of(page)
