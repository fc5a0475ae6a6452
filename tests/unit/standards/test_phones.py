"""Telephone numbers in one written form. All numbers are invented."""

import pytest

from cunjing.standards.errors import UnreadableValueError
from cunjing.standards.phones import normalise_phone


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("13800000000", "13800000000"),
        ("+86 138 0000 0000", "13800000000"),
        ("138-0000-0000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("0878-5211234", "0878-5211234"),
        ("（0878）5211234", "0878-5211234"),
        ("010 62340000", "010-62340000"),
        ("0878-5211234转8001", "0878-5211234-8001"),
        ("400-800-8888", "4008008888"),
    ],
)
def test_numbers_are_written_one_way(text: str, written: str) -> None:
    assert normalise_phone(text) == written
    assert normalise_phone(written) == written


@pytest.mark.parametrize("text", ["5211234", "1380000000", "110", "+1 202 555 0123", "张三", ""])
def test_other_numbers_are_refused_with_advice(text: str) -> None:
    with pytest.raises(UnreadableValueError, match="区号-号码"):
        normalise_phone(text)
