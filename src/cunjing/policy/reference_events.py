"""Which events count for a subject, why the others do not, and what the counted ones amount to."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cunjing.policy.enums import EventKind, Reason, SubjectKind
from cunjing.policy.measures import EventMeasure, Tally
from cunjing.policy.model import Rule
from cunjing.policy.periods import SubPeriodKind, parse_period, start_of_day
from cunjing.policy.records import EventRow, PostingRow
from cunjing.policy.reference_world import (
    ONE_DAY,
    Measured,
    World,
    answers_for,
    days_between,
    days_in_period,
    valid_on,
)
from cunjing.policy.verdict import Rejected

LOOK_AROUND = timedelta(days=31)
"""How far before and after the period rejected events are listed."""

HELD_LATER = (EventKind.REPORT, EventKind.SUMMARY, EventKind.MEETING)
"""The kinds whose `for_period` says which period they are about."""


def fits(measure: EventMeasure, event: EventRow) -> bool:
    """Whether the event is of the rule's kind and, if it names any, of one of its subkinds."""
    wanted = measure.event
    return event.kind == wanted.kind and (not wanted.subkinds or event.subkind in wanted.subkinds)


def is_void(event: EventRow, as_of: datetime) -> bool:
    """Whether the event is void at the watermark: from voided_at on, or from the start."""
    return bool(event.void) and (event.voided_at is None or event.voided_at <= as_of)


def received(event: EventRow) -> datetime:
    """When the event came in: received_at, else occurred_at, else 00:00 of its local date."""
    return event.received_at or event.occurred_at or start_of_day(event.local_date)


def in_period(world: World, event: EventRow) -> bool:
    """Whether the period it is about, else its date, lies in the period."""
    if event.kind in HELD_LATER and event.for_period is not None:
        return world.period.contains(parse_period(event.for_period))
    return world.period.start <= event.local_date < world.period.end


def common_reason(world: World, event: EventRow) -> Reason | None:
    """The first of the reasons every kind of subject knows."""
    if is_void(event, world.as_of):
        return Reason.VOID
    if received(event) > world.as_of:
        return Reason.LATE
    if not in_period(world, event):
        return Reason.OUT_OF_PERIOD
    return None


def posting_reason(world: World, posting: PostingRow, event: EventRow) -> Reason | None:
    """Why an event of the posted person is not credited to the posting; None if it is."""
    reason = common_reason(world, event)
    if reason is not None:
        return reason
    if event.village_code != posting.village_code:
        return Reason.WRONG_VILLAGE
    if not valid_on(start=posting.valid_from, end=posting.valid_to, day=event.local_date):
        return Reason.NOT_POSTED
    return None


def credit_posting(
    world: World, rule: Rule, measure: EventMeasure, posting: PostingRow
) -> Measured:
    """Events of the posted person, in the posted village, while posted, in the period."""
    own = [event for event in world.events_of[posting.staff_id] if fits(measure, event)]
    others = [
        other
        for other in world.postings_of[posting.staff_id]
        if other.role in rule.subject.roles
        and other.posting_id != posting.posting_id
        and days_in_period(start=other.valid_from, end=other.valid_to, period=world.period)
    ]
    credited = []
    refused = []
    for event in own:
        reason = posting_reason(world, posting, event)
        if reason is None:
            credited.append(event)
        elif not any(posting_reason(world, other, event) is None for other in others):
            refused.append((event, reason))
    return _measured(world, measure, credited, refused)


def credit_place(world: World, rule: Rule, measure: EventMeasure, subject: str) -> Measured:
    """Events of a village or of a unit in the period."""
    concerns = _of_village if rule.subject.kind is SubjectKind.VILLAGE else _of_unit
    credited = []
    refused = []
    for event in world.events:
        if not fits(measure, event) or not concerns(world, subject, event):
            continue
        reason = common_reason(world, event)
        if reason is None:
            credited.append(event)
        else:
            refused.append((event, reason))
    return _measured(world, measure, credited, refused)


def _of_village(world: World, village_code: str, event: EventRow) -> bool:
    """It names the village, or no village but a unit that answers for it that day."""
    if event.village_code is not None:
        return event.village_code == village_code
    return event.unit_code is not None and answers_for(
        world, unit_code=event.unit_code, village_code=village_code, day=event.local_date
    )


def _of_unit(_world: World, unit_code: str, event: EventRow) -> bool:
    return event.unit_code == unit_code


def _measured(
    world: World,
    measure: EventMeasure,
    credited: Sequence[EventRow],
    refused: Sequence[tuple[EventRow, Reason]],
) -> Measured:
    counted = tuple(event.event_id for event in credited)
    return Measured(tally(world, measure, credited), counted, _listed(world, refused))


def _listed(world: World, refused: Sequence[tuple[EventRow, Reason]]) -> tuple[Rejected, ...]:
    """The refused events dated near the period, or about it, by id."""
    first = world.period.start - LOOK_AROUND
    last = world.period.end - ONE_DAY + LOOK_AROUND
    near = [
        Rejected(event.event_id, reason)
        for event, reason in refused
        if first <= event.local_date <= last or in_period(world, event)
    ]
    return tuple(sorted(near, key=lambda item: item.id))


def tally(world: World, measure: EventMeasure, events: Sequence[EventRow]) -> int:
    """What the credited events amount to."""
    match measure.tally:
        case Tally.COUNT:
            return len(events)
        case Tally.DISTINCT_DAYS:
            return len({event.local_date for event in events})
        case Tally.DISTINCT_OBJECTS:
            return len({event.object_id for event in events if event.object_id is not None})
        case Tally.LACKING:
            return len([event for event in events if getattr(event, measure.lacking or "") is None])
        case Tally.SUBPERIODS:
            days = days_between(world.period.start, world.period.end)
            dates = {event.local_date for event in events}
            return len({_part(measure.sub_period, day) for day in days if day in dates})


def _part(kind: SubPeriodKind | None, day: date) -> tuple[int, int, int]:
    """Which half month (1-15, 16-end) or 旬 (1-10, 11-20, 21-end) a day belongs to."""
    if kind is SubPeriodKind.HALF_MONTH:
        return day.year, day.month, 1 if day.day <= 15 else 2
    return day.year, day.month, 1 if day.day <= 10 else 2 if day.day <= 20 else 3
