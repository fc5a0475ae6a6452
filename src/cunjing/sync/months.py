"""A person's month as rows of a scope: the state of their postings there, and the rules for it.

Made when their work in the scope has changed, or when something else has that the verdicts hang on
(`ScopePart.states_key`); otherwise what is kept stays, so that a pull without news costs nothing.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from cunjing.assessment.personal import personal_states
from cunjing.base.clock import now
from cunjing.sync.rows import Row, made, reader_of

MONTH_TYPES = ("standing", "rules")
"""Both are named by the posting they are about."""


def month_rows(code: str, *, owner: UUID) -> list[Row]:
    """The rows of one person in one village. The watermark makes no other version of a state."""
    at = now()
    found = personal_states(actor=reader_of([code]), staff_id=owner, village_code=code, at=at)
    rows = []
    for said in found.standings:
        fields, posting = dict(said), str(said["posting"])
        bare = made("standing", posting, fields, owner=owner)
        seen = {**fields, "watermark": at}
        rows.append(made("standing", posting, seen, version=bare.version, owner=owner))
        tables = {"village": code, "tables": found.tables}
        rows.append(made("rules", posting, tables, owner=owner))
    return rows


def unchanged(rows: Iterable[Row], *, stored: Mapping[tuple[str, str], Row]) -> list[Row]:
    """The rows, those of a version that is kept already with the content that is kept."""
    return [
        row._replace(content=kept.content)
        if (kept := stored.get(row.key)) and kept.content and kept.version == row.version
        else row
        for row in rows
    ]
