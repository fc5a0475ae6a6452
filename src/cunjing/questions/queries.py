"""Reads of questions: one's own, and those of the villages where one may close them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.base.errors import not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.kernel.prepared import prepared
from cunjing.places.access import jurisdiction_of
from cunjing.questions.models import Question, QuestionKind
from cunjing.questions.wording import Named, question_text

CLOSE = Permission.QUESTION_CLOSE


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as people read it."""

    id: UUID
    kind: QuestionKind
    text: str
    record_id: UUID
    other_id: UUID | None
    village_code: str
    village_name: str
    staff_id: UUID
    staff_name: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    close_reason: str
    closed_at: datetime | None
    closed_by_name: str
    own: bool


def questions(*, actor: Actor) -> QuerySet[Question]:
    """Questions to oneself, and those about records in villages where one may close them."""
    rows = Question.objects.select_related("record__village", "other__village", "staff")
    if not actor.system:
        area = jurisdiction_of(actor=actor, permission=CLOSE)
        own = Q(staff__user_id=actor.user_id) if actor.user_id else Q(pk=None)
        rows = rows.filter(area.q("record__village_id") | own)
    return rows


def waiting(*, actor: Actor) -> QuerySet[Question]:
    """Those not closed, oldest first."""
    return questions(actor=actor).filter(closed_at=None).order_by("asked_at", "id")


def to_answer(*, actor: Actor) -> list[Asked]:
    """What the actor themselves is asked and has not answered, oldest first."""
    if actor.user_id is None:
        return []
    rows = waiting(actor=actor).filter(staff__user_id=actor.user_id, answered_at=None)
    return [asked(row, actor=actor) for row in rows]


def question_of(*, actor: Actor, question_id: UUID) -> Asked:
    """One question; raises 40401 for a stranger's."""
    row = questions(actor=actor).filter(pk=question_id).first()
    if row is None:
        raise not_found("没有这个疑问，或者不是问您的。")
    return asked(row, actor=actor)


def about(*, actor: Actor, record_id: UUID) -> list[Asked]:
    """The questions about one record that the actor may read."""
    rows = questions(actor=actor).filter(record_id=record_id).order_by("asked_at", "id")
    return [asked(row, actor=actor) for row in rows]


def of_person(
    *, village_code: str, staff_id: UUID | None, question_ids: list[UUID] | None = None
) -> list[Asked]:
    """Questions of a village for the phone of the person asked, and nobody else's; a caller that
    names no person names the questions."""
    rows = _about_village(code=village_code, staff_id=staff_id, ids=question_ids)
    return [asked(row, actor=None) for row in rows]


@prepared
def _about_village(
    *, code: str, staff_id: UUID | None, ids: list[UUID] | None
) -> QuerySet[Question]:
    rows = Question.objects.select_related("record__village", "other__village", "staff")
    rows = rows.filter(record__village_id=code)
    if staff_id is not None:
        rows = rows.filter(staff_id=staff_id)
    return rows if ids is None else rows.filter(pk__in=ids)


def asked(row: Question, *, actor: Actor | None) -> Asked:
    """A row as people read it. The record it was compared with is named where it is the same
    person's, or where `actor` may read it; only then is there an id to look it up by."""
    record, other, kind = row.record, row.other, QuestionKind(row.kind)
    same = other is not None and other.staff_id == row.staff_id
    readable = other is not None and actor is not None and _reads(actor, other.village_id)
    if not (same or readable):
        other = None
    text = question_text(
        kind=kind,
        record=Named(record.local_date, record.village.name),
        other=Named(other.local_date, other.village.name) if other else None,
        facts=row.facts,
    )
    return Asked(
        id=row.pk,
        kind=kind,
        text=text,
        record_id=record.pk,
        other_id=row.other_id if readable or (same and actor is None) else None,
        village_code=record.village_id,
        village_name=record.village.name,
        staff_id=row.staff_id,
        staff_name=row.staff.name,
        asked_at=row.asked_at,
        answer=row.answer,
        answered_at=row.answered_at,
        close_reason=row.close_reason,
        closed_at=row.closed_at,
        closed_by_name=row.closed_by_name,
        own=actor is not None and actor.user_id is not None and row.staff.user_id == actor.user_id,
    )


def _reads(actor: Actor, village_code: str) -> bool:
    return jurisdiction_of(actor=actor, permission=Permission.RECORD_READ).covers(village_code)
