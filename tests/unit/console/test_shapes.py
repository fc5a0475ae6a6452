"""Shapes for charts and maps."""

from datetime import date

from cunjing.assessment.matrix import RuleCount, RuleHead
from cunjing.console.shapes import count_chart, day_chart, verdict_totals, village_places
from cunjing.fieldwork.models import RecordKind
from cunjing.places.models import Village

FIRST, SECOND = date(2026, 2, 28), date(2026, 3, 1)


def head(identifier: str) -> RuleHead:
    return RuleHead(
        **{
            name: identifier if name in {"id", "title"} else ""
            for name in RuleHead.__dataclass_fields__
        }
    )


COUNTS = [
    RuleCount(rule=head("visits"), counts={"pass": 3, "fail": 1}),
    RuleCount(rule=head("coverage"), counts={"pass": 4}),
]


def test_totals_come_in_the_order_of_verdicts_and_leave_zeros_out() -> None:
    assert verdict_totals(COUNTS) == [("pass", 7), ("fail", 1)]
    assert verdict_totals([]) == []


def test_a_chart_has_a_bar_for_every_rule_and_a_series_for_every_verdict_met() -> None:
    chart = count_chart(COUNTS)
    assert chart["categories"] == ["visits", "coverage"]
    assert [line["values"] for line in chart["series"]] == [[3, 4], [1, 0]]


def test_days_without_records_count_nothing() -> None:
    chart = day_chart({SECOND: {RecordKind.VILLAGE_VISIT: 2}}, first=FIRST, last=SECOND)
    assert chart["categories"] == ["02-28", "03-01"]
    (series,) = chart["series"]
    assert series["values"] == [0, 2]


def test_there_is_no_map_without_coordinates() -> None:
    assert village_places([Village(code="990101101201", name="甲村")], serving={}) is None


def test_a_village_nobody_serves_looks_different_on_the_map() -> None:
    villages = [
        Village(code=f"99010110120{number}", name="甲村", latitude=25, longitude=101)
        for number in (1, 2)
    ]
    drawn = village_places(villages, serving={"990101101201": ["示例甲"]})
    assert drawn is not None
    assert [place["state"] for place in drawn["places"]] == ["示例甲", "没有安排"]
    assert len({place["tone"] for place in drawn["places"]}) == 2
