"""Pages of lists: a size, and a cursor that knows the last row shown.

Cursors are signed, so a client can only hand back what it was given for the same list.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from pydantic import BaseModel, Field

from cunjing.api.fields import StrictQuery
from cunjing.base.errors import FieldFault, invalid

DEFAULT_SIZE = 50
MOST = 200

Row = TypeVar("Row", bound=BaseModel)
Found = TypeVar("Found", bound=Model)
Listed = TypeVar("Listed")


class PageQuery(StrictQuery):
    """`limit` rows from `cursor` on; the cursor comes from the answer before."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = DEFAULT_SIZE
    cursor: Annotated[str, Field(max_length=500)] = ""


class Page(BaseModel, Generic[Row]):
    """One page. `next_cursor` is empty on the last one."""

    items: list[Row]
    next_cursor: str


def page_of(
    rows: QuerySet[Found],
    *,
    order: tuple[str, ...],
    of: str,
    query: PageQuery,
    shape: Callable[[Found], Row],
) -> Page[Row]:
    """A page of a query in `order` (columns, `-` for descending; together they are unique).

    `of` names the list, so that the cursor of one list does not open another.
    """
    shown, next_cursor = cut(rows, order=order, of=of, query=query)
    return Page(items=[shape(row) for row in shown], next_cursor=next_cursor)


def cut(
    rows: QuerySet[Found], *, order: tuple[str, ...], of: str, query: PageQuery
) -> tuple[list[Found], str]:
    """The rows of a page and the cursor of the next one, for lists that are shaped as a whole."""
    if query.cursor:
        rows = rows.filter(_behind(order, values=read_cursor(query.cursor, of=of)))
    found = list(rows.order_by(*order)[: query.limit + 1])
    if len(found) <= query.limit:
        return found, ""
    shown = found[: query.limit]
    names = [column.removeprefix("-") for column in order]
    last = [_plain(getattr(shown[-1], name)) for name in names]
    return shown, cursor_for(last, of=of)


def slice_of(
    rows: Sequence[Listed],
    *,
    key: Callable[[Listed], tuple[str, ...]],
    of: str,
    query: PageQuery,
    shape: Callable[[Listed], Row],
) -> Page[Row]:
    """A page of a list that is in memory, sorted by `key`."""
    if query.cursor:
        behind = tuple(read_cursor(query.cursor, of=of))
        rows = [row for row in rows if key(row) > behind]
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    return Page(
        items=[shape(row) for row in shown],
        next_cursor=cursor_for(key(shown[-1]), of=of) if more else "",
    )


def cursor_for(values: Sequence[str | int], *, of: str) -> str:
    """The signed cursor that stands behind a row with these values."""
    return _signer(of).sign_object(list(values))


def read_cursor(cursor: str, *, of: str) -> list[Any]:
    """What the cursor holds. Raises 42201 for one that this list did not give."""
    try:
        values = _signer(of).unsign_object(cursor)
    except (BadSignature, ValueError) as error:
        advice = "翻页位置读不出来，请从第一页开始。"
        raise invalid(advice, FieldFault("cursor", advice)) from error
    return list(values)


def _signer(of: str) -> Signer:
    return Signer(salt=f"cunjing.api.cursor.{of}")


def _plain(value: object) -> str | int:
    if isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no cursor over {type(value).__name__}")


def _behind(order: Sequence[str], *, values: Sequence[object]) -> Q:
    """Rows after these values, column by column."""
    condition, same = Q(), Q()
    for column, value in zip(order, values, strict=True):
        name = column.removeprefix("-")
        side = "lt" if column.startswith("-") else "gt"
        condition |= same & Q(**{f"{name}__{side}": value})
        same &= Q(**{name: value})
    first = order[0].removeprefix("-")
    bound = "lte" if order[0].startswith("-") else "gte"
    # The first column alone lets the database start at the right place of its index.
    return Q(**{f"{first}__{bound}": values[0]}) & condition
