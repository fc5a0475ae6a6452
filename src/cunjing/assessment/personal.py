"""One person's own standing: the state of their postings, and the rules that judge it, as data.

A phone keeps both and adds the work it has not sent (`field/src/core/verdicts`). Nothing is judged
here, nothing is stored. The state comes from the same records, by the same reading of them, as the
facts that assessments judge.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.assessment.access import SCOPE_LENGTHS
from cunjing.assessment.collecting import is_collected, without
from cunjing.assessment.facts_events import event_batches
from cunjing.assessment.facts_tables import Rows, tables_of_person
from cunjing.assessment.models import Programme
from cunjing.assessment.reach import Reach
from cunjing.assessment.rules import judging
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import SyncState
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.kernel.prepared import prepared
from cunjing.kernel.writing import canonical
from cunjing.places.access import check_village
from cunjing.places.models import TownshipAdjacency, Village, VillagePast
from cunjing.policy.loader import load_policy
from cunjing.policy.measures import HomeRelation, HomeViolation
from cunjing.policy.model import Policy
from cunjing.policy.periods import Period, PeriodKind, following, local_date, period_at
from cunjing.policy.records import EventRow
from cunjing.policy.reference_world import World, world_of
from cunjing.policy.rule_table import posting_rules, rule_table
from cunjing.policy.work_states import Asked, standings
from cunjing.staffing.models import Absence, Staff

AHEAD = timedelta(days=3)
"""How long before its beginning a period's state is given: as long as a phone's lease lasts."""

_POLICIES_CACHED = 16


@dataclass(frozen=True, slots=True)
class Personal:
    """The standings of a person in one village, and the tables of rules they name by digest."""

    standings: Sequence[Mapping[str, object]] = ()
    tables: Sequence[Mapping[str, object]] = ()


def personal_states(*, actor: Actor, staff_id: UUID, village_code: str, at: datetime) -> Personal:
    """The state of a person's postings in a village: this period, the last, soon the next one.

    Raises 404 or 403 where `actor` may not read the records of the village.
    """
    check_village(actor=actor, permission=Permission.RECORD_READ, village_code=village_code)
    asked = _asked(village_code=village_code, on=local_date(at))
    tables = tables_of_person(village_code=village_code, staff_id=staff_id) if asked else {}
    if not tables.get("postings"):
        return Personal()
    world = _world(tables, asked=asked, staff_id=staff_id, village_code=village_code, at=at)
    found = standings(world, asked, staff_id=str(staff_id))
    policies = {one.policy.digest: one.policy for one in asked}
    return Personal(found, [rule_table(policy) for policy in policies.values()] if found else ())


def states_key(*, staff_id: UUID, on: date) -> str:
    """Another text whenever the states may be others, though no record has come: another day,
    posting, absence, programme, policy, confirmation of what has arrived, township or neighbour."""
    postings, person = _postings(staff_id=staff_id), _person(staff_id=staff_id)
    scopes = {row[1][:length] for row in postings for length in SCOPE_LENGTHS}
    programmes = _programmes(scopes=sorted(scopes))
    said = {
        "on": on,
        "person": person,
        "postings": postings,
        "absences": _absences(staff_id=staff_id),
        "synced": _synced(staff_id=staff_id),
        "programmes": [
            (one.prefix, one.valid_from, one.valid_to, _policy(one.policy_id).digest)
            for one in programmes
        ],
    }
    if any(_asks_near(one.policy_id) for one in programmes):
        said["near"] = _near({row[1] for row in postings} | {row[0] for row in person if row[0]})
    return hashlib.sha256(canonical(said)).hexdigest()


@prepared
def _postings(*, staff_id: UUID) -> QuerySet[Posting, tuple[Any, ...]]:
    rows = Posting.objects.filter(staff_id=staff_id).order_by("pk")
    return rows.values_list("pk", "village", "role", "valid_from", "valid_to")


@prepared
def _person(*, staff_id: UUID) -> QuerySet[Staff, tuple[Any, ...]]:
    return Staff.objects.filter(pk=staff_id).values_list("home_village", "trained_on")


@prepared
def _absences(*, staff_id: UUID) -> QuerySet[Absence, tuple[Any, ...]]:
    rows = Absence.objects.filter(staff_id=staff_id, cancelled_at=None).order_by("pk")
    return rows.values_list("date_from", "date_to")


@prepared
def _synced(*, staff_id: UUID) -> QuerySet[SyncState, tuple[Any, ...]]:
    return SyncState.objects.filter(pk=staff_id).values_list("last_sync_at")


@lru_cache(maxsize=_POLICIES_CACHED)
def _asks_near(policy_id: str) -> bool:
    """Whether a rule asks if a home is near: then neighbours are looked at, in every pull."""
    homes = (rule.measure for rule in _policy(policy_id).rules)
    return any(
        isinstance(one, HomeViolation) and one.relation is HomeRelation.NEAR for one in homes
    )


def _near(codes: set[str]) -> object:
    """Where these villages are and were, and what their townships touch: what near is asked of."""
    named = sorted(codes)
    lie = [*_villages(codes=named), *_villages_past(codes=named)] if named else []
    townships = sorted({row[1] for row in lie})
    return lie, _neighbours(townships=townships) if townships else []


@prepared
def _villages(*, codes: list[str]) -> QuerySet[Village, tuple[Any, ...]]:
    rows = Village.objects.filter(code__in=codes).order_by("pk")
    return rows.values_list("pk", "township", "valid_from", "valid_to")


@prepared
def _villages_past(*, codes: list[str]) -> QuerySet[VillagePast, tuple[Any, ...]]:
    rows = VillagePast.objects.filter(village__in=codes).order_by("pk")
    return rows.values_list("village", "township", "valid_from", "valid_to")


@prepared
def _neighbours(*, townships: list[str]) -> QuerySet[TownshipAdjacency, tuple[Any, ...]]:
    touching = Q(township__in=townships) | Q(adjacent__in=townships)
    return TownshipAdjacency.objects.filter(touching).order_by("pk").values_list("pk")


@prepared
def _programmes(*, scopes: list[str]) -> QuerySet[Programme]:
    return Programme.objects.filter(prefix__in=scopes).order_by("pk")


@lru_cache(maxsize=_POLICIES_CACHED)
def _policy(policy_id: str) -> Policy:
    """A shipped policy, less what the product does not collect: both change only with a new version
    of the product."""
    policy = load_policy(policy_id)
    return without(policy, [rule.id for rule in policy.rules if not is_collected(rule)])


def _asked(*, village_code: str, on: date) -> list[Asked]:
    """The periods in which the village's policies have a rule about postings, with the policy."""
    scopes = [village_code[:length] for length in SCOPE_LENGTHS]
    programmes = _programmes(scopes=scopes)
    found = []
    for period in _periods(on):
        programme = judging(programmes, on=period.start)
        policy = _policy(programme.policy_id) if programme else None
        if policy is not None and period.kind in _kinds(policy):
            found.append(Asked(period, policy))
    return found


