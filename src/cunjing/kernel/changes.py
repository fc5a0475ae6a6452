"""Reading the change log: numbered, as a pull does before it reads (docs/explanation,
sync-groundwork), or for when something was told."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, QuerySet

from cunjing.kernel.models import Change
from cunjing.kernel.prepared import prepared

_TABLE = Change._meta.db_table
# One statement: what it numbers is what it returns, whatever is committed meanwhile.
_NUMBER = f"""
UPDATE {_TABLE} SET number = %s + fresh.place
FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM {_TABLE}
    WHERE scope = %s AND number IS NULL
) AS fresh
WHERE {_TABLE}.id = fresh.id
RETURNING record_type, record_id, number
"""  # noqa: S608 - our own table's name


class NumberedChange(NamedTuple):
    """A changed record with the number it just got in its scope."""

    record_type: str
    record_id: str
    number: int


def with_news(scopes: Iterable[str]) -> set[str]:
    """Those of the scopes in which something was committed that has no number yet."""
    return set(_waiting(scopes=list(scopes)))


@prepared
def _waiting(*, scopes: list[str]) -> QuerySet[Change, str]:
    waiting = Change.objects.filter(scope__in=scopes, number=None)
    return waiting.order_by().values_list("scope", flat=True).distinct()


def last_told(
    *, record_type: str, record_ids: Iterable[str], scopes: Iterable[str]
) -> dict[tuple[str, str], datetime]:
    """When each of some scopes was last told of each of some records: by record and scope."""
    told = Change.objects.filter(
        record_type=record_type, record_id__in=set(record_ids), scope__in=set(scopes)
    )
    rows = told.order_by().values_list("record_id", "scope").annotate(last=Max("at"))
    return {(record_id, scope): last for record_id, scope, last in rows}


def number_changes(*, scope: str, after: int) -> list[NumberedChange]:
    """Give `after` + 1, + 2, … to the changes of a scope that are committed and have no number.

    The caller holds the lock of the scope until it commits; writers never wait for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [after, scope])
        return [NumberedChange(*row) for row in cursor.fetchall()]
