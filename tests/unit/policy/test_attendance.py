"""How long somebody was there, and the sum by which less, or nothing, is asked of them."""

from dataclasses import replace
from datetime import date

import pytest
from tests.support.facts_tables import facts_of

from cunjing.policy.attendance import Attendance, attendance, attendances, worked_out
from cunjing.policy.enums import Operator, SubjectKind, VerdictKind
from cunjing.policy.loader import load_policy
from cunjing.policy.model import Rule
from cunjing.policy.periods import parse_period
from cunjing.policy.verdict import Verdict

BOZHOU = load_policy("bozhou-2014")
VISITS = BOZHOU.rule("visit-days")
SEPTEMBER = parse_period("2026-09")
BEGAN = date(2026, 1, 1)
CODE = "341600000200"


def there_for(
    *away: tuple[int, int], since: date = BEGAN, until: date | None = None, rule: Rule = VISITS
) -> Attendance | None:
    """Of a posting P1 whose holder is away on these days of September (end exclusive)."""
    person = {"staff_id": "S1", "role": "liaison_officer"}
    held = {"posting_id": "P1", "village_code": CODE, **person}
    tables = {
        "villages": [{"village_code": CODE, "name": "A"}],
        "staff": [person],
        "postings": [{**held, "valid_from": since, "valid_to": until}],
        "absences": [
            {
                "staff_id": "S1",
                "kind": "leave",
                "date_from": date(2026, 9, first),
                "date_to": date(2026, 9, last),
            }
            for first, last in away
        ],
    }
    with facts_of(tables) as facts:
        return attendance(facts, rule=rule, subject="P1", period=SEPTEMBER)


def said(there: Attendance, rule: Rule = VISITS, **changed: object) -> str:
    verdict = Verdict(
        policy="bozhou-2014",
        policy_digest="d",
        rule=rule.id,
        clause=rule.clause,
        subject_kind=SubjectKind.POSTING,
        subject="P1",
        village_code=CODE,
        staff_id="S1",
        period="2026-09",
        value=1,
        operator=Operator.AT_LEAST,
        threshold=1,
        threshold_full=2,
        verdict=VerdictKind.PASS,
        evidence_count=1,
        evidence_digest="e",
        watermark="2026-10-03T00:00:00+08:00",
        engine="reference",
    )
    verdict = replace(verdict, **changed)  # type: ignore[arg-type]  # as the test names them
    return worked_out(BOZHOU, rule, verdict, period=SEPTEMBER, there=there)


def test_days_of_two_absences_are_taken_off_once_and_those_outside_not_at_all() -> None:
    there = there_for((1, 5), (3, 11), (20, 22), since=date(2026, 9, 2), until=date(2026, 9, 19))
    assert there == Attendance(
        whole=30,
        posted=17,
        absent=9,
        since=date(2026, 9, 2),
        until=date(2026, 9, 19),
        away=((date(2026, 9, 1), date(2026, 9, 5)), (date(2026, 9, 3), date(2026, 9, 11))),
    )
    assert there.available == 8


def test_where_no_less_is_asked_of_the_absent_nothing_is_looked_up() -> None:
    assert there_for(rule=load_policy("suzhou-2021").rule("auxiliary-rotation")) is None
    with facts_of({"villages": [], "staff": [], "postings": [], "events": []}) as facts:
        assert attendance(facts, rule=VISITS, subject="P9", period=SEPTEMBER) is None


@pytest.mark.parametrize(
    ("away", "verdict", "threshold", "text"),
    [
        (
            (1, 16),
            "pass",
            1,
            "本期共30天，任职30天，其中请假15天，在岗15天；2×15÷30＝1，应有1天",
        ),
        (
            (1, 15),
            "fail",
            2,
            "本期共30天，任职30天，其中请假14天，在岗16天；2×16÷30＝1余2，有余数进一，应有2天",
        ),
        ((1, 30), "exempt", 2, "本期共30天，任职30天，其中请假29天，在岗1天；不足7天，免考"),
    ],
)
def test_the_sum_can_be_added_up_again(
    away: tuple[int, int], verdict: str, threshold: int, text: str
) -> None:
    there = there_for(away)
    assert there is not None
    assert said(there, verdict=VerdictKind(verdict), threshold=threshold) == text


def test_without_leave_only_the_posting_is_named() -> None:
    there = there_for(since=date(2026, 9, 16))
    assert there is not None
    assert said(there) == "本期共30天，任职15天；2×15÷30＝1，应有1天"


def test_nothing_taken_off_is_no_sum() -> None:
    there = there_for()
    assert there is not None
    assert said(there) == ""
    short = there_for((1, 16))
    assert short is not None
    lacking = replace(VISITS, operator=Operator.AT_MOST)
    assert said(short, lacking) == ""
    assert said(short, threshold_full=(1, 2)) == ""


def test_many_are_looked_up_at_once_each_with_its_holders_leave() -> None:
    people = [{"staff_id": f"S{number}", "role": "liaison_officer"} for number in (1, 2)]
    tables = {
        "villages": [{"village_code": CODE, "name": "A"}],
        "staff": people,
        "postings": [
            {"posting_id": f"P{number}", "village_code": CODE, **person, "valid_from": BEGAN}
            for number, person in enumerate(people, start=1)
        ],
        "absences": [
            {
                "staff_id": "S2",
                "kind": "leave",
                "date_from": date(2026, 9, 3),
                "date_to": date(2026, 9, 5),
            }
        ],
    }
    with facts_of(tables) as facts:
        found = attendances(facts, postings=["P2", "P1", "P9"], period=SEPTEMBER)
        assert attendances(facts, postings=[], period=SEPTEMBER) == {}
    assert {name: (one.posted, one.absent, one.away) for name, one in found.items()} == {
        "P1": (30, 0, ()),
        "P2": (30, 2, ((date(2026, 9, 3), date(2026, 9, 5)),)),
    }