def _periods(on: date) -> Iterable[Period]:
    for kind in PeriodKind:
        running = period_at(kind, on)
        yield period_at(kind, running.start - timedelta(days=1))
        yield running
        if running.end <= on + AHEAD:
            yield following(running)


def _kinds(policy: Policy) -> set[PeriodKind]:
    """Those of its rules about postings; state rules are shown month by month."""
    return {rule.period or PeriodKind.MONTH for rule in posting_rules(policy)}


def _world(
    tables: Mapping[str, Rows],
    *,
    asked: Sequence[Asked],
    staff_id: UUID,
    village_code: str,
    at: datetime,
) -> World:
    """What the person did in the village in all these periods, and the tables around it."""
    span = min(one.period.start for one in asked), max(one.period.end for one in asked)
    reach = Reach((village_code,), person=staff_id, span=span)
    events = [EventRow(**row) for batch in event_batches(reach=reach) for row in batch.to_pylist()]

    def rows(record: Any) -> Iterable[Any]:
        if record is EventRow:
            return events
        return (record(*map(_cell, row)) for row in tables.get(record.table, ()))

    return world_of(rows, has_sync=True, period=asked[0].period, as_of=at)


def _cell(value: object) -> object:
    """An empty text is null, as in the facts."""
    return None if value == "" else value
