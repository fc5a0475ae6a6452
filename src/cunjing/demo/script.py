"""Three months of invented work, written out before anything is recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from cunjing.demo import parts
from cunjing.demo.amounts import Amounts, amounts_of
from cunjing.demo.cast import Case, Cast, Service
from cunjing.demo.months import FROZEN, OPEN, RUNNING, Months, moment
from cunjing.demo.seed import chance, fixed_id
from cunjing.demo.staffing import Register
from cunjing.demo.texts import CORRECTION, LOGS, REPEATED_ENTRY
from cunjing.fieldwork.items import WorkItem
from cunjing.fieldwork.models import RecordKind
from cunjing.matters.items import MatterItem

_STRAGGLER, _CORRECTED, _WITHDRAWN = 0.06, 0.03, 0.01
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Correction:
    """A record to be corrected by `item`, received at `at`."""

    record_id: UUID
    item: WorkItem
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A record that counts no more from `at`."""

    record_id: UUID
    reason: str
    at: datetime


@dataclass(slots=True)
class Script:
    """Everything to record, visits before their parts, with its times of arrival."""

    items: list[WorkItem] = field(default_factory=list)
    matters: list[MatterItem] = field(default_factory=list)
    arrivals: dict[UUID, datetime] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Scene:
    """One person's month in one village."""

    service: Service
    case: Case
    place: int
    months: Months
    staff_id: UUID
    households: Sequence[UUID]
    luck: Random

    def name(self, *words: object) -> tuple[object, ...]:
        """Words that name a thing of this scene."""
        return (self.service.village_code, self.service.person.number, self.place, *words)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Which of a month's visits this is, counted from 0."""

    number: int
    visits: int

    @property
    def last(self) -> bool:
        """Whether it is the month's last."""
        return self.number == self.visits - 1

    def share_of(self, total: int) -> int:
        """How many of `total` fall to this visit."""
        return (total + self.visits - 1 - self.number) // self.visits


def script_of(
    *, cast: Cast, register: Register, households: Mapping[str, Sequence[UUID]], months: Months
) -> Script:
    """The work of the whole cast in the three months."""
    script = Script()
    for service in cast.services:
        for place in (FROZEN, OPEN, RUNNING):
            scene = _Scene(
                service=service,
                case=cast.cases[service.village_code],
                place=place,
                months=months,
                staff_id=register[service.person.badge_number],
                households=households[service.village_code],
                luck=chance("work", service.village_code, service.person.number, place),
            )
            _play(scene, script)
    return script


def _play(scene: _Scene, script: Script) -> None:
    candidates = list(_days(scene))
    if not candidates:
        return
    share = min(1.0, len(candidates) / len(list(_weekdays(scene))))
    amounts = amounts_of(
        role=scene.service.person.role,
        case=scene.case,
        place=scene.place,
        share=share,
        luck=scene.luck,
    )
    days = sorted(scene.luck.sample(candidates, min(amounts.visits, len(candidates))))
    homes = scene.luck.sample(list(scene.households), amounts.households)
    for number, day in enumerate(days):
        _visit(
            scene,
            script,
            turn=_Turn(number, len(days)),
            day=day,
            amounts=amounts,
            homes=homes[number :: len(days)],
        )


