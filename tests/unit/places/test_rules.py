"""Checks that need no database."""

from datetime import date

import pytest

from cunjing.base.errors import Problem, ProblemKind
from cunjing.places import rules
from cunjing.places.models import Village

TODAY = date(2026, 9, 15)


def village(*, valid_to: date | None = None) -> Village:
    return Village(
        code="990101101201", name="天台村", valid_from=date(2023, 6, 30), valid_to=valid_to
    )


@pytest.mark.parametrize(
    ("effective_on", "advice"),
    [
        (date(2023, 6, 30), "须晚于"),
        (date(2020, 1, 1), "须晚于"),
        (date(2026, 9, 16), "不能晚于今天"),
    ],
)
def test_an_edit_neither_rewrites_the_past_nor_foretells(effective_on: date, advice: str) -> None:
    with pytest.raises(Problem, match=advice):
        rules.check_effective(village=village(), effective_on=effective_on, today=TODAY)


@pytest.mark.parametrize("effective_on", [date(2023, 7, 1), TODAY])
def test_an_edit_after_the_present_state_began_is_right(effective_on: date) -> None:
    rules.check_effective(village=village(), effective_on=effective_on, today=TODAY)


def test_an_ended_village_is_not_edited() -> None:
    ended = village(valid_to=date(2024, 1, 1))
    with pytest.raises(Problem, match="撤销") as caught:
        rules.check_effective(village=ended, effective_on=TODAY, today=TODAY)
    assert caught.value.kind is ProblemKind.CONFLICT


@pytest.mark.parametrize("address", ["一组12号", "  东街3号  ", "青龙路108号2单元301"])
def test_an_address_names_a_door(address: str) -> None:
    assert rules.check_address(address) == address.strip()


@pytest.mark.parametrize(
    "address", ["一组 13800000000", "532323198503120010", "户主王某家", "一组3号电话见簿"]
)
def test_an_address_names_no_person(address: str) -> None:
    with pytest.raises(Problem, match="不要写姓名"):
        rules.check_address(address)


@pytest.mark.parametrize("address", ["", "   ", "号" * 81])
def test_an_address_is_neither_empty_nor_endless(address: str) -> None:
    with pytest.raises(Problem, match="不超过80字"):
        rules.check_address(address)


@pytest.mark.parametrize("priority", [-1, 4])
def test_priorities_run_from_0_to_3(priority: int) -> None:
    rules.check_priority(0)
    rules.check_priority(3)
    with pytest.raises(Problem, match="0、1、2、3"):
        rules.check_priority(priority)


@pytest.mark.parametrize("code", ["990101102201", "99010110120", "99010110120A", ""])
def test_a_new_code_begins_with_its_township(code: str) -> None:
    rules.check_new_code(code="990101101250", township_code="990101101")
    with pytest.raises(Problem, match="990101101"):
        rules.check_new_code(code=code, township_code="990101101")


@pytest.mark.parametrize("reason", ["", "  ", "因" * 201])
def test_a_decision_says_why(reason: str) -> None:
    rules.check_reason("撤并")
    with pytest.raises(Problem, match="说明"):
        rules.check_reason(reason)
