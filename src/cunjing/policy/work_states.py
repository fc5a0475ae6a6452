"""What the verdict stage starts from: the state of one person's postings, rule by rule.

The values are those of the reference interpreter. Of events the state keeps what one event more or
less changes: how many were credited, on which days, about which objects. So a phone that knows of
work not yet sent adds it and judges (`field/src/core/verdicts`), and need not see the events.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cunjing.policy.enums import SubjectKind
from cunjing.policy.measures import EventMeasure, Tally
from cunjing.policy.model import Policy, Rule
from cunjing.policy.periods import Period
from cunjing.policy.records import EventRow, PostingRow
from cunjing.policy.reference_subjects import Row, rows
from cunjing.policy.reference_world import World, available_days

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """A period and the policy that judges it."""

    period: Period
    policy: Policy


def standings(world: World, asked: Sequence[Asked], *, staff_id: str) -> list[Json]:
    """Of every posting of a person its state in each period asked for, as JSON values.

    A posting without a row in any period is left out.
    """
    found: dict[str, list[Json]] = {}
    for one in asked:
        here = replace(world, period=one.period)
        by_posting: dict[str, dict[str, Json]] = {}
        for rule in _running(one):
            for row in rows(here, rule):
                if row.staff_id == staff_id:
                    states = by_posting.setdefault(row.subject, {})
                    states[rule.id] = _state(here, rule, row)
        for posting_id, states in by_posting.items():
            posting = _posting(world, posting_id)
            found.setdefault(posting_id, []).append(_period(here, one, posting, states))
    return [
        {**_about(world, posting), "periods": found[posting.posting_id]}
        for posting in world.postings_of[staff_id]
        if posting.posting_id in found
    ]


def _running(asked: Asked) -> Iterable[Rule]:
    running = asked.policy.rules_for(asked.period)
    return (rule for rule in running if rule.subject.kind is SubjectKind.POSTING)


def _posting(world: World, posting_id: str) -> PostingRow:
    return next(one for one in world.postings if one.posting_id == posting_id)


def _about(world: World, posting: PostingRow) -> Json:
    """The posting, and until when everything of its holder is known to have arrived."""
    synced = world.synced.get(posting.staff_id)
    return {
        "posting": posting.posting_id,
        "village": posting.village_code,
        "staff": posting.staff_id,
        "role": posting.role,
        "valid_from": posting.valid_from.isoformat(),
        "valid_to": posting.valid_to and posting.valid_to.isoformat(),
        "sync_kept": world.has_sync,
        "synced_at": synced and synced.isoformat(),
    }


def _period(world: World, asked: Asked, posting: PostingRow, states: Mapping[str, Json]) -> Json:
    return {
        "period": asked.period.text,
        "kind": asked.period.kind.value,
        "from": asked.period.start.isoformat(),
        "to": asked.period.end.isoformat(),
        "policy": asked.policy.digest,
        "available": available_days(world, posting),
        "states": states,
    }


def _state(world: World, rule: Rule, row: Row) -> Json:
    if not isinstance(rule.measure, EventMeasure):
        return {"n": len(row.measured.counted), "value": row.measured.value}
    counted = set(row.measured.counted)
    events = [event for event in world.events if event.event_id in counted]
    return {"n": len(events), **_tallied(rule.measure, events)}


def _tallied(measure: EventMeasure, events: Sequence[EventRow]) -> Json:
    match measure.tally:
        case Tally.COUNT:
            return {}
        case Tally.LACKING:
            lacking = [one for one in events if getattr(one, measure.lacking or "") is None]
            return {"lacking": len(lacking)}
        case Tally.DISTINCT_OBJECTS:
            return {"objects": _times(event.object_id for event in events)}
        case Tally.DISTINCT_DAYS | Tally.SUBPERIODS:
            return {"days": _times(event.local_date.isoformat() for event in events)}


def _times(names: Iterable[str | None]) -> Mapping[str, int]:
    """How often each name comes; null counts nothing."""
    return dict(sorted(Counter(name for name in names if name is not None).items()))
