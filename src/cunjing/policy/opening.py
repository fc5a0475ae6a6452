"""The facts a command is given: a folder, or the address of a PostgreSQL schema."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.errors import RequestError
from cunjing.policy.facts import Facts, open_facts

_DATABASE = ("postgresql://", "postgres://")


_NO_ROOM = "内存不够，临时文件夹（TMPDIR，一般是 /tmp）也放不下了，请腾出空间，或用 TMPDIR 另指一处"


@contextmanager
def facts_at(place: str, *, anew: bool = False) -> Iterator[Facts]:
    """The facts, checked, for use in a `with`. Says on standard error what was not read.

    A folder remembered as sound is checked again where `anew` is asked for. RequestError where
    there is room neither in memory nor on disk for what is done with them.
    """
    try:
        with _opened(place, anew=anew) as facts:
            yield facts
    except duckdb.OutOfMemoryException as error:
        raise RequestError(_NO_ROOM) from error


def _opened(place: str, *, anew: bool) -> AbstractContextManager[Facts]:
    if place.startswith(_DATABASE):
        from cunjing.policy.postgres_facts import (  # noqa: PLC0415 - its driver takes 70 ms
            open_postgres_facts,
        )

        return open_postgres_facts(place)
    facts = open_facts(Path(place), anew=anew)
    for name in facts.unread:
        sys.stderr.write(f"注意：{name} 不是已知的表，没有读\n")
    return facts
