"""What must hold for a piece of work to be recorded: pure checks over facts already read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from cunjing.base.clock import local_date
from cunjing.base.errors import FieldFault
from cunjing.fieldwork.details import SUBKINDS, left_at
from cunjing.fieldwork.items import ReadItem
from cunjing.fieldwork.models import RecordKind

# Clocks of phones and servers differ a little; what lies further ahead has not happened yet.
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Term:
    """Days from `start` up to (not including) `end`; None = still running."""

    start: date
    end: date | None

    def holds(self, day: date) -> bool:
        """Whether the day lies inside."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class HouseholdFact:
    """Where a household is and since when its address is out of use.

    `left`: the villages it was in before a merge or a move, each with the day it left.
    """

    village_code: str
    retired_on: date | None
    left: Mapping[str, date] = field(default_factory=dict)

    def was_in(self, village_code: str, *, on: date) -> bool:
        """Whether it is in the village, or left it on that day or later."""
        left = self.left.get(village_code)
        return village_code == self.village_code or (left is not None and on <= left)


@dataclass(frozen=True, slots=True)
class VisitFact:
    """What the parts of a visit must agree with."""

    village_code: str
    staff_id: UUID
    first_day: date
    last_day: date
    voided: bool = False


@dataclass(slots=True)
class Known:
    """Facts about everything the items name. A missing key is something that is not there."""

    staff: dict[UUID, UUID | None] = field(default_factory=dict)
    postings: dict[tuple[UUID, str], list[Term]] = field(default_factory=dict)
    households: dict[UUID, HouseholdFact] = field(default_factory=dict)
    visits: dict[UUID, VisitFact] = field(default_factory=dict)
    stations: dict[str, list[tuple[str, Term]]] = field(default_factory=dict)
    units: frozenset[str] = frozenset()


def item_faults(read: ReadItem, *, known: Known, received_at: datetime) -> list[FieldFault]:
    """Everything that stands against recording this item, in Chinese, by field."""
    return [
        *_time_faults(read, received_at=received_at),
        *_subkind_faults(read),
        *_posting_faults(read, known=known),
        *_household_faults(read, known=known),
        *_visit_faults(read, known=known),
        *_unit_faults(read, known=known),
    ]


def is_late(*, day: date, received_at: datetime) -> bool:
    """Whether a record arrived after the month it belongs to had ended (Asia/Shanghai)."""
    arrived = local_date(received_at)
    return (arrived.year, arrived.month) > (day.year, day.month)


def station_of(*, village_code: str, on: date, known: Known) -> str:
    """The station that answers for a village on a day; empty where none does."""
    return next((code for code, term in known.stations.get(village_code, ()) if term.holds(on)), "")


def _time_faults(read: ReadItem, *, received_at: datetime) -> Iterator[FieldFault]:
    ahead = "时间还没有到，请核对日期和时间。"
    began = read.item.occurred_at
    if began > received_at + CLOCK_SKEW:
        yield FieldFault("occurred_at", ahead)
    if read.item.kind is not RecordKind.VILLAGE_VISIT:
        return
    ended = left_at(read.details)
    if ended > received_at + CLOCK_SKEW:
        yield FieldFault("left_at", ahead)
    if ended <= began:
        yield FieldFault("left_at", "离村时间应晚于到村时间。")
        return
    nights = (local_date(ended) - read.day).days
    if nights > 1:
        yield FieldFault("left_at", "一次进村不能跨过两个以上的夜晚，请按天分开登记。")
    elif nights == 1 and not read.details["overnight_reason"]:
        yield FieldFault("overnight_reason", "离村在第二天，请写明过夜的原因。")


def _subkind_faults(read: ReadItem) -> Iterator[FieldFault]:
    allowed, subkind = SUBKINDS[read.item.kind], read.item.subkind
    if allowed is None and subkind:
        yield FieldFault("subkind", f"{read.item.kind.label}没有细类，请留空。")
    elif allowed is not None and subkind not in allowed.values:
        offered = "、".join(str(label) for label in allowed.labels)
        yield FieldFault("subkind", f"请选择细类：{offered}。")


def _posting_faults(read: ReadItem, *, known: Known) -> Iterator[FieldFault]:
    item = read.item
    if item.staff_id not in known.staff:
        yield FieldFault("staff_id", "没有这名人员，请重新选择。")
        return
    terms = known.postings.get((item.staff_id, item.village_code), ())
    if not any(term.holds(read.day) for term in terms):
        yield FieldFault(
            "staff_id",
            f"该人员 {read.day} 没有包这个村，请核对村和日期；安排有误的先在包村安排中更正。",
        )


def _household_faults(read: ReadItem, *, known: Known) -> Iterator[FieldFault]:
    item = read.item
    if item.kind is not RecordKind.HOUSEHOLD_VISIT:
        if item.household_id is not None:
            yield FieldFault("household_id", f"{item.kind.label}不填住户，请留空。")
        return
    if item.household_id is None:
        yield FieldFault("household_id", "请选择走访的住户。")
        return
    household = known.households.get(item.household_id)
    if household is None or not household.was_in(item.village_code, on=read.day):
        yield FieldFault("household_id", "本村没有这个住户，请从本村住户中选择。")
    elif household.retired_on is not None and household.retired_on <= read.day:
        yield FieldFault("household_id", f"这个门牌 {household.retired_on} 起停用，请重选。")


def _visit_faults(read: ReadItem, *, known: Known) -> Iterator[FieldFault]:
    item = read.item
    if item.visit_id is None:
        return
    if item.kind is RecordKind.VILLAGE_VISIT:
        yield FieldFault("visit_id", "进村记录不能从属于另一次进村，请留空。")
        return
    visit = known.visits.get(item.visit_id)
    if visit is None:
        yield FieldFault("visit_id", "没有这次进村记录，请重新选择。")
    elif (visit.village_code, visit.staff_id) != (item.village_code, item.staff_id):
        yield FieldFault("visit_id", "这次进村不是同一人在同一村的，请重新选择。")
    elif visit.voided:
        yield FieldFault("visit_id", "这次进村记录已更正或作废，请选择更正后的记录。")
    elif not visit.first_day <= read.day <= visit.last_day:
        yield FieldFault("occurred_at", "时间不在这次进村的日期之内，请核对。")


def _unit_faults(read: ReadItem, *, known: Known) -> Iterator[FieldFault]:
    item = read.item
    if not item.unit_code:
        return
    if item.kind is not RecordKind.INFORMATION:
        yield FieldFault("unit_code", f"{item.kind.label}不填接收单位，请留空。")
    elif item.unit_code not in known.units:
        yield FieldFault("unit_code", "没有这个单位，请重新选择。")
