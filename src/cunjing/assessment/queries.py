"""Reads of assessments: programmes, runs, what is waiting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from cunjing.assessment.access import (
    SCOPE_LENGTHS,
    holds_whole,
    readable_run,
    readable_scopes,
    reading,
    results_for,
)
from cunjing.assessment.changes import Change, Tables, changes_since, present_tables
from cunjing.assessment.completeness import records_since
from cunjing.assessment.models import Programme, RevisionDiff, Run, RunState
from cunjing.base.errors import Problem
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.places.models import Village
from cunjing.policy.periods import start_of_day
from cunjing.staffing.models import Staff


def programmes(*, actor: Actor) -> list[Programme]:
    """Every programme, past ones included, that holds for one of the actor's villages."""
    visible = readable_scopes(reading(actor), field_name="prefix")
    return list(Programme.objects.filter(visible).order_by("prefix", "-valid_from"))


def programme_for(*, scope: str, on: date) -> Programme | None:
    """The programme set for exactly this scope on a day."""
    return programmes_in_force(on=on).filter(prefix=scope).first()


def programmes_in_force(*, on: date) -> QuerySet[Programme]:
    """The programmes of all counties on a day."""
    return Programme.objects.filter(valid_from__lte=on).filter(
        Q(valid_to=None) | Q(valid_to__gt=on)
    )


def runs(*, actor: Actor, period: str = "") -> QuerySet[Run]:
    """Runs that say something about the actor's villages, newest period and revision first."""
    found = Run.objects.filter(readable_scopes(reading(actor))).select_related("programme")
    if period:
        found = found.filter(period=period)
    return found.order_by("-period_end", "-period_start", "scope", "-revision", "policy_id")


def find_run(*, actor: Actor, run_id: UUID) -> Run:
    """One run. Raises 404 for one that says nothing about the actor's villages."""
    return readable_run(actor=actor, run_id=run_id)


def latest_run(*, actor: Actor, period: str, village_code: str = "") -> Run | None:
    """The valid run of a period: its last revision. With a village, of the narrowest scope it lies
    in that was judged, and there by the programme begun last (`rules.judging`)."""
    found = in_force(runs(actor=actor, period=period))
    narrowest = "scope"
    if village_code:
        found = found.filter(scope__in=[village_code[:length] for length in SCOPE_LENGTHS])
        narrowest = "-scope"
    order = ("-period_end", "-period_start", narrowest, "-programme__valid_from", "-revision")
    return found.order_by(*order).first()


def latest_runs(*, actor: Actor, on: date) -> list[Run]:
    """Of every scope, period and policy that includes the day, the run that holds."""
    found = in_force(runs(actor=actor).filter(period_start__lte=on, period_end__gt=on))
    return list({(run.scope, run.period, run.policy_id): run for run in reversed(found)}.values())


def in_force(found: QuerySet[Run]) -> QuerySet[Run]:
    """Less the provisional ones by a programme that another took the place of."""
    superseded = Q(programme__valid_to__lte=F("period_start")) | ~Q(
        policy_id=F("programme__policy_id")
    )
    return found.exclude(superseded, state=RunState.PROVISIONAL)


def ended_provisional(*, actor: Actor, on: date, since: date) -> list[Run]:
    """Runs of periods that were over by a day, not before another, and are not frozen; newest
    first."""
    found = runs(actor=actor).filter(
        state=RunState.PROVISIONAL, period_end__lte=on, period_end__gte=since
    )
    return list(in_force(found))


def revisions(*, actor: Actor, run_id: UUID) -> list[Run]:
    """All runs of the same scope, period and policy, the newest revision first."""
    run = readable_run(actor=actor, run_id=run_id)
    return list(
        Run.objects.filter(scope=run.scope, period=run.period, policy_id=run.policy_id).order_by(
            "-revision"
        )
    )