def _visit(
    scene: _Scene,
    script: Script,
    *,
    turn: _Turn,
    day: date,
    amounts: Amounts,
    homes: Sequence[UUID],
) -> None:
    """One visit with its parts; drawn in any case, kept only if its day is over."""
    luck = scene.luck
    began = moment(day, luck.randint(8, 9), luck.choice((0, 10, 20, 30, 40)))
    left = began + timedelta(minutes=luck.randint(300, 420))
    visit = WorkItem(
        id=fixed_id("visit", *scene.name(turn.number), at=began),
        kind=RecordKind.VILLAGE_VISIT,
        village_code=scene.service.village_code,
        staff_id=scene.staff_id,
        occurred_at=began,
        details={"left_at": left, "log": luck.choice(LOGS)},
    )
    told = [*parts.calls(visit, homes=homes, luck=luck)]
    told += parts.information(visit, count=turn.share_of(amounts.information), luck=luck)
    if turn.last and amounts.warnings:
        told.append(parts.warning(visit, luck=luck))
    if luck.random() < amounts.sessions:
        told.append(parts.session(visit, luck=luck))
    matters = list(parts.matters(visit, luck=luck)) if scene.place != FROZEN else []
    arrival = _arrival(scene, left=left)
    afterthoughts = luck.random(), luck.random()
    if day >= scene.months.base:
        return
    script.items += [visit, *told]
    script.matters += matters
    script.arrivals |= {item.id: arrival for item in (visit, *told)}
    script.arrivals |= {matter.id: arrival for matter in matters}
    _after(scene, script, visit=visit, told=told, arrival=arrival, chances=afterthoughts)
    _late(scene, script, visit=visit, told=told, last=turn.last)


def _after(
    scene: _Scene,
    script: Script,
    *,
    visit: WorkItem,
    told: Sequence[WorkItem],
    arrival: datetime,
    chances: tuple[float, float],
) -> None:
    """Now and then a visit is corrected a day later, or an item withdrawn."""
    later = arrival + timedelta(days=1)
    if scene.case is not Case.PLAIN or later > scene.months.now:
        return
    if chances[0] < _CORRECTED:
        moved = visit.occurred_at + timedelta(minutes=20)
        item = replace(visit, id=fixed_id("correction", visit.id, at=later), occurred_at=moved)
        script.corrections.append(Correction(visit.id, item, CORRECTION, later))
    items = [item for item in told if item.kind is RecordKind.INFORMATION]
    if chances[1] < _WITHDRAWN * len(items):
        script.withdrawals.append(Withdrawal(items[0].id, REPEATED_ENTRY, later))


def _late(
    scene: _Scene, script: Script, *, visit: WorkItem, told: Sequence[WorkItem], last: bool
) -> None:
    """What reaches the frozen month after it was frozen: a warning, and a withdrawn call."""
    if scene.place != FROZEN or not last:
        return
    if scene.case is Case.LATE_WARNING:
        warning = parts.warning(visit, luck=scene.luck)
        script.items.append(warning)
        script.arrivals[warning.id] = moment(scene.months.day(OPEN, 12), 9)
    if scene.case is Case.WITHDRAWN_LATER:
        call = next(item for item in told if item.kind is RecordKind.HOUSEHOLD_VISIT)
        at = moment(scene.months.day(OPEN, 14), 10)
        script.withdrawals.append(Withdrawal(call.id, REPEATED_ENTRY, at))


def _arrival(scene: _Scene, *, left: datetime) -> datetime:
    """Usually within two hours of leaving; a straggler's data takes two or three days."""
    minutes = scene.luck.randint(5, 120)
    straggles = scene.luck.random() < _STRAGGLER
    slow = left + timedelta(days=scene.luck.randint(2, 3))
    return slow if straggles and slow <= scene.months.now else left + timedelta(minutes=minutes)


def _days(scene: _Scene) -> Iterator[date]:
    """Weekdays of the month on which the person serves the village and is there."""
    service, months = scene.service, scene.months
    for day in _weekdays(scene):
        serves = service.start <= day and (service.end is None or day < service.end)
        if serves and not _gone(scene.case, place=scene.place, day=day, months=months):
            yield day


def _weekdays(scene: _Scene) -> Iterator[date]:
    month = scene.months.month(scene.place)
    for number in range(month.days):
        day = month.start + timedelta(days=number)
        if day.weekday() < _SATURDAY:
            yield day


def _gone(case: Case, *, place: int, day: date, months: Months) -> bool:
    """Away as `demo.staffing` enters it; the silent have sent nothing since the 18th."""
    match case:
        case Case.AWAY:
            return place == OPEN
        case Case.HALF_AWAY:
            return months.day(FROZEN, 6) <= day < months.day(FROZEN, 18)
        case Case.SILENT:
            return day >= months.day(OPEN, 18)
        case _:
            return False
