"""The facts tables as typed rows for plain Python, one class a table, columns in table order.

Times are aware (UTC); closed lists are plain strings equal to their enum members.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class VillageRow:
    """`villages`."""

    table: ClassVar[str] = "villages"
    village_code: str
    name: str
    township_code: str | None
    county_code: str | None
    layer: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class AdjacencyRow:
    """`township_adjacency`."""

    table: ClassVar[str] = "township_adjacency"
    township_code: str
    adjacent_code: str


@dataclass(frozen=True, slots=True)
class HamletRow:
    """`hamlets`."""

    table: ClassVar[str] = "hamlets"
    hamlet_id: str
    village_code: str
    name: str | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """`units`."""

    table: ClassVar[str] = "units"
    unit_code: str
    kind: str
    name: str | None
    division_code: str | None


@dataclass(frozen=True, slots=True)
class VillageUnitRow:
    """`village_units`."""

    table: ClassVar[str] = "village_units"
    village_code: str
    unit_code: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class StaffRow:
    """`staff`."""

    table: ClassVar[str] = "staff"
    staff_id: str
    role: str
    unit_code: str | None
    home_village_code: str | None
    party_member: bool | None
    on_duty_from: date | None
    on_duty_to: date | None
    trained_on: date | None


@dataclass(frozen=True, slots=True)
class PostingRow:
    """`postings`."""

    table: ClassVar[str] = "postings"
    posting_id: str
    village_code: str
    staff_id: str
    role: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """`absences`."""

    table: ClassVar[str] = "absences"
    staff_id: str
    kind: str
    date_from: date
    date_to: date


@dataclass(frozen=True, slots=True)
class EventRow:
    """`events`."""

    table: ClassVar[str] = "events"
    event_id: str
    kind: str
    subkind: str | None
    village_code: str | None
    unit_code: str | None
    staff_id: str | None
    local_date: date
    occurred_at: datetime | None
    received_at: datetime | None
    for_period: str | None
    object_id: str | None
    log_id: str | None
    void: bool | None
    voided_at: datetime | None
    object_no: int | None


@dataclass(frozen=True, slots=True)
class MatterRow:
    """`matters`."""

    table: ClassVar[str] = "matters"
    matter_id: str
    kind: str
    subkind: str | None
    village_code: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    level: str | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """`groups`."""

    table: ClassVar[str] = "groups"
    group_id: str
    kind: str
    parent_id: str | None
    village_code: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """`members`."""

    table: ClassVar[str] = "members"
    member_id: str
    group_id: str
    person_id: str
    post: str | None
    birth_month: str | None
    sex: str | None
    hamlet_id: str | None
    party_member: bool | None


@dataclass(frozen=True, slots=True)
class SyncRow:
    """`sync`."""

    table: ClassVar[str] = "sync"
    staff_id: str
    last_sync_at: datetime


@dataclass(frozen=True, slots=True)
class MarkRow:
    """`marks`."""

    table: ClassVar[str] = "marks"
    subject_id: str
    period: str
    item: str
    value: str


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """`money`."""

    table: ClassVar[str] = "money"
    subject_id: str
    period: str
    item: str
    fen: int


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """`candidates`."""

    table: ClassVar[str] = "candidates"
    staff_id: str
    unit_kind: str | None
    native_village_code: str | None
    former_township_code: str | None
    former_village_code: str | None
    capacity: int
    rank: int | None
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class WishRow:
    """`wishes`."""

    table: ClassVar[str] = "wishes"
    staff_id: str
    village_code: str
    rank: int


@dataclass(frozen=True, slots=True)
class VillageFeatureRow:
    """`village_features`."""

    table: ClassVar[str] = "village_features"
    village_code: str
    on_main_road: bool | None
    complex: bool | None
    cases: int | None
    disputes: int | None
    hazards: int | None
    population: int | None
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class PinRow:
    """`pins`."""

    table: ClassVar[str] = "pins"
    staff_id: str
    village_code: str


@dataclass(frozen=True, slots=True)
class BanRow:
    """`bans`."""

    table: ClassVar[str] = "bans"
    staff_id: str
    village_code: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """`needs`. The window is a time of day in Shanghai, `HH:MM`."""

    table: ClassVar[str] = "needs"
    household_id: str
    village_code: str
    hamlet_id: str | None
    prize: int
    fixed_date: date | None
    window_from: str | None
    window_to: str | None
    minutes: int | None
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """`calendar`."""

    table: ClassVar[str] = "calendar"
    date: date
    working: bool | None
    festival: bool | None
    market: bool | None


@dataclass(frozen=True, slots=True)
class CarRow:
    """`cars`."""

    table: ClassVar[str] = "cars"
    car_id: str
    unit_code: str | None
