"""Code tables read labels, everyday words and codes."""

import pytest

from cunjing.standards.codes import (
    EDUCATION,
    PARTY_MEMBER,
    POLITICAL_STATUS,
    SEX,
    read_education,
    read_political_status,
    read_sex,
)
from cunjing.standards.errors import UnreadableValueError


@pytest.mark.parametrize(("text", "code"), [("男", "1"), ("女性", "2"), (" 1 ", "1")])
def test_sex_is_read(text: str, code: str) -> None:
    assert read_sex(text) == code


@pytest.mark.parametrize("text", ["", "0", "9", "未知的性别", "M"])
def test_an_unknown_sex_is_refused(text: str) -> None:
    with pytest.raises(UnreadableValueError, match="男"):
        read_sex(text)


@pytest.mark.parametrize("code", sorted(EDUCATION))
def test_each_education_is_read_from_label_and_code(code: str) -> None:
    assert read_education(EDUCATION[code]) == read_education(code) == code


@pytest.mark.parametrize("code", sorted(POLITICAL_STATUS))
def test_each_political_status_is_read_from_label_and_code(code: str) -> None:
    assert read_political_status(POLITICAL_STATUS[code]) == read_political_status(code) == code


def test_everyday_words_are_read() -> None:
    assert read_education("大专") == "31"
    assert read_political_status("党员") in PARTY_MEMBER
    assert read_political_status("群众") not in PARTY_MEMBER


def test_other_words_are_refused_with_advice() -> None:
    with pytest.raises(UnreadableValueError, match="本科"):
        read_education("博学")
    with pytest.raises(UnreadableValueError, match="群众"):
        read_political_status("不详")


def test_tables_hold_the_codes_of_the_standards() -> None:
    assert (len(SEX), len(EDUCATION), len(POLITICAL_STATUS)) == (4, 40, 13)
