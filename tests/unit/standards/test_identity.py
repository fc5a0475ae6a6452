"""What an identity number says, and every way it can be wrong. All numbers are invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from cunjing.standards.errors import UnreadableValueError
from cunjing.standards.identity import read_identity


def number(*, county: str = "532323", born: str = "19850312", order: str = "001") -> str:
    body = f"{county}{born}{order}"
    return f"{body}{ric.calc_check_digit(body + '0')}"


def test_birth_and_sex_are_read() -> None:
    man = read_identity(number(order="001"))
    woman = read_identity(number(order="002"))
    assert (man.birth_date, man.birth_month, man.sex) == (date(1985, 3, 12), "1985-03", "1")
    assert woman.sex == "2"


def test_a_county_younger_than_its_people_is_accepted() -> None:
    assert read_identity(number(county="341302", born="19500101")).birth_month == "1950-01"


def test_spaces_small_x_and_full_width_are_read() -> None:
    with_x = next(n for i in range(1, 99, 2) if (n := number(order=f"{i:03}")).endswith("X"))
    assert read_identity(f" {with_x[:6]} {with_x[6:14]} {with_x[14:].lower()}").sex == "1"
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number())
    assert read_identity(wide).birth_month == "1985-03"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("532323850312001", "18位"),
        ("", "18位"),
        (number()[:17] + ("0" if number()[17] != "0" else "1"), "校验码"),
        (number(county="002323"), "前两位"),
        ("53232319850312A010", "某一位"),
        (number(born="19850230"), "出生日期不存在"),
        (number(born="18990101"), "不合情理"),
        (number(born="29990101"), "不合情理"),
    ],
)
def test_wrong_numbers_are_refused_without_repeating_them(text: str, advice: str) -> None:
    with pytest.raises(UnreadableValueError, match=advice) as caught:
        read_identity(text)
    assert not text or text not in str(caught.value)


@given(st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place: int, shift: int) -> None:
    right = number()
    if right[place] == "X":
        return
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    with pytest.raises(UnreadableValueError):
        read_identity(wrong)
