"""Keyset paging: a page knows the last row it showed, so that new rows never shift the next one.

Numbered pages are for lists that stand still, as the verdicts of a run do.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Q

from cunjing.base.errors import FieldFault, invalid

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page; `next_cursor` is empty on the last page."""

    rows: tuple[Row, ...]
    next_cursor: str


def page_count(*, total: int, size: int) -> int:
    """How many pages so many rows fill, at least one."""
    return max(1, -(-total // size))


def nearest_page(asked: int, *, total: int, size: int) -> int:
    """The page asked for, else the nearest there is: past the end rows would seem to be missing,
    and a database refuses an offset without end."""
    return min(max(1, asked), page_count(total=total, size=size))


def cursor_of(value: str, key: UUID) -> str:
    """The cursor that stands behind a row, by its sort value (ISO 8601) and key."""
    return f"{value}~{key}"


def after_cursor(cursor: str, *, field_name: str) -> Q:
    """A filter for the rows behind a cursor, newest first by `field_name`, then by id.

    Raises 42201 for a cursor that was not made by `cursor_of`.
    """
    value, _, key = cursor.partition("~")
    try:
        last = UUID(key)
        datetime.fromisoformat(value)
    except ValueError as error:
        fault = FieldFault("cursor", "翻页位置读不出来，请从第一页开始。")
        raise invalid("翻页位置读不出来，请从第一页开始。", fault) from error
    before = Q(**{f"{field_name}__lt": value}) | Q(**{field_name: value, "id__lt": last})
    # The first half alone lets the database start at the right place of the index.
    return Q(**{f"{field_name}__lte": value}) & before
