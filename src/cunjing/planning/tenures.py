"""Who has been in which village since when: postings that touch are one tenure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cunjing.policy.model import DatedThreshold
from cunjing.policy.periods import add_months
from cunjing.policy.records import PostingRow


@dataclass(frozen=True, slots=True)
class Tenure:
    """Half-open; `end` None = still going on."""

    staff: str
    village: str
    start: date
    end: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it covers a day."""
        return self.start <= day and (self.end is None or day < self.end)


def tenures_of(postings: Iterable[PostingRow], *, role: str) -> list[Tenure]:
    """The tenures of one role, by person, village and start."""
    spells: dict[tuple[str, str], list[PostingRow]] = defaultdict(list)
    for posting in postings:
        if posting.role == role:
            spells[posting.staff_id, posting.village_code].append(posting)
    found: list[Tenure] = []
    for (staff, village), rows in sorted(spells.items()):
        for row in sorted(rows, key=lambda row: (row.valid_from, row.valid_to or date.max)):
            last = found[-1] if found and found[-1].staff == staff else None
            if (
                last
                and last.village == village
                and (last.end is None or last.end >= row.valid_from)
            ):
                found[-1] = Tenure(staff, village, last.start, _later(last.end, row.valid_to))
            else:
                found.append(Tenure(staff, village, row.valid_from, row.valid_to))
    return found


def full_on(tenure: Tenure, *, limits: Iterable[DatedThreshold]) -> date | None:
    """The first day on which somebody has been in a village for as many months as are allowed on
    that day; None where no limit is in force then."""
    reached = [
        max(add_months(tenure.start, one.value), one.valid_from or date.min)
        for one in limits
        if isinstance(one.value, int)
        and (one.valid_to is None or add_months(tenure.start, one.value) < one.valid_to)
    ]
    return min(reached, default=None)


def complete_months(start: date, until: date) -> int:
    """Complete calendar months from a day to another: 31 January to 1 March is one."""
    months = (until.year - start.year) * 12 + until.month - start.month
    return months - 1 if until.day < start.day else months


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
