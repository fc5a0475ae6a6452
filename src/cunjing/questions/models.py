"""Questions to somebody about their own record, with the answer and how it was closed (D9).

A question is no verdict: nothing is counted by it, and no assessment reads it.
"""

from django.db import models
from django.db.models import Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.fieldwork.models import WorkRecord
from cunjing.staffing.models import Staff


class QuestionKind(models.TextChoices):
    """What made the record look as if something were wrong."""

    IMPOSSIBLE_TIME = "impossible_time", "时间对不上"
    COPIED_TEXT = "copied_text", "文字相同"
    BATCH_ENTRY = "batch_entry", "集中补录"
    REUSED_PHOTO = "reused_photo", "照片重复"


class Question(models.Model):
    """One question about one record. `other` is the record it was compared with, `facts` what was
    seen (`questions.wording` says it in words). Answered by whose record it is, closed by somebody
    else with a reason.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("类别", max_length=16, choices=QuestionKind.choices)
    record = models.ForeignKey(WorkRecord, on_delete=models.PROTECT, related_name="questions")
    other = models.ForeignKey(WorkRecord, on_delete=models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="questions")
    facts = models.JSONField("事实", default=dict)
    asked_at = models.DateTimeField("提出时间", default=now)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    close_reason = models.CharField("了结理由", max_length=200, blank=True)
    closed_at = models.DateTimeField("了结时间", null=True)
    closed_by = models.UUIDField("了结人", null=True)
    closed_by_name = models.CharField("了结人姓名", max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "record"), name="question_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="question_answered_with_text",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, close_reason="")
                | (Q(closed_at__isnull=False) & ~Q(close_reason="")),
                name="question_closed_with_reason",
            ),
        )
        indexes = (
            models.Index(fields=("staff", "asked_at"), name="question_by_staff"),
            models.Index(
                fields=("asked_at",), condition=Q(closed_at=None), name="question_not_closed"
            ),
        )
