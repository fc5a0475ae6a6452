"""The phone's verdict stage under Node, asked about facts: the server's code derives the state
rows and the rule table, the shipped TypeScript judges.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tests.support.driven_phones import Phones

from cunjing.policy.enums import Disposition
from cunjing.policy.facts import Facts
from cunjing.policy.model import Clause, Policy
from cunjing.policy.periods import Period
from cunjing.policy.records import EventRow
from cunjing.policy.reference_events import is_void, received
from cunjing.policy.reference_world import World, load_world
from cunjing.policy.rule_table import rule_table
from cunjing.policy.work_states import Asked, standings

Said = dict[str, Any]
_COLUMNS = (
    "kind", "subkind", "village_code", "staff_id", "local_date", "object_id", "log_id", "unit_code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """What a phone has of a world: the world as the server knows it, and what is not sent."""

    world: World
    added: Sequence[EventRow] = ()
    removed: Sequence[EventRow] = ()
    synced: datetime | None = None


Part = Callable[[World, str], Held]
"""Parts a world between the server and the phone of one person."""


def all_sent(world: World, staff_id: str) -> Held:
    """The server knows everything."""
    return Held(world)


def nothing_sent(world: World, staff_id: str) -> Held:
    """What the person did and confirmed stands on the phone alone."""
    own = [one for one in world.events_of[staff_id] if _recordable(world, one)]
    synced = {key: at for key, at in world.synced.items() if key != staff_id}
    return Held(
        replace(_without(world, own), synced=synced), added=own, synced=world.synced.get(staff_id)
    )


def every_other_sent(world: World, staff_id: str) -> Held:
    """Every second piece of work has arrived."""
    own = [one for one in world.events_of[staff_id] if _recordable(world, one)]
    own.sort(key=lambda one: one.event_id)
    return Held(_without(world, own[::2]), added=own[::2])


def not_yet_taken_back(world: World, staff_id: str) -> Held:
    """What is void was taken back on the phone, and the server does not know."""
    own = [one for one in world.events_of[staff_id] if is_void(one, world.as_of)]
    own = [one for one in own if received(one) <= world.as_of and one.for_period is None]
    known = [replace(one, void=False, voided_at=None) for one in own]
    return Held(_with(_without(world, own), known), removed=known)


PARTS: Mapping[str, Part] = {
    part.__name__: part for part in (all_sent, nothing_sent, every_other_sent, not_yet_taken_back)
}


def judged(
    phones: Phones,
    *,
    policy: Policy,
    facts: Facts,
    period: Period,
    as_of: datetime,
    part: Part = all_sent,
) -> list[Said]:
    """What the phones of everybody posted answer, sorted by rule, then subject."""
    world = load_world(facts=facts, period=period, as_of=as_of)
    whole = with_clauses(policy)
    questions = []
    for staff_id in sorted({posting.staff_id for posting in world.postings}):
        held = part(world, staff_id)
        rows = standings(held.world, [Asked(period, whole)], staff_id=staff_id)
        questions.append(
            {
                "standings": rows,
                "tables": [rule_table(whole)],
                "unsent": _unsent(held),
                "at": as_of.isoformat(),
            }
        )
    answers = phones.act("judge", "judge", questions=json.loads(json.dumps(questions)))
    found = [verdict for answer in answers for verdict in answer]
    return sorted(found, key=lambda one: (one["rule"], one["subject"]))


def with_clauses(policy: Policy) -> Policy:
    """A made-up policy has rules only; a table names their clauses."""
    numbers = {rule.clause for rule in policy.rules} - {one.number for one in policy.clauses}
    made = (Clause(number, "", Disposition.EXECUTABLE, "") for number in sorted(numbers))
    return replace(policy, clauses=(*policy.clauses, *made))


def _unsent(held: Held) -> Said:
    return {
        "added": [_work(event) for event in held.added],
        "removed": [_work(event) for event in held.removed],
        "synced": held.synced and held.synced.timestamp() * 1000,
    }


def _work(event: EventRow) -> Said:
    said = {name: getattr(event, name) for name in _COLUMNS}
    return {**said, "local_date": event.local_date.isoformat()}


def _recordable(world: World, event: EventRow) -> bool:
    """Whether a phone could have made it and the watermark has seen it."""
    seen = not is_void(event, world.as_of) and received(event) <= world.as_of
    return seen and event.for_period is None


def _without(world: World, events: Iterable[EventRow]) -> World:
    gone = {event.event_id for event in events}
    return _events(world, [event for event in world.events if event.event_id not in gone])


def _with(world: World, events: Iterable[EventRow]) -> World:
    return _events(world, [*world.events, *events])


def _events(world: World, events: Sequence[EventRow]) -> World:
    of: dict[str | None, list[EventRow]] = defaultdict(list)
    for event in events:
        of[event.staff_id].append(event)
    return replace(world, events=tuple(events), events_of=of)
