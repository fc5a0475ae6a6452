"""Postings made by the product's own actions, and people sheets to import."""

from collections.abc import Sequence
from datetime import date

from tests.support.places_factories import system

from cunjing.coverage.actions import open_posting
from cunjing.coverage.import_plan import ImportRow
from cunjing.coverage.models import Posting
from cunjing.staffing.models import Staff


def post(
    staff: Staff, village_code: str, *, since: date, until: date | None = None, role: str = ""
) -> Posting:
    """Post someone to a village in their own role, unless `role` says otherwise."""
    return open_posting(
        actor=system(),
        village_code=village_code,
        staff_id=staff.pk,
        role=role or staff.role,
        valid_from=since,
        valid_to=until,
    ).posting


def import_row(number: int, **cells: str) -> ImportRow:
    """A row of the people sheet; what is not said is a sound liaison officer without posting."""
    sound = {"badge_number": f"A{number:03}", "name": "示例乙", "role": "包村民警"}
    return ImportRow(number=number, cells={**sound, **cells})


def import_rows(*rows: dict[str, str]) -> Sequence[ImportRow]:
    """Rows from row 3 on, as below a header and an explanation."""
    return [import_row(number, **cells) for number, cells in enumerate(rows, start=3)]
