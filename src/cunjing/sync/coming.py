"""What lies before a person: days planned for them in their villages, days they have agreed with
households. As rows of a scope.

Few, and looked at anew at each pull: a plan is made again as a whole, and a day that has gone by
leaves without anybody having written anything. Nothing is judged by it.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from cunjing.base.clock import today
from cunjing.rostering.queries.coming import agreed_by, planned_for
from cunjing.sync.rows import Row, made

COMING_TYPES = ("planned", "agreed")
AHEAD = timedelta(days=62)
"""As far as the console's own day looks: this month and the next."""


def coming_rows(*, owner: UUID, codes: Collection[str]) -> Mapping[str, list[Row]]:
    """The rows of one person in these villages, by village: from today on. Of a household its id
    only; the address is in the row of the household."""
    first = today()
    span = {"first": first, "end": first + AHEAD}
    found: dict[str, list[Row]] = {code: [] for code in codes}
    for day in planned_for(staff_id=owner, village_codes=codes, **span):
        fields = {
            "village": day.village_id,
            "day": day.day,
            "moved": day.moved_at is not None,
            "households": [call.household_id for call in day.calls.all()],
        }
        found[day.village_id].append(made("planned", str(day.pk), fields, owner=owner))
    for visit in agreed_by(staff_id=owner, village_codes=codes, **span):
        code = visit.household.village_id
        fields = {
            "village": code,
            "household": visit.household_id,
            "day": visit.day,
            "window_from": visit.window_from,
            "window_to": visit.window_to,
        }
        found[code].append(made("agreed", str(visit.pk), fields, owner=owner))
    return found
