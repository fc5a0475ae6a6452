"""Thresholds that can be met and missed, and those that cannot."""

from pathlib import Path

import pytest
from tests.support.policy_files import findings_of, written_policy

from .rule_keys import (
    AT_MOST,
    DAY,
    DAYS,
    FIRST_LINE,
    FUND,
    GRADE,
    HALVES,
    MATTERS,
    MONEY,
    PAY,
    POSTINGS,
    RANGE,
    TENURE,
    YEARLY,
    Keys,
)

TURNED = "low 不能大于 high"
MIXED = "between 要配 low 和 high，其他 operator 不能配"
PAID = "pay 表只用于 measure: money"
ONE_SUM = "有 grade_item 时 threshold 应为 pay 表；人人一样的金额，请去掉 grade_item"
WHICH_GRADE = "用 pay 表要写 grade_item，说明按哪一项等次"
TO_THE_FEN = "按等次发钱的规则，operator 应为 ="
OF_PERIOD = "days_of_period"
MET = {"measure": "{kind: distinct_days, event: {kind: meeting}}", "unit": "天"}
"""A meeting may name the period it is about: its day may lie outside it."""
ALWAYS = "门槛为 0 或负数，怎样都达标"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"operator": "between"}, [MIXED]),
        ({"threshold": "{low: 1, high: 2}"}, [MIXED]),
        ({**RANGE, "threshold": "{low: 3, high: 2}"}, [TURNED]),
        ({"threshold": "{pay: bonus}"}, [PAID]),
        ({**MONEY, "threshold": "5"}, [ONE_SUM]),
        ({**FUND, "operator": '"="', "threshold": "{pay: bonus}"}, [WHICH_GRADE]),
        ({**FUND, "threshold": "{pay: bonus}"}, [WHICH_GRADE, TO_THE_FEN]),
        ({**FUND, "threshold": "0"}, [ALWAYS]),
        ({**MONEY, "operator": '">="'}, [TO_THE_FEN]),
        ({**TENURE, "threshold": "days_of_period"}, ["days_of_period 只用于数记录的规则"]),
        ({**MATTERS, "threshold": "days_of_period"}, ["days_of_period 只用于数记录的规则"]),
        ({**MATTERS, "threshold": "-1"}, ["门槛 -1 永远达不到，数出来的最少是 0"]),
        ({**MATTERS, "threshold": "1000"}, []),
        ({"threshold": "0"}, [ALWAYS]),
        ({"threshold": "-1"}, [ALWAYS]),
        ({"operator": '"<="', "threshold": "-1"}, ["门槛 -1 永远达不到，数出来的最少是 0"]),
        ({**DAYS, "threshold": "31"}, []),
        ({**DAYS, "threshold": "32"}, ["门槛 32 永远达不到，一个周期最多 31"]),
        ({**DAYS, "period": "quarter", "threshold": "92"}, []),
        (
            {**DAYS, "period": "quarter", "threshold": "93"},
            ["门槛 93 永远达不到，一个周期最多 92"],
        ),
        ({**DAYS, "period": "half_year", "threshold": "184"}, []),
        (
            {**DAYS, "period": "half_year", "threshold": "185"},
            ["门槛 185 永远达不到，一个周期最多 184"],
        ),
        ({**DAYS, "period": "year", "threshold": "366"}, []),
        ({**DAYS, "period": "year", "threshold": "367"}, ["门槛 367 永远达不到，一个周期最多 366"]),
        ({"threshold": "1000"}, []),
        ({**HALVES, "threshold": "2"}, []),
        ({**HALVES, "threshold": "3"}, ["门槛 3 永远达不到，一个周期最多 2"]),
        ({**HALVES, "period": "quarter", "threshold": "6"}, []),
        (
            {**HALVES, "period": "quarter", "threshold": "7"},
            ["门槛 7 永远达不到，一个周期最多 6"],
        ),
        (
            {**DAYS, "operator": '"<="', "threshold": "31"},
            ["门槛 31 怎样都达标，最多也只有 31"],
        ),
        ({**DAYS, "operator": '"<="', "threshold": "30"}, []),
        ({**DAYS, "operator": "between", "threshold": "{low: 31, high: 40}"}, []),
        (
            {**DAYS, "operator": "between", "threshold": "{low: 32, high: 40}"},
            ["门槛 32 永远达不到，一个周期最多 31"],
        ),
        (
            {**DAY, "measure": "{kind: untrained}", "operator": '"<="', "threshold": "1"},
            ["门槛 1 怎样都达标，最多也只有 1"],
        ),
        (
            {**DAY, "measure": "{kind: home, relation: same}", **AT_MOST, "threshold": "1"},
            ["门槛 1 怎样都达标，最多也只有 1"],
        ),
        (
            {**YEARLY, "measure": GRADE, "unit": "级", "threshold": "3"},
            ["门槛 3 永远达不到，一个周期最多 2"],
        ),
        ({**POSTINGS, **RANGE, "threshold": "{low: 0, high: 2}"}, []),
        ({**HALVES, "threshold": OF_PERIOD}, [f"门槛 {OF_PERIOD} 永远达不到，一个周期最多 2"]),
        (
            {**HALVES, "operator": '"="', "threshold": OF_PERIOD},
            [f"门槛 {OF_PERIOD} 永远达不到，一个周期最多 2"],
        ),
        (
            {**HALVES, "operator": '"<="', "threshold": OF_PERIOD},
            [f"门槛 {OF_PERIOD} 怎样都达标，最多也只有 2"],
        ),
        (
            {**HALVES, "operator": '"<="', "threshold": "2"},
            ["门槛 2 怎样都达标，最多也只有 2"],
        ),
        ({**HALVES, "operator": '"="', "threshold": "0"}, []),
        ({**HALVES, "operator": '"="', "threshold": "2"}, []),
        (
            {**HALVES, "operator": '"="', "threshold": "3"},
            ["门槛 3 永远达不到，一个周期最多 2"],
        ),
        (
            {**HALVES, "operator": "between", "threshold": "{low: 0, high: 2}"},
            ["门槛 0 至 2 怎样都达标，数出来的总在 0 至 2 之间"],
        ),
        ({**HALVES, "operator": "between", "threshold": "{low: 0, high: 1}"}, []),
        ({**DAYS, "threshold": OF_PERIOD}, []),
        ({**DAYS, "operator": '"="', "threshold": OF_PERIOD}, []),
        (
            {**DAYS, "operator": '"<="', "threshold": OF_PERIOD},
            [f"门槛 {OF_PERIOD} 怎样都达标，最多也只有 31"],
        ),
        (
            {**DAYS, "operator": "between", "threshold": "{low: 0, high: 31}"},
            ["门槛 0 至 31 怎样都达标，数出来的总在 0 至 31 之间"],
        ),
        ({**DAYS, "operator": "between", "threshold": "{low: 0, high: 30}"}, []),
        ({**DAYS, "operator": "between", "threshold": "{low: 1, high: 31}"}, []),
        (
            {**DAYS, "operator": "between", "threshold": "{low: -3, high: -1}"},
            ["门槛 -1 永远达不到，数出来的最少是 0"],
        ),
        ({"threshold": OF_PERIOD}, []),
        ({"operator": '"<="', "threshold": OF_PERIOD}, []),
        ({**MET, "threshold": "32"}, []),
        ({**MET, "operator": '"<="', "threshold": OF_PERIOD}, []),
        (
            {
                **DAY,
                "measure": "{kind: home, relation: same}",
                **RANGE,
                "threshold": "{low: 0, high: 1}",
            },
            ["门槛 0 至 1 怎样都达标，数出来的总在 0 至 1 之间"],
        ),
    ],
)
def test_a_threshold_can_be_met_and_missed(tmp_path: Path, rule: Keys, words: list[str]) -> None:
    found = findings_of(written_policy(tmp_path, head=dict(PAY), **rule))
    assert found == [(FIRST_LINE + len(PAY), "visits", said) for said in words]


