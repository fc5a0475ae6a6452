"""Which texts a spreadsheet would run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunjing.documents.formulas import looks_like_formula, neutralised


@pytest.mark.parametrize(
    "text",
    ["=1", "=cmd|' /C calc'!A0", "@x", "+a", "-a", "-2+3+cmd|x", "\tx", "\rx", " =1", "＝1", "＠x"],
)
def test_what_would_run(text: str) -> None:
    assert looks_like_formula(text)
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "张三", "-", "-3", "-3.5", "+86 138-0000-0000", "a=b"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert not looks_like_formula(text)
    assert neutralised(text) == text


@given(st.text())
def test_nothing_neutralised_would_run(text: str) -> None:
    assert not looks_like_formula(neutralised(text))
