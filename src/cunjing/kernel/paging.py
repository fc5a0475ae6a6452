"""Keyset paging: a page knows the last row it showed, so that new rows never shift the next one."""

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
