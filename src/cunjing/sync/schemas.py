"""The versions of what mutations say, since when there is each, and which are still read.

A version is read for a year after the next one came, so that a phone that lay in a drawer, or a
line that waited for a person, can still be understood.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from cunjing.base.clock import today
from cunjing.base.errors import Problem, ProblemKind

READ_FOR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """One version of the bodies; `changes` says what is other than in the one before."""

    number: int
    since: date
    changes: str


SCHEMAS: Sequence[SchemaVersion] = (
    SchemaVersion(1, date(2026, 11, 22), "the first"),
    SchemaVersion(2, date(2026, 11, 30), "which refused lines visits and photos stand for"),
)
"""Every version there ever was, oldest first. A new one needs its upcasters (`bodies.UPCASTERS`)
and keeps the samples of those before (`tests/support/sync_samples`)."""


def newest(schemas: Sequence[SchemaVersion] = SCHEMAS) -> int:
    """The version this server writes its forms in."""
    return schemas[-1].number


def oldest(*, on: date, schemas: Sequence[SchemaVersion] = SCHEMAS) -> int:
    """The oldest version still read on a day."""
    for version, following in pairwise(schemas):
        if on < following.since + READ_FOR:
            return version.number
    return newest(schemas)


def check_schema(schema: int, *, schemas: Sequence[SchemaVersion] = SCHEMAS) -> None:
    """Raise 40902 for a version this server does not read, saying which side is behind."""
    least, most = oldest(on=today(), schemas=schemas), newest(schemas)
    if least <= schema <= most:
        return
    detail = "应用比服务器新，什么都没有丢失。请等县局升级服务器后再同步。"
    if schema < least:
        detail = "应用版本太旧，超过一年没有更新，什么都没有丢失。请更新应用后再同步。"
    raise Problem(ProblemKind.UPGRADE, detail, data={"oldest": least, "newest": most})
