"""A line that comes again by another phone of the person, after somebody has decided about it.

A phone that begins anew sends what was not taken under the ids it had. What a person has said about
such a line stands: it is not done again, does not wait again, and the phone is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from cunjing.accounts.queries import actor_for
from cunjing.api.problems import problem_body
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.sync.applying import Done
from cunjing.sync.models import (
    STATIONS_WORD,
    Decision,
    DecisionOutcome,
    Device,
    Mutation,
    MutationResult,
)


def settled_before(*, others: Sequence[UUID], ids: Iterable[UUID]) -> dict[UUID, Decision]:
    """What was decided about these mutations where other phones of the person had brought them."""
    if not others:
        return {}
    rows = Decision.objects.filter(mutation__device__in=others, mutation__mutation_id__in=list(ids))
    rows = rows.select_related("mutation").order_by("decided_at")
    return {row.mutation.mutation_id: row for row in rows if row.mutation is not None}


def told(decision: Decision) -> Done:
    """What the phone is answered: it was done by a person, or it was not taken and why."""
    if decision.outcome == DecisionOutcome.APPLIED:
        return Done(MutationResult.ACCEPTED, rows=decision.rows)
    label = DecisionOutcome(decision.outcome).label
    by_station = decision.outcome in STATIONS_WORD
    detail = f"{'派出所看过这一条：' if by_station else ''}{label}（{decision.reason}）。"
    return Done(MutationResult.REJECTED, problem_body(Problem(ProblemKind.CONFLICT, detail)))


def carry(*, device: Device, decisions: Mapping[int, Decision]) -> None:
    """Note of lines of this device, by number, that the decision stands; within the push."""
    if not decisions:
        return
    rows = Mutation.objects.filter(
        device=device, n__in=list(decisions), result=MutationResult.REJECTED
    )
    lines = list(rows.order_by("n"))
    if not lines:
        return
    actor = actor_for(user=device.user)
    with writing(actor=actor, permission=Permission.DEVICE_USE) as write:
        for line in lines:
            before = decisions[line.n]
            decision = Decision(
                mutation=line,
                outcome=before.outcome,
                reason=before.reason,
                decided_at=before.decided_at,
                decided_by=before.decided_by,
                decided_by_name=before.decided_by_name,
                rows=before.rows,
            )
            decision.save(force_insert=True)
            code = line.village_code
            write.note(decision, AuditVerb.CREATED, village_code=code, reason=before.reason)
