"""Reads of assessments: programmes, runs, what is waiting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.assessment.access import (
    SCOPE_LENGTHS,
    readable_run,
    readable_scopes,
    reading,
    results_for,
)
from cunjing.assessment.models import Programme, RevisionDiff, Run, RunState
from cunjing.assessment.revisions import question_of
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor, Jurisdiction
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.policy.measures import EventMeasure


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
    in that was judged (`rules.judging`)."""
    found = runs(actor=actor, period=period)
    if village_code:
        found = found.filter(scope__in=[village_code[:length] for length in SCOPE_LENGTHS])
        found = found.order_by("-period_end", "-period_start", "-scope", "-revision")
    return found.first()


def latest_runs(*, actor: Actor, on: date) -> list[Run]:
    """Of every scope, period and policy that includes the day, the run that holds."""
    found = runs(actor=actor).filter(period_start__lte=on, period_end__gt=on)
    return list({(run.scope, run.period, run.policy_id): run for run in reversed(found)}.values())


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
    """Records a frozen run has not seen: received or voided after its watermark."""

    run: Run
    records: Sequence[WorkRecord]

    @property
    def needs_revision(self) -> bool:
        """Whether anything waits."""
        return bool(self.records)


def waiting_records(*, actor: Actor, run_id: UUID) -> Waiting:
    """What arrived after the watermark of a frozen run, that is its period's and its rules' kind.

    Nothing waits on a provisional run (the next one counts it) or on a revised one.
    """
    run = readable_run(actor=actor, run_id=run_id)
    if run.state != RunState.FROZEN or Run.objects.filter(revises=run).exists():
        return Waiting(run=run, records=())
    held = jurisdiction_of(actor=actor, permission=Permission.RECORD_READ)
    found = late_records(run).filter(held.q("village_id")).select_related("village", "staff")
    return Waiting(run=run, records=list(found.order_by("received_at", "id")))


def late_records(run: Run) -> QuerySet[WorkRecord]:
    """Records of the run's scope, period and kinds that its watermark had not seen."""
    question = question_of(run)
    kinds = {
        rule.measure.event.kind.value
        for rule in question.policy.rules_for(question.period)
        if isinstance(rule.measure, EventMeasure)
    }
    return WorkRecord.objects.filter(
        Jurisdiction(prefixes=frozenset({run.scope})).q("village_id"),
        Q(received_at__gt=run.watermark) | Q(voided_at__gt=run.watermark),
        kind__in=sorted(kinds),
        local_date__gte=run.period_start,
        local_date__lt=run.period_end,
    )
