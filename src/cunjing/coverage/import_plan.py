"""What an import would do, as plain data: shown to a person first, applied only if still true."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from cunjing.base.errors import FieldFault
from cunjing.kernel.writing import canonical


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the people sheet: its number in the sheet and its text by field."""

    number: int
    cells: Mapping[str, str]


class Outcome(Enum):
    """What becomes of a row."""

    NEW = "新增"
    CHANGED = "变更"
    UNCHANGED = "不变"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that will change; `before` and `after` as a person reads them, empty for nothing."""

    field: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedPosting:
    """A posting that will be opened, without end."""

    village_code: str
    village_name: str
    role: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """One row of a plan. `columns` holds the values to store; `staff_id` is None for a new one."""

    row: int
    badge_number: str
    name: str
    outcome: Outcome
    staff_id: UUID | None
    changes: tuple[FieldChange, ...]
    postings: tuple[PlannedPosting, ...]
    columns: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A dry run. With faults nothing can be applied; warnings refuse nothing.

    `digest` stands for every row, every value before and after: a plan made again from the same
    rows has the same digest exactly as long as nothing it rests on has changed.
    """

    people: tuple[PlannedPerson, ...]
    faults: tuple[FieldFault, ...]
    warnings: tuple[FieldFault, ...]
    digest: str

    @property
    def applicable(self) -> bool:
        """Whether it has people and no faults."""
        return bool(self.people) and not self.faults

    def count(self, outcome: Outcome) -> int:
        """How many rows have this outcome."""
        return sum(1 for person in self.people if person.outcome is outcome)

    @property
    def postings(self) -> int:
        """How many postings will be opened."""
        return sum(len(person.postings) for person in self.people)


def plan_of(
    *,
    people: list[PlannedPerson],
    faults: list[FieldFault],
    warnings: list[FieldFault],
) -> ImportPlan:
    """The plan with its digest."""
    state = {
        "people": [{**asdict(person), "outcome": person.outcome.name} for person in people],
        "faults": [asdict(fault) for fault in faults],
    }
    return ImportPlan(
        people=tuple(people),
        faults=tuple(faults),
        warnings=tuple(warnings),
        digest=hashlib.sha256(canonical(state)).hexdigest(),
    )