def diffs(*, actor: Actor, run_id: UUID) -> list[RevisionDiff]:
    """What a revision changed, as far as the actor may read the verdicts."""
    run = readable_run(actor=actor, run_id=run_id)
    seen = set(results_for(actor=actor, run=run).values_list("rule", "subject"))
    if run.revises is not None:
        seen |= set(results_for(actor=actor, run=run.revises).values_list("rule", "subject"))
    return [
        diff
        for diff in run.diffs.order_by("village_code", "rule", "subject")
        if (diff.rule, diff.subject) in seen
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a run of an ended period has not seen: records received or voided after its watermark
    (while it is provisional: after it was computed; when it was judged again and nothing differed:
    after that), and what else was `changed` since. `is_last`: no revision stands after it. `lost`:
    what was kept of the run is not there any more, so that nobody can tell.
    """

    run: Run
    is_last: bool = False
    records: Sequence[WorkRecord] = ()
    changed: Sequence[Change] = ()
    lost: bool = False

    def __bool__(self) -> bool:
        return bool(self.records or self.changed or self.lost)

    @property
    def names(self) -> list[str]:
        """What was changed, in Chinese."""
        return [one.name for one in self.changed]


def waiting_for(*, actor: Actor, run_id: UUID) -> Waiting:
    """What came after a run, that is its period's and its rules' kind.

    Nothing waits on a run of a period that was still running (the next one counts it), or on a
    revised one. What changed beside records is told to who may freeze or revise the run.
    """
    run = readable_run(actor=actor, run_id=run_id)
    if Run.objects.filter(revises=run).exists():
        return Waiting(run=run)
    if run.watermark < start_of_day(run.period_end):
        return Waiting(run=run, is_last=True)
    return _waiting([run], actor=actor)[0]


def frozen_and_waiting(*, actor: Actor, since: date, limit: int) -> list[Waiting]:
    """Frozen runs of periods that ended since a day for which something waits, the newest first.
    At most `limit` runs are looked at."""
    found = runs(actor=actor).filter(state=RunState.FROZEN, period_end__gte=since, revised_by=None)
    return [one for one in _waiting(found[:limit], actor=actor) if one]


def _waiting(found: Iterable[Run], *, actor: Actor) -> list[Waiting]:
    """What waits for runs that are the last of their period; what stands beside the records is read
    once for all runs of a scope."""
    held = jurisdiction_of(actor=actor, permission=Permission.RECORD_READ)
    deciding = jurisdiction_of(actor=actor, permission=Permission.ASSESSMENT_FREEZE)
    present: dict[str, Tables] = {}
    waiting = []
    for run in found:
        known = run.watermark if run.state == RunState.FROZEN else run.started_at
        came = records_since(run, moment=run.looked_at or known)
        came = came.filter(held.q("village_id")).select_related("village", "staff")
        records = list(came.order_by("received_at", "id"))
        changed: Sequence[Change] = ()
        lost = False
        if holds_whole(deciding, scope=run.scope):
            if run.scope not in present:
                present[run.scope] = present_tables(run.scope)
            changed, lost = _changed(run, present=present[run.scope])
        waiting.append(Waiting(run, is_last=True, records=records, changed=changed, lost=lost))
    return waiting


def _changed(run: Run, *, present: Tables) -> tuple[Sequence[Change], bool]:
    """What was changed; of a run whose kept facts are gone only that: its results stay readable."""
    try:
        return changes_since(run, present=present), False
    except Problem:
        return (), True


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a change is about, as far as they are named: people and villages, a few of them."""

    name: str
    people: Sequence[Staff]
    villages: Sequence[Village]
    more: int


def whose(waiting: Waiting, *, most: int = 10) -> list[Whose]:
    """The people and villages behind what was changed; two queries."""
    people = {one for change in waiting.changed for one in change.people[:most]}
    codes = {one for change in waiting.changed for one in change.villages[:most]}
    staff = {str(pk): one for pk, one in Staff.objects.in_bulk(list(people)).items()}
    villages = Village.objects.in_bulk(list(codes))
    return [
        Whose(
            name=change.name,
            people=[staff[one] for one in change.people[:most] if one in staff],
            villages=[villages[one] for one in change.villages[:most] if one in villages],
            more=max(0, len(change.people) - most) + max(0, len(change.villages) - most),
        )
        for change in waiting.changed
    ]
