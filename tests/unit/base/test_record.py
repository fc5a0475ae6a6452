"""Records do what frozen dataclasses do; those who read dataclasses read them."""

import copy
import dataclasses
import pickle

import pytest

from cunjing.base.record import Record


class Span(Record):
    """Has a default."""

    low: int
    high: int = 9

    @property
    def width(self) -> int:
        """Records may have more than values."""
        return self.high - self.low


class Range(Record):
    """Has the same values as Span."""

    low: int
    high: int = 9


class Nothing(Record):
    """Holds no value."""


def test_values_are_given_by_position_or_by_name() -> None:
    assert Span(1, 2) == Span(1, high=2) == Span(high=2, low=1)
    assert (Span(1).low, Span(1).high, Span(1).width) == (1, 9, 8)
    assert Nothing() == Nothing()


@pytest.mark.parametrize(
    ("args", "given"),
    [
        ((), {}),
        ((), {"high": 1}),
        ((1, 2, 3), {}),
        ((1,), {"low": 1}),
        ((1,), {"low": 1, "high": 2}),
        ((1,), {"wide": 1}),
        ((), {"high": 1, "wide": 1}),
    ],
)
def test_what_does_not_fit_is_refused(args: tuple[int, ...], given: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="Span takes low, high, once each"):
        Span(*args, **given)


def test_nothing_changes_afterwards() -> None:
    span = Span(1)
    for name in ("low", "wide"):
        with pytest.raises(AttributeError, match=f"Span.{name} is frozen"):
            setattr(span, name, 2)
        with pytest.raises(AttributeError, match=f"Span.{name} is frozen"):
            delattr(span, name)
    assert not hasattr(span, "__dict__")


def test_records_are_equal_where_class_and_values_are() -> None:
    assert Span(1, 2) != Span(1, 3)
    assert Span(1, 2) != Range(1, 2)
    assert Span(1, 2) != (1, 2)
    assert len({Span(1, 2), Span(1, 2), Span(2, 2)}) == 2


def test_records_say_what_they_are() -> None:
    assert repr(Span(1)) == "Span(low=1, high=9)"
    assert Span(1).named() == {"low": 1, "high": 9}


def test_records_match_patterns() -> None:
    match Span(1, 2):
        case Span(low, high=2):
            assert low == 1


def test_records_are_copied_whole() -> None:
    assert copy.deepcopy(Span(1, 2)) == Span(1, 2)
    assert pickle.loads(pickle.dumps(Span(1, 2))) == Span(1, 2)  # noqa: S301 - our own


def test_who_reads_dataclasses_reads_records() -> None:
    assert dataclasses.is_dataclass(Span(1))
    assert [field.name for field in dataclasses.fields(Span)] == ["low", "high"]
    assert [field.default for field in dataclasses.fields(Span(1))] == [dataclasses.MISSING, 9]
    assert dataclasses.asdict(Span(1)) == {"low": 1, "high": 9}
    assert dataclasses.replace(Span(1), low=2) == Span(2)
