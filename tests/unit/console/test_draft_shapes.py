"""Bars and lines of trials and versions."""

from datetime import date
from typing import Any

from cunjing.assessment.models import Run
from cunjing.assessment.whatif import PeriodTrial, SubjectTrial, Trial
from cunjing.console.draft_shapes import (
    PAGE_SIZE,
    SIGNS,
    changed_sections,
    triable_rules,
    trial_page,
)
from cunjing.console.templatetags.console import DISPOSITIONS
from cunjing.policy import facets
from cunjing.policy.enums import VerdictKind
from cunjing.policy.loader import load_policy
from cunjing.policy.revision import CHANGES, ChangeKind, FieldChange, PartChange

PASS, FAIL, EXEMPT = VerdictKind.PASS, VerdictKind.FAIL, VerdictKind.EXEMPT
RULE = load_policy("bozhou-2014").rule("visit-days")
TURN = date(2027, 1, 1)


def trial(*periods: PeriodTrial, subjects: int = 0) -> Trial:
    """A trial of these periods and so many subjects."""
    names = [SubjectTrial(f"{number:012}", "", "", "", ()) for number in range(subjects)]
    return Trial(periods=periods, subjects=names, tallies=(), left_out=())


def period(
    before: dict[VerdictKind, int], after: dict[VerdictKind, int], **more: Any
) -> PeriodTrial:
    """A period judged twice."""
    return PeriodTrial(run=Run(), before=before, after=after, flips=0, **{"threshold": 2, **more})


def page(asked: Trial, number: int = 1) -> Any:
    """The page of a trial of three days."""
    return trial_page(asked, rule=RULE, threshold=3, page=number)


def test_bars_share_one_scale_and_leave_no_gap() -> None:
    small, large = page(
        trial(
            period({PASS: 1, FAIL: 1}, {FAIL: 2}),
            period({PASS: 1, FAIL: 2, EXEMPT: 1}, {PASS: 4}),
        )
    ).lines
    assert [(one.verdict, one.start, one.width) for one in small.before.segments] == [
        ("pass", 0.0, 25.0),
        ("fail", 25.0, 25.0),
    ]
    assert [(one.verdict, one.start, one.width) for one in large.before.segments] == [
        ("pass", 0.0, 25.0),
        ("fail", 25.0, 50.0),
        ("exempt", 75.0, 25.0),
    ]
    assert [(one.count, one.width) for one in large.after.segments] == [(4, 100.0)]
    assert large.before.says == "达标 1，未达标 2，免考 1"


def test_bars_name_the_threshold_then_and_the_one_tried() -> None:
    (line,) = page(trial(period({}, {}))).lines
    assert (line.before.threshold, line.after.threshold) == ("2天", "3天")
    assert line.before.segments == []
    (line,) = page(trial(period({}, {}, threshold=None))).lines
    assert line.before.threshold == ""


def test_subjects_come_in_pages() -> None:
    many = trial(subjects=PAGE_SIZE + 1)
    assert (len(page(many).subjects), page(many).pages) == (PAGE_SIZE, 2)
    last = page(many, 9)
    assert (last.page, [one.village_code for one in last.subjects]) == (2, [f"{PAGE_SIZE:012}"])
    assert page(many, 0).page == 1
    empty = page(trial())
    assert (empty.page, empty.pages, list(empty.subjects)) == (1, 1, [])


def test_what_nobody_is_judged_by_cannot_be_tried() -> None:
    rules = {rule.id: rule for rule in load_policy("jilin-2019").rules}
    kept_nowhere = [rules["performance-pay"], rules["performance-fund"], rules["monthly-meeting"]]
    assert triable_rules([*kept_nowhere, rules["auxiliary-local"]]) == [rules["auxiliary-local"]]


def test_changes_are_grouped_under_the_names_of_their_sections() -> None:
    field = FieldChange("threshold", 2, 3, "2天", "3天", TURN, None)
    pay = FieldChange("pay.yearly", None, {}, "", "无", None, None)
    parts = [
        PartChange("document", "", "名", ChangeKind.CHANGED, (pay,)),
        PartChange("rules", "a", "甲", ChangeKind.CHANGED, (field,)),
        PartChange("rules", "b", "乙", ChangeKind.ADDED, ()),
    ]
    (document, (head,)), (rules, listed) = changed_sections(parts)
    assert (document, rules) == ("文件", "规则")
    assert [(line.label, line.detail) for line in head.fields] == [("绩效表", "yearly")]
    assert [(one.key, one.kind) for one in listed] == [
        ("a", ChangeKind.CHANGED),
        ("b", ChangeKind.ADDED),
    ]
    (line,) = listed[0].fields
    assert (line.label, line.since, line.until, line.before, line.after) == (
        "门槛",
        TURN,
        None,
        "2天",
        "3天",
    )


def test_the_same_words_are_used_on_pages_and_on_the_command_line() -> None:
    assert {kind: label for kind, (_sign, label, _colour) in SIGNS.items()} == CHANGES
    assert {kind: DISPOSITIONS[kind][0] for kind in facets.DISPOSITIONS} == facets.DISPOSITIONS
