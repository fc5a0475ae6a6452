"""What the expressions share: functions Ibis does not name, exact division, digests of evidence."""

from collections.abc import Iterable
from typing import Any

import ibis
import ibis.expr.types as ir

from cunjing.policy.verdict import evidence_digest

_WIDE = "decimal(38, 0)"
NOTHING = evidence_digest(())
"""The digest of no evidence."""


def _of_the_backend(mask: int) -> int:
    """Stands for a function of the backend; never called."""
    raise NotImplementedError


bit_or: Any = ibis.udf.agg.builtin(_of_the_backend, name="bit_or")
"""All bits of a group's integers."""

bit_count: Any = ibis.udf.scalar.builtin(_of_the_backend, name="bit_count")
"""How many bits an integer has."""


def union(tables: Iterable[ir.Table]) -> ir.Table:
    """The rows of all tables, which have the same columns; at least one."""
    first, *rest = tables
    return ibis.union(first, *rest, distinct=False) if rest else first


def wide(number: ir.Value) -> ir.Value:
    """An integer with room for sums and products of many."""
    return number.cast(_WIDE)


def whole_quotient(number: ir.Value, divisor: ir.Value, *, within: int | None = None) -> ir.Value:
    """⌊number ÷ divisor⌋ of integers, divisor > 0 (else null), without floating point; `within`
    is the most it is, either way.

    What is left over is taken off first, so that the division is exact.
    """
    large, by = wide(number), wide(divisor).nullif(0)
    rest = (large % by + by) % by
    quotient = (large - rest) / by
    if within is not None:
        quotient = quotient.clip(-within, within)
    return quotient.cast("int64")


def holds_on(*, start: ir.Value, end: ir.Value, day: Any) -> ir.Value:
    """Whether a half-open interval holds on a day; a null end is open."""
    return (start.isnull() | (start <= day)) & (end.isnull() | (day < end))


def digest(ids: ir.Value) -> ir.Value:
    """SHA-256 of a list of ids, sorted and joined by newlines."""
    return ids.sort().join("\n").hexdigest("sha256").fill_null(NOTHING)
