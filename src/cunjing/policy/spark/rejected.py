"""Stage 3: the events of some subjects that one rule did not credit, and the first reason why."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from cunjing.policy.enums import Reason, SubjectKind
from cunjing.policy.spark.ground import Ground
from cunjing.policy.spark.verdicts import Judgement


def rejected(
    judgement: Judgement, *, ground: Ground, kind: SubjectKind, subjects: Sequence[str]
) -> ir.Table:
    """subject, event_id, reason: of each subject's events, those neither credited to it nor, by the
    same rule, to another subject."""
    own = _own(judgement, ground=ground, kind=kind, subjects=subjects)
    read = judgement.events.read
    hit = read.filter(read.in_period, ~read.is_void, ~read.is_late)
    credited = judgement.events.concerning(kind, hit).semi_join(judgement.subjects(), "subject")
    start, end = ground.look.window
    near = own.in_period | ((own.local_date >= start) & (own.local_date < end))
    reason = ibis.cases(
        (own.is_void, Reason.VOID.value),
        (own.is_late, Reason.LATE.value),
        (~own.in_period, Reason.OUT_OF_PERIOD.value),
        (~own.is_here, Reason.WRONG_VILLAGE.value),
        else_=Reason.NOT_POSTED.value,
    )
    listed = own.mutate(reason=reason).filter(near)
    return listed.anti_join(credited, "event_id").select("subject", "event_id", "reason").distinct()


def _own(
    judgement: Judgement, *, ground: Ground, kind: SubjectKind, subjects: Sequence[str]
) -> ir.Table:
    """The events that concern each subject, and is_here: whether in its village."""
    read = judgement.events.read
    if kind is not SubjectKind.POSTING:
        concerning = judgement.events.concerning(kind, read)
        asked = concerning.filter(concerning.subject.isin(subjects))
        return asked.mutate(is_here=ibis.literal(True))
    spans = ground.postings
    own = spans.filter(spans.posting_id.isin(subjects)).select(
        subject="posting_id", post_staff="staff_id", post_village="village_code"
    )
    theirs = read.inner_join(own, read.staff_id == own.post_staff)
    return theirs.mutate(is_here=(theirs.village_code == theirs.post_village).fill_null(False))
