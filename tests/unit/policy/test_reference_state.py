"""Townships, rotation and money, where the spec tables leave corners."""

from datetime import date
from typing import Any

import pytest
from tests.support.reference_worlds import OTHER_VILLAGE, VILLAGE, posting_row, world_of

from cunjing.policy.enums import Role
from cunjing.policy.errors import InputError
from cunjing.policy.measures import MarkValue, MoneyRatio
from cunjing.policy.reference_state import mark_value, money_ratio, tenure_months, township

D = date


def test_a_township_is_that_of_the_version_of_the_day() -> None:
    turn = D(2026, 9, 10)
    versions = [
        {"village_code": VILLAGE, "name": "A", "township_code": "532323109", "valid_to": turn},
        {"village_code": VILLAGE, "name": "A", "township_code": "532323108", "valid_from": turn},
    ]
    assert township(world_of(villages=versions), VILLAGE) == "532323108"
    assert township(world_of(villages=versions, as_of=D(2026, 9, 9)), VILLAGE) == "532323109"


def test_else_of_any_version_the_lowest_else_from_the_code() -> None:
    gone = [
        {"village_code": VILLAGE, "name": "A", "township_code": code, "valid_from": start}
        | {"valid_to": D(2025, 1, 1)}
        for code, start in (("532323109", D(2024, 1, 1)), ("532323108", D(2023, 1, 1)))
    ]
    assert township(world_of(villages=gone), VILLAGE) == "532323108"
    assert township(world_of(villages=gone), OTHER_VILLAGE) == OTHER_VILLAGE[:9]


@pytest.mark.parametrize(
    ("start", "last_day", "months"),
    [
        (D(2026, 9, 1), D(2026, 9, 30), 1),
        (D(2026, 9, 2), D(2026, 9, 30), 0),
        (D(2024, 2, 29), D(2024, 3, 28), 1),
        (D(2024, 1, 31), D(2024, 2, 28), 0),
        (D(2024, 1, 31), D(2024, 2, 29), 1),
        (D(2025, 12, 31), D(2026, 1, 30), 1),
    ],
)
def test_complete_calendar_months(start: date, last_day: date, months: int) -> None:
    world = world_of(period="2026", as_of=last_day, postings=[posting_row("P1", start)])
    assert tenure_months(world, world.postings[0]).value == months


@pytest.mark.parametrize(
    ("staff_fen", "village_fen", "value"),
    [
        ([80], [100], 80),
        ([79, 80], [100, 100], 79),
        ([799], [1000], 79),
        ([], [100], None),
        ([80], [], None),
        ([80], [0], None),
        ([80], [-1], None),
        ([-80], [100, -200], None),
        ([80], [-1, 2], 16000),
        ([0], [100], 0),
    ],
)
def test_the_ratio_is_floored_in_integers(
    staff_fen: list[int], village_fen: list[int], value: int | None
) -> None:
    staff = [f"S{number}" for number in range(len(staff_fen))]
    codes = [f"53232310020{number}" for number in range(len(village_fen))]
    amounts = [(name, "paid", fen) for name, fen in zip(staff, staff_fen, strict=True)]
    amounts += [(code, "head", fen) for code, fen in zip(codes, village_fen, strict=True)]
    world = world_of(
        period="2026",
        units=[{"unit_code": "county", "kind": "county", "division_code": "532323"}],
        villages=[{"village_code": code, "name": code} for code in codes],
        staff=[
            {"staff_id": name, "role": "village_auxiliary", "unit_code": "county"} for name in staff
        ],
        money=[
            {"subject_id": subject, "period": "2026", "item": item, "fen": fen}
            for subject, item, fen in amounts
        ],
    )
    found = money_ratio(
        world,
        MoneyRatio(staff_item="paid", village_item="head"),
        unit_code="county",
        roles=(Role.VILLAGE_AUXILIARY,),
    )
    assert found.value == value


def _ratio(**tables: Any) -> int | None:
    """The ratio of the county in 2026 where its one village pays 100 and S1 is paid 80."""
    money = [
        {"subject_id": "S1", "period": "2026", "item": "paid", "fen": 80},
        {"subject_id": VILLAGE, "period": "2026", "item": "head", "fen": 100},
    ]
    usual = {
        "units": [{"unit_code": "county", "kind": "county", "division_code": "532323"}],
        "villages": [{"village_code": VILLAGE, "name": "A"}],
        "staff": [{"staff_id": "S1", "role": "village_auxiliary"}],
        "money": money,
    }
    world = world_of(period="2026", **{**usual, **tables})
    measure = MoneyRatio(staff_item="paid", village_item="head")
    roles = (Role.VILLAGE_AUXILIARY,)
    return money_ratio(world, measure, unit_code="county", roles=roles).value


def test_the_countys_staff_are_those_posted_in_its_villages_in_the_year() -> None:
    auxiliary = {"role": "village_auxiliary"}
    before = [posting_row("P1", D(2025, 1, 1), D(2026, 1, 1), **auxiliary)]
    within = [posting_row("P1", D(2025, 1, 1), D(2026, 1, 2), **auxiliary)]
    after = [posting_row("P1", D(2027, 1, 1), **auxiliary)]
    found = [_ratio(postings=postings) for postings in ([], before, within, after)]
    assert found == [None, None, 80, None]


@pytest.mark.parametrize(
    ("until", "value"), [(D(2026, 12, 31), 80), (D(2027, 1, 1), None), (None, None)]
)
def test_a_countys_villages_are_those_it_answers_for_on_the_years_last_day(
    until: date | None, value: int | None
) -> None:
    units = [
        {"unit_code": "county", "kind": "county", "division_code": "532323"},
        {"unit_code": "other", "kind": "county"},
    ]
    lent = [{"village_code": VILLAGE, "unit_code": "other", "valid_to": until}]
    staff = [{"staff_id": "S1", "role": "village_auxiliary", "unit_code": "county"}]
    assert _ratio(units=units, village_units=lent, staff=staff) == value


def test_a_mark_on_no_scale_is_refused_with_its_table_and_what_is_allowed() -> None:
    marks = [{"subject_id": "S1", "period": "2026", "item": "grade", "value": "so-so"}]
    world = world_of(period="2026", marks=marks)
    with pytest.raises(InputError) as caught:
        mark_value(world, MarkValue("grade", {"good": 1, "bad": 0}), "S1")
    assert str(caught.value) == (
        "marks：“value”列：S1 2026 的“grade”是“so-so”，应为 good、bad 之一"
    )
