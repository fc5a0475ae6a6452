"""Canonical bytes: the same for what was written and for what is read back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import models

from cunjing.base.clock import SHANGHAI
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.writing import canonical, state_of


class Sum(models.Model):
    """A row with an amount, never stored."""

    amount = models.DecimalField(max_digits=9, decimal_places=2)
    last_used_on = models.DateField(null=True)

    class Meta:
        app_label = "tests_of_writing"
        managed = False


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"b": 1, "a": 2}, {"a": 2, "b": 1}),
        ({2: "x", 10: "y"}, {"10": "y", "2": "x"}),
        ([1.0, -0.0, 1e20], [1, 0, 100000000000000000000]),
        ((1, 2), [1, 2]),
        (AuditVerb.CREATED, "created"),
        (datetime(2026, 9, 10, 8, tzinfo=SHANGHAI), datetime(2026, 9, 10, 0, tzinfo=UTC)),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"\x01\xff", memoryview(b"\x01\xff")),
        (date(2026, 9, 10), "2026-09-10"),
        (Decimal("1.50"), "1.50"),
        ("中", "\u4e2d"),
    ],
)
def test_equal_values_have_the_same_bytes(one: object, other: object) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (0.1, 0.2), ("1", 1), (None, ""), ([], {}), (1, 1.5)],
)
def test_different_values_have_different_bytes(one: object, other: object) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), datetime(2026, 9, 10), "\ud800"],  # noqa: DTZ001
)
def test_what_has_no_single_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"canonical|JSON|surrogates"):
        canonical({"value": value})


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        canonical(object())


def test_an_amount_is_digested_as_it_is_stored() -> None:
    assert canonical(state_of(Sum(amount=Decimal("1.5")))) == canonical(
        state_of(Sum(amount=Decimal("1.50")))
    )


def test_when_something_was_last_used_is_not_part_of_its_state() -> None:
    assert "last_used_on" not in state_of(Sum(amount=Decimal(1), last_used_on=date(2026, 9, 1)))
