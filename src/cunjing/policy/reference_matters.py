"""Rules about matters: whether disputes, hazards, requests and incidents are closed in time."""

from datetime import date, datetime, timedelta

from cunjing.policy.measures import MattersOverdue
from cunjing.policy.periods import SHANGHAI, local_date
from cunjing.policy.records import MatterRow
from cunjing.policy.reference_world import Measured, World
from cunjing.policy.verdict import Breach


def matters_overdue(world: World, measure: MattersOverdue, village_code: str) -> Measured:
    """How many matters of the village and the period were not closed in time."""
    matters = matters_of(world, measure, village_code)
    late = [matter for matter in matters if is_overdue(world, measure, matter)]
    return Measured(len(late), tuple(matter.matter_id for matter in matters))


def matters_of(world: World, measure: MattersOverdue, village_code: str) -> list[MatterRow]:
    """The village's matters of the period: of the kind, opened by the watermark, due in it."""
    return [
        matter
        for matter in world.matters
        if matter.village_code == village_code
        and fits(measure, matter)
        and matter.opened_at <= world.as_of
        and due_in_period(world, measure, matter)
    ]


def fits(measure: MattersOverdue, matter: MatterRow) -> bool:
    """Whether the matter is of the rule's kind and, if it names any, of one of its subkinds."""
    wanted = measure.matter
    return matter.kind == wanted.kind and (not wanted.subkinds or matter.subkind in wanted.subkinds)


def due_in_period(world: World, measure: MattersOverdue, matter: MatterRow) -> bool:
    """Whether the deadline falls in the period; no deadline falls in none."""
    if measure.within_days is not None:
        first = local_date(matter.opened_at)
        return 0 <= (first - world.period.start).days + measure.within_days < world.period.days
    if matter.due_at is None:
        return False
    return world.period.start <= local_date(matter.due_at) < world.period.end


def is_overdue(world: World, measure: MattersOverdue, matter: MatterRow) -> bool:
    """Whether the deadline was over when the matter was closed; of one that is open at the
    watermark, whether it is over now."""
    settled_at = closing_seen(world, matter) or world.as_of
    if measure.within_days is not None:
        taken = local_date(settled_at) - local_date(matter.opened_at)
        return taken.days > measure.within_days
    return matter.due_at is not None and settled_at > matter.due_at


def closing_seen(world: World, matter: MatterRow) -> datetime | None:
    """When the matter was closed, as far as is known at the watermark."""
    closed_at = matter.closed_at
    return closed_at if closed_at is not None and closed_at <= world.as_of else None


def overdue_breaches(world: World, measure: MattersOverdue, village_code: str) -> list[Breach]:
    """Each overdue matter with its days, in the order of opening."""
    late = [
        matter
        for matter in matters_of(world, measure, village_code)
        if is_overdue(world, measure, matter)
    ]
    late.sort(key=lambda matter: (matter.opened_at, matter.matter_id))
    return [_breach(world, measure, matter) for matter in late]


def _breach(world: World, measure: MattersOverdue, matter: MatterRow) -> Breach:
    """A deadline counted in days is a day; one written down is a moment, and so is its closing."""
    opened, closed_at = local_date(matter.opened_at), closing_seen(world, matter)
    due: date = opened + timedelta(days=measure.within_days or 0)
    closed: date | None = local_date(closed_at) if closed_at else None
    late_days = (local_date(closed_at or world.as_of) - due).days
    if measure.within_days is None and matter.due_at is not None:
        due = matter.due_at.astimezone(SHANGHAI)
        closed = closed_at.astimezone(SHANGHAI) if closed_at else None
        late_days = (local_date(closed_at or world.as_of) - due.date()).days
    return Breach(
        matter.matter_id, late_days, name=matter.subkind, opened=opened, due=due, closed=closed
    )
