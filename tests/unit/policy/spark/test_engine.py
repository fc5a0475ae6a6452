"""What the specs do not ask of the Spark engine."""

from datetime import date
from typing import Any

import pytest
from tests.support.facts_tables import Tables, facts_of
from tests.support.rulebook import YEARLY

from cunjing.policy.engines import load_engine
from cunjing.policy.errors import InputError
from cunjing.policy.periods import parse_period, start_of_day
from cunjing.policy.verdict import Verdict

pytestmark = pytest.mark.spark

VILLAGE = "532323100201"
LARGE = 9_000_000_000_000_000_000
ASKED: dict[str, Any] = {
    "policy": YEARLY,
    "period": parse_period("2026"),
    "as_of": start_of_day(date(2027, 2, 1)),
}
PAID: dict[str, list[dict[str, Any]]] = {
    "villages": [{"village_code": VILLAGE, "name": "A"}],
    "units": [{"unit_code": "U", "kind": "county", "division_code": "532323"}],
    "staff": [
        {
            "staff_id": name,
            "role": "village_auxiliary",
            "unit_code": "U",
            "on_duty_from": date(2020, 1, 1),
        }
        for name in ("S1", "S2")
    ],
}


def verdicts(tables: Tables, *rules: str) -> list[Verdict]:
    """What Spark says of these facts."""
    with facts_of(tables) as facts:
        return load_engine("spark").evaluate(**ASKED, facts=facts, rules=rules)


def money(subject: str, item: str, fen: int) -> dict[str, Any]:
    return {"subject_id": subject, "period": "2026", "item": item, "fen": fen}


def test_it_has_the_name_it_is_asked_for_by() -> None:
    assert load_engine("spark").name == "spark"


@pytest.mark.parametrize(
    ("staff", "head", "percent"),
    [
        ((LARGE, LARGE), LARGE, 100),
        ((LARGE - 1, LARGE), LARGE, 99),
        ((-1, 0), 3, -17),
        ((1,), 3, 33),
    ],
)
def test_a_ratio_is_rounded_down_whatever_its_size(
    staff: tuple[int, ...], head: int, percent: int
) -> None:
    paid = [money(f"S{number}", "allowance", fen) for number, fen in enumerate(staff, start=1)]
    rows = [*paid, money(VILLAGE, "head_allowance", head)]
    (verdict,) = verdicts({**PAID, "money": rows}, "allowance")
    assert verdict.value == percent


@pytest.mark.parametrize("rule", ["grade", "pay"])
def test_a_mark_on_no_scale_is_bad_input(rule: str) -> None:
    marks = [{"subject_id": "S1", "period": "2026", "item": "grade", "value": "splendid"}]
    with pytest.raises(InputError, match="S1 的“grade”是“splendid”，应为 competent、excellent"):
        verdicts({**PAID, "marks": marks}, rule)


def test_a_subject_without_a_row_has_no_explanation() -> None:
    with facts_of(PAID) as facts:
        assert (
            load_engine("spark").explain(**ASKED, facts=facts, rule="grade", subject="S9") is None
        )


def test_no_rules_no_verdicts() -> None:
    with facts_of(PAID) as facts:
        asked = {**ASKED, "period": parse_period("2026-09")}
        assert load_engine("spark").evaluate(**asked, facts=facts) == []