def test_a_scale_without_grades_gives_nothing(tmp_path: Path) -> None:
    measure = "{kind: mark, item: grade, scale: {}}"
    path = written_policy(tmp_path, **YEARLY, measure=measure, unit="级", threshold="1")
    assert findings_of(path) == [(FIRST_LINE, "visits", "门槛 1 永远达不到，一个周期最多 0")]


@pytest.mark.parametrize(
    ("scale", "operator", "threshold", "words"),
    [
        ((3, 2, 1), ">=", 1, "门槛 1 怎样都达标，最少也有 1"),
        ((3, 2, 1), ">=", 2, None),
        ((3, 2, 1), ">=", 0, "门槛 0 怎样都达标，最少也有 1"),
        ((3, 2, 1), "=", 2, None),
        ((3, 1), "=", 2, "门槛 2 永远达不到，scale 里的数是 1、3"),
        ((3, 2, 1), "<=", 0, "门槛 0 永远达不到，数出来的最少是 1"),
        ((3, 2, 1), "<=", 3, "门槛 3 怎样都达标，最多也只有 3"),
        ((1, 0, -1), ">=", 0, None),
        ((1, 0, -1), ">=", -1, "门槛 -1 怎样都达标，最少也有 -1"),
        ((1, 0, -1), "<=", -1, None),
        ((1, 0, -1), "<=", -2, "门槛 -2 永远达不到，数出来的最少是 -1"),
        ((-1, -2), ">=", 0, "门槛 0 永远达不到，一个周期最多 -1"),
        ((2, 1, 0), ">=", 0, ALWAYS),
        ((5,), "=", 5, "门槛 5 怎样都达标，数出来的总在 5 至 5 之间"),
    ],
)
def test_a_grade_can_be_met_and_missed(
    tmp_path: Path, scale: tuple[int, ...], operator: str, threshold: int, words: str | None
) -> None:
    names = [f"g{number}" for number in range(len(scale))]
    said = ", ".join(f"{name}: {value}" for name, value in zip(names, scale, strict=True))
    path = written_policy(
        tmp_path,
        head={"grades": f"[{', '.join(names)}]"},
        **YEARLY,
        measure=f"{{kind: mark, item: grade, scale: {{{said}}}}}",
        operator=f'"{operator}"',
        threshold=str(threshold),
        unit="级",
    )
    found = [message for _, _, message in findings_of(path)]
    assert found == ([] if words is None else [words])


@pytest.mark.parametrize(
    ("kind", "shortest"), [("month", 28), ("quarter", 90), ("half_year", 181), ("year", 365)]
)
def test_in_no_period_is_everybody_exempt(tmp_path: Path, kind: str, shortest: int) -> None:
    days = {"month": 7, "quarter": 30, "half_year": 60, "year": 90}

    def said(least: int) -> list[str]:
        least_of_each = ", ".join(f"{name}: {n}" for name, n in {**days, kind: least}.items())
        path = written_policy(tmp_path, head={"minimum_days": f"{{{least_of_each}}}"})
        return [message for _, _, message in findings_of(path)]

    assert said(shortest) == said(0) == []
    told = f"{kind} 应在 0 至 {shortest} 天之间：最短的周期只有 {shortest} 天，再多就有周期人人免考"
    assert said(shortest + 1) == said(-1) == [told]
