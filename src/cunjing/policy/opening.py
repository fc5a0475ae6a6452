"""The facts a command is given: a folder, or the address of a PostgreSQL schema."""

import sys
from contextlib import AbstractContextManager
from pathlib import Path

from cunjing.policy.facts import Facts, open_facts

_DATABASE = ("postgresql://", "postgres://")


def facts_at(place: str, *, anew: bool = False) -> AbstractContextManager[Facts]:
    """The facts, checked, for use in a `with`. Says on standard error what was not read.

    A folder remembered as sound is checked again where `anew` is asked for.
    """
    if place.startswith(_DATABASE):
        from cunjing.policy.postgres_facts import (  # noqa: PLC0415 - its driver takes 70 ms
            open_postgres_facts,
        )

        return open_postgres_facts(place)
    facts = open_facts(Path(place), anew=anew)
    for name in facts.unread:
        sys.stderr.write(f"注意：{name} 不是已知的表，没有读\n")
    return facts
