"""The document as a picture, a clause, a rule: what is asked, who keeps it, and the evidence."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.console_pages import text_of
from tests.support.console_visitors import visitor
from tests.support.console_world import (
    CLAUSE,
    POLICY,
    RULE,
    World,
    last_month,
    this_month,
)
from tests.support.places_factories import system

from cunjing.assessment.actions import run_assessment
from cunjing.assessment.matrix import rule_counts
from cunjing.assessment.models import Run
from cunjing.policy.loader import load_policy

MONTH = f"{last_month():%Y-%m}"
PICTURE = reverse("policy", args=[POLICY])
VISITS = reverse("rule", args=[POLICY, RULE])
TWO_DAYS = reverse("clause", args=[POLICY, CLAUSE])


@pytest.fixture
def bureau(world: World) -> Client:
    return visitor(world, "bureau")


def links(page: object, pattern: str) -> list[str]:
    return re.findall(rf'href="({pattern})"', text_of(page))


def tiles(page: object) -> list[str]:
    """The tiles as a screen reader says them."""
    found = re.findall(r'<a class="tile[^>]*>.*?visually-hidden">([^<]*)<', text_of(page))
    return [str(said) for said in found]


def test_every_clause_is_a_tile_in_the_order_of_the_document(bureau: Client) -> None:
    policy = load_policy("suzhou-2021")
    page = bureau.get(reverse("policy", args=[policy.id]))
    said = tiles(page)
    assert [text.split(" ")[0] for text in said] == [clause.number for clause in policy.clauses]
    assert all(clause.paraphrase in text for clause, text in zip(policy.clauses, said, strict=True))
    assert "系统计算" in said[1]
    hrefs = links(page, r"/policies/suzhou-2021/clauses/[^\"?]+/")
    assert {reverse("clause", args=[policy.id, one.number]) for one in policy.clauses} <= set(hrefs)


def test_a_countys_number_stands_beside_its_note(bureau: Client) -> None:
    page = text_of(bureau.get(reverse("policy", args=["suzhou-2021"])))
    assert "县定：不超过24个月。原文只说定期交流" in page


def test_the_legend_counts_what_became_of_the_clauses(bureau: Client) -> None:
    page = bureau.get(PICTURE)
    counts = {key.label: key.count for key in page.context["legend"]}
    policy = load_policy(POLICY)
    assert sum(counts.values()) == len(policy.clauses)
    executable = [one for one in policy.clauses if one.disposition == "executable"]
    assert counts["系统计算"] == len(executable) > 0
    assert f"共 {len(policy.clauses)} 条" in text_of(page)


def test_the_picture_coloured_by_result_says_how_many_keep_each_clause(
    world: World, bureau: Client
) -> None:
    page = bureau.get(PICTURE, {"by": "result", "period": MONTH})
    run_id = world.frozen[world.own.county]
    counted = {
        one.rule.id: one.counts for one in rule_counts(actor=page.wsgi_request.actor, run_id=run_id)
    }
    judged = sum(counted[RULE].values()) - counted[RULE].get("exempt", 0)
    (said,) = [text for text in tiles(page) if text.startswith(f"{CLAUSE} ")]
    assert f"应评{judged}，达标{counted[RULE].get('pass', 0)}，" in said
    # Quarters were not judged.
    (quarter,) = [text for text in tiles(page) if text.startswith("2.4-7 ")]
    assert "还没有结果" in quarter
    assert f"{TWO_DAYS}?period={MONTH}" in text_of(page)


def test_a_policy_nobody_ran_has_a_picture_without_results(bureau: Client) -> None:
    page = bureau.get(reverse("policy", args=["suzhou-2021"]), {"by": "result"})
    assert "还没有用这个方案考评过" in text_of(page)
    assert "按考评结果" not in text_of(page)


def test_who_may_not_read_verdicts_sees_the_document_and_no_figures(world: World) -> None:
    page = visitor(world, "administrator").get(PICTURE, {"by": "result"})
    assert page.status_code == 200
    assert "应评" not in text_of(page)
    assert links(page, r"/policies/[^\"]+/(?:rules|clauses)/[^\"]+") == []
    assert f'href="#clause-{CLAUSE}"' in text_of(page)
    assert f'id="clause-{CLAUSE}"' in text_of(page)


def test_a_rule_says_plainly_what_it_asks(bureau: Client) -> None:
    text = text_of(bureau.get(VISITS))
    for said in (
        "每名包村民警，在几个村任职就按几个村分别算",
        "有进村工作的天数，同一天几次只算一天",
        "每月算一次",
        "不少于2天",
        "周期内在岗（扣除请假）不满7天的免考",
        load_policy(POLICY).clause(CLAUSE).paraphrase,
    ):
        assert said in text
    assert "县定" not in text
    rotation = text_of(bureau.get(reverse("rule", args=["suzhou-2021", "auxiliary-rotation"])))
    assert "县定" in rotation
    assert "没有给出期限" in rotation
    spread = text_of(bureau.get(reverse("rule", args=["suzhou-2021", "visit-spread"])))
    assert "只作提示" in spread


def test_a_rules_figures_are_those_of_the_matrix_and_lead_to_evidence(
    world: World, bureau: Client
) -> None:
    """Two clicks: a count, then a verdict behind it."""
    page = bureau.get(VISITS, {"period": MONTH})
    run_id = world.frozen[world.own.county]
    (counts,) = [
        one.counts
        for one in rule_counts(actor=page.wsgi_request.actor, run_id=run_id)
        if one.rule.id == RULE
    ]
    assert dict(page.context["totals"]) == counts
    for verdict, total in counts.items():
        query = {"period": MONTH, "verdict": verdict}
        assert f"?period={MONTH}&verdict={verdict}#standing" in text_of(page)
        listed = bureau.get(VISITS, query)
        cells = links(listed, rf"/assessments/{run_id}/{RULE}/[^\"]+/")
        assert len(cells) == total
        assert bureau.get(cells[0]).status_code == 200
    assert reverse("assessment", args=[run_id]) in text_of(page)


def test_the_failed_are_listed_first_and_everybody_on_request(world: World, bureau: Client) -> None:
    coverage = reverse("rule", args=[POLICY, "coverage"])
    page = bureau.get(coverage, {"period": MONTH})
    assert page.context["shown_verdict"] == "fail"
    assert {cell.result.verdict for cell in page.context["page"].cells} == {"fail"}
    whole = bureau.get(coverage, {"period": MONTH, "verdict": "all"})
    assert whole.context["page"].total == 4
    none = bureau.get(coverage, {"period": MONTH, "verdict": "exempt"})
    assert "没有这种结论" in text_of(none)


def test_the_newest_month_that_is_over_stands_first(bureau: Client) -> None:
    """Of the running month nothing is due yet: 0 % would be said of who has all the month left."""
    for address in (VISITS, TWO_DAYS, PICTURE):
        as_of = bureau.get(address).context["as_of"]
        assert as_of.chosen.text == MONTH
        assert as_of.options[0].text == this_month()


def test_a_quarter_that_was_judged_is_shown_as_one(world: World, bureau: Client) -> None:
    start = last_month(1)
    quarter = f"{start.year}-Q{(start.month + 2) // 3}"
    coverage = reverse("rule", args=[POLICY, "coverage"])
    before = bureau.get(coverage, {"period": quarter})
    label = f"{start.year}年第{(start.month + 2) // 3}季度"
    assert f"{label}没有考评结果" in text_of(before)
    assert before.context["as_of"].chosen.text == MONTH
    run = run_assessment(actor=system(), scope=world.own.county, period=quarter)
    shown = bureau.get(coverage, {"period": quarter})
    assert shown.context["as_of"].chosen.text == quarter
    assert "没有考评结果，下面" not in text_of(shown)
    linked = text_of(bureau.get(reverse("assessment", args=[run.pk])))
    assert f"{coverage}?period={quarter}" in linked
    clause = bureau.get(TWO_DAYS, {"period": quarter})
    assert f"这一条的规则不按{label}算" in text_of(clause)


def test_a_period_that_cannot_be_is_told_in_chinese(bureau: Client) -> None:
    for address in (VISITS, TWO_DAYS, PICTURE):
        page = text_of(bureau.get(address, {"by": "result", "period": "上月"}))
        assert "没有“上月”这个考评期" in page
    visits = text_of(bureau.get(VISITS, {"period": "2026-Q3"}))
    assert "这条规则每月算一次，没有2026年第3季度的结果" in visits
    never = text_of(bureau.get(reverse("policy", args=["suzhou-2021"]), {"period": "2026-Q3"}))
    assert "还没有用这个方案考评过" in never


def test_where_nothing_is_decided_no_percentage_is_said(bureau: Client) -> None:
    for address in (VISITS, TWO_DAYS):
        running = bureau.get(address, {"period": this_month()})
        open_ones = running.context["share"].open
        assert running.context["share"].percent is None
        assert f"待定 {open_ones}" in text_of(running)
        assert "达标 0%" not in text_of(running)
        assert "没有村未达标" not in text_of(running)
    picture = bureau.get(PICTURE, {"by": "result", "period": this_month()})
    assert "0%" not in re.findall(r'tile-sign"[^>]*>([^<]*)<', text_of(picture))


def test_past_months_stand_beside_each_other(world: World, bureau: Client) -> None:
    page = bureau.get(VISITS, {"period": this_month()})
    months = [one.period.text for one in page.context["history"]]
    assert months == sorted(months, reverse=True)
    assert months[0] == this_month()
    assert len(months) == 3
    chart = page.context["chart"]
    assert len(chart["categories"]) == 3
    earlier = bureau.get(VISITS, {"period": MONTH})
    assert [one.period.text for one in earlier.context["history"]] == months[1:]
    assert f"?period={MONTH}&verdict=" in text_of(page)


def test_a_rule_shows_its_cases_and_which_threshold_judged_when(bureau: Client) -> None:
    page = bureau.get(VISITS)
    kinds = {case.kind for case in page.context["cases"]}
    assert {"pass", "fail", "boundary"} <= kinds
    assert "同一天两次只算一天" in text_of(page)
    (use,) = page.context["uses"]
    assert use.text == "不少于2天"
    assert "列出的各期用的是同一个标准" in text_of(page)


def test_a_rule_that_never_ran_says_so(bureau: Client) -> None:
    page = bureau.get(reverse("rule", args=[POLICY, "legal-education"]))
    assert "还没有按这条规则考评过" in text_of(page)
    assert "还没有考评用过这条规则" in text_of(page)


def test_what_no_form_takes_is_said_not_to_be_judged(world: World, bureau: Client) -> None:
    bulletin = bureau.get(reverse("rule", args=["mouding-2020", "fraud-bulletin"]))
    assert "本系统还没有登记的地方，所以不由系统判断" in text_of(bulletin)
    assert "还没有按这条规则考评过" not in text_of(bulletin)
    clause = bureau.get(reverse("clause", args=["mouding-2020", "三（二）-3"]))
    assert "要的记录本系统还不登记，不由系统判断" in text_of(clause)
    assert "这一条的规则要的记录，本系统还没有登记的地方" in text_of(clause)
    assert "没有考评对象" not in text_of(clause)
    assert "本系统还没有登记的地方" not in text_of(bureau.get(VISITS))
    run = world.running[world.own.county]
    Run.objects.filter(pk=run).update(left_out=["legal-education"])
    page = text_of(bureau.get(reverse("assessment", args=[run])))
    assert "1 条规则要的记录本系统还不登记，不由系统判断" in page
    assert reverse("rule", args=[POLICY, "legal-education"]) in page
    Run.objects.filter(pk=run).update(left_out=[rule.id for rule in load_policy(POLICY).rules])
    bare = text_of(bureau.get(reverse("assessment", args=[run])))
    assert "这一期没有由系统判断的规则" in bare
    assert "没有符合条件的村" not in bare


def test_nonsense_in_a_query_does_not_break_the_pages(bureau: Client) -> None:
    for address in (PICTURE, VISITS, TWO_DAYS):
        for query in (
            {"period": "上月"},
            {"period": "1999-01"},
            {"verdict": "great"},
            {"page": "x"},
            {"page": "99"},
            {"by": "nothing"},
        ):
            assert bureau.get(address, query).status_code == 200


def test_a_clause_names_its_rules_and_the_villages_that_fall_short(
    world: World, bureau: Client
) -> None:
    page = bureau.get(reverse("clause", args=[POLICY, "2.2-1"]), {"period": MONTH})
    assert reverse("rule", args=[POLICY, "coverage"]) in text_of(page)
    assert "2 个村有未达标的" in text_of(page)
    cells = page.context["page"].cells
    assert len(cells) == 2
    assert {cell.result.verdict for cell in cells} == {"fail"}
    assert all(
        reverse("explanation", args=[cell.result.run_id, "coverage", cell.result.subject])
        in text_of(page)
        for cell in cells
    )
    kept = bureau.get(TWO_DAYS, {"period": MONTH})
    assert "不少于2天" in text_of(kept)


def test_a_clause_that_repeats_another_has_its_rules(bureau: Client) -> None:
    policy = load_policy(POLICY)
    repeating = next(clause for clause in policy.clauses if clause.same_as)
    page = bureau.get(reverse("clause", args=[POLICY, repeating.number]))
    (rule,) = policy.rules_of(repeating.number)
    assert reverse("rule", args=[POLICY, rule.id]) in text_of(page)
    assert reverse("clause", args=[POLICY, repeating.same_as[0]]) in text_of(page)


def test_clauses_without_rules_say_who_judges_where_it_is_kept_or_why_not(bureau: Client) -> None:
    policy = load_policy("suzhou-2021")
    words = {
        "human": "谁判断，看哪里",
        "structural": "登记在哪里",
        "declined": "为什么不采集",
    }
    for disposition, heading in words.items():
        clause = next(one for one in policy.clauses if one.disposition == disposition)
        text = text_of(bureau.get(reverse("clause", args=[policy.id, clause.number])))
        assert heading in text
        assert clause.note in text
        assert "落实情况" not in text
    listing = policy.questions[0]
    asked = text_of(bureau.get(reverse("clause", args=[policy.id, listing.clause])))
    assert all(item.text in asked for item in listing.items)


def test_clauses_are_leafed_through_in_the_order_of_the_document(bureau: Client) -> None:
    numbers = [clause.number for clause in load_policy(POLICY).clauses]
    first = bureau.get(reverse("clause", args=[POLICY, numbers[0]]))
    assert (first.context["earlier"], first.context["later"].number) == (None, numbers[1])
    last = bureau.get(reverse("clause", args=[POLICY, numbers[-1]]))
    assert (last.context["earlier"].number, last.context["later"]) == (numbers[-2], None)


def test_what_is_not_there_is_not_found(bureau: Client) -> None:
    for address in (
        reverse("rule", args=[POLICY, "no-such-rule"]),
        reverse("rule", args=["nowhere-2000", RULE]),
        reverse("clause", args=[POLICY, "九"]),
        reverse("clause", args=[POLICY, "a/b"]),
        reverse("clause", args=["nowhere-2000", CLAUSE]),
    ):
        assert bureau.get(address).status_code == 404


def test_only_shipped_policies_are_shown(bureau: Client) -> None:
    for policy_id in ("bozhou-2014", "suzhou-2021", "mouding-2020"):
        assert bureau.get(reverse("policy", args=[policy_id])).status_code == 200
    for policy_id in ("nowhere-2000", "..", "policy.yaml", "%2e%2e%2fsecret"):
        assert bureau.get(f"/policies/{policy_id}/").status_code == 404


def test_every_clause_and_rule_of_every_policy_has_a_page(bureau: Client) -> None:
    for policy_id in ("huangchuan-2021", "jilin-2019", "mouding-2020"):
        policy = load_policy(policy_id)
        pages = [reverse("clause", args=[policy_id, one.number]) for one in policy.clauses]
        pages += [reverse("rule", args=[policy_id, one.id]) for one in policy.rules]
        assert {bureau.get(path).status_code for path in pages} == {200}


def test_a_station_and_an_officer_read_their_own_part(world: World) -> None:
    for role, own in (("chief", 2), ("officer", 1), ("neighbour", 4)):
        page = visitor(world, role).get(
            reverse("rule", args=[POLICY, "coverage"]), {"period": MONTH, "verdict": "all"}
        )
        assert page.context["page"].total == own, role


def test_what_a_figure_leads_to_follows_a_new_judgement(world: World, bureau: Client) -> None:
    """The running month judged again: the same address, the new figures."""
    before = bureau.get(VISITS, {"period": this_month()}).context["present"]
    run_assessment(actor=system(), scope=world.own.county, period=this_month())
    after = bureau.get(VISITS, {"period": this_month()}).context["present"]
    assert [run.pk for run in before.runs] == [run.pk for run in after.runs]
    assert before.runs[0].watermark < after.runs[0].watermark
