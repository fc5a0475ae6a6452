"""Levels, parents and kinds of statistical codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunjing.standards.divisions import (
    Level,
    VillageKind,
    ancestors_of,
    canonical,
    kind_of,
    level_of,
    padded,
    parent_of,
)
from cunjing.standards.errors import UnreadableValueError

PARTS = (
    st.integers(11, 65),
    st.integers(1, 99),
    st.integers(1, 99),
    st.integers(1, 999),
    st.integers(1, 999),
)
WIDTHS = (2, 2, 2, 3, 3)


@st.composite
def codes(draw: st.DrawFn) -> str:
    depth = draw(st.integers(1, 5))
    return "".join(
        str(draw(part)).zfill(width)
        for part, width in list(zip(PARTS, WIDTHS, strict=True))[:depth]
    )


@given(codes())
def test_padding_is_undone(code: str) -> None:
    assert len(padded(code)) == 12
    assert canonical(padded(code)) == code


@given(codes())
def test_every_ancestor_is_the_parent_of_the_next(code: str) -> None:
    chain = [*ancestors_of(code), code]
    assert [parent_of(below) for below in chain] == [None, *chain[:-1]]


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("53", Level.PROVINCE),
        ("5323", Level.CITY),
        ("532323", Level.COUNTY),
        ("532323101", Level.TOWNSHIP),
        ("532323101201", Level.VILLAGE),
    ],
)
def test_length_tells_the_level(code: str, level: Level) -> None:
    assert level_of(code) is level


@pytest.mark.parametrize("code", ["", "5", "532", "53232", "53232310120", "53232A", "５３"])
def test_other_shapes_are_refused(code: str) -> None:
    with pytest.raises(UnreadableValueError, match="2、4、6、9或12位"):
        level_of(code)
    with pytest.raises(UnreadableValueError):
        canonical(code)


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("001", VillageKind.NEIGHBOURHOOD),
        ("199", VillageKind.NEIGHBOURHOOD),
        ("200", VillageKind.VILLAGE),
        ("399", VillageKind.VILLAGE),
        ("400", VillageKind.OTHER),
        ("999", VillageKind.OTHER),
        ("000", VillageKind.OTHER),
    ],
)
def test_the_last_three_digits_tell_the_kind(ending: str, kind: VillageKind) -> None:
    assert kind_of(f"532323101{ending}") is kind


def test_only_a_village_has_a_kind() -> None:
    with pytest.raises(UnreadableValueError, match="12位"):
        kind_of("532323101")
