"""Who may see a run and who may make one: scopes are code prefixes, rights come from grants."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.assessment.models import Result, Run
from cunjing.base.errors import forbidden, not_found
from cunjing.kernel.access import Actor, Jurisdiction
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.policy.enums import SubjectKind
from cunjing.policy.verdict import Verdict
from cunjing.staffing.models import Staff

SCOPE_LENGTHS = (2, 4, 6, 9, 12)
"""Digits of a province, city, county, township and village code."""


def check_scope(*, actor: Actor, permission: Permission, scope: str) -> None:
    """Raise unless `actor` holds the right over every village under `scope`.

    Who reads part of the scope gets 403, a stranger 404.
    """
    held = jurisdiction_of(actor=actor, permission=permission)
    if any(scope.startswith(prefix) for prefix in held.prefixes):
        return
    if touches(reading(actor), scope=scope):
        raise forbidden(f"您没有“{permission.label}”的权限，请联系县局。")
    raise not_found("没有这个区划，或者不在您的辖区内。")


def reading(actor: Actor) -> Jurisdiction:
    """The villages and units whose assessment `actor` may read."""
    return jurisdiction_of(actor=actor, permission=Permission.ASSESSMENT_READ)


def touches(held: Jurisdiction, *, scope: str) -> bool:
    """Whether a jurisdiction shares a village with everything under `scope`."""
    return any(code.startswith(scope) for code in held.villages) or any(
        scope.startswith(prefix) or prefix.startswith(scope) for prefix in held.prefixes
    )


def readable_run(*, actor: Actor, run_id: UUID) -> Run:
    """The run, if it says anything about the actor's villages; else 404."""
    run = Run.objects.select_related("programme").filter(pk=run_id).first()
    if run is None or not touches(reading(actor), scope=run.scope):
        raise not_found("没有这次考评，或者不在您的辖区内。")
    return run


def readable_scopes(held: Jurisdiction, *, field_name: str = "scope") -> Q:
    """A filter on scopes that share a village with the jurisdiction."""
    wider = {
        code[:length]
        for code in (*held.villages, *held.prefixes)
        for length in SCOPE_LENGTHS
        if length <= len(code)
    }
    within = Jurisdiction(prefixes=held.prefixes).q(field_name)
    return within | Q(**{f"{field_name}__in": sorted(wider)})


def readable_results(*, actor: Actor, run: Run) -> Q:
    """A filter on the results of `run` that `actor` may read.

    Verdicts on a village by the village, on a unit by the unit, on a person by their unit.
    """
    held = reading(actor)
    return Q(run=run) if holds_whole(held, scope=run.scope) else Q(run=run) & own_results(held)


def holds_whole(held: Jurisdiction, *, scope: str) -> bool:
    """Whether every village under `scope` lies in the jurisdiction."""
    return any(scope.startswith(prefix) for prefix in held.prefixes)


def own_results(held: Jurisdiction) -> Q:
    """A filter on results that are about the jurisdiction's villages, units or people."""
    people = Staff.objects.filter(held.unit_q("unit_id")).values_list("id", flat=True)
    return (
        held.q("village_code")
        | Q(subject_kind=SubjectKind.UNIT, subject__in=sorted(held.units))
        | Q(subject_kind=SubjectKind.STAFF, subject__in=[str(person) for person in people])
    )


def results_of(*, held: Jurisdiction, runs: Sequence[Run]) -> QuerySet[Result]:
    """The results of several runs that lie in a jurisdiction."""
    whole = [run.pk for run in runs if holds_whole(held, scope=run.scope)]
    parts = [run.pk for run in runs if not holds_whole(held, scope=run.scope)]
    readable = Q(run__in=whole)
    if parts:
        readable |= Q(run__in=parts) & own_results(held)
    return Result.objects.filter(readable)


def readable_verdicts(held: Jurisdiction, *, scope: str) -> Callable[[Verdict], bool]:
    """Which fresh verdicts of a scope the jurisdiction may read: as `own_results` filters rows."""
    if holds_whole(held, scope=scope):
        return lambda _verdict: True
    people = frozenset(
        str(person)
        for person in Staff.objects.filter(held.unit_q("unit_id")).values_list("id", flat=True)
    )

    def is_own(verdict: Verdict) -> bool:
        if verdict.village_code is not None:
            return held.covers(verdict.village_code)
        kind, subject = verdict.subject_kind, verdict.subject
        own_unit = kind is SubjectKind.UNIT and subject in held.units
        return own_unit or (kind is SubjectKind.STAFF and subject in people)

    return is_own


def results_for(*, actor: Actor, run: Run) -> QuerySet[Result]:
    """The results of `run` that `actor` may read."""
    return Result.objects.filter(readable_results(actor=actor, run=run))
