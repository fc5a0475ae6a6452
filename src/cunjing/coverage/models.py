"""Who serves which village, from when to when."""

from django.db import models
from django.db.models import F, Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.places.models import Village
from cunjing.staffing.models import Staff, StaffRole


class Posting(models.Model):
    """One person serving one village in one role, up to (not including) `valid_to`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="postings")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField("岗位", max_length=20, choices=StaffRole.choices)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True, blank=True)
    reason = models.CharField("安排理由", max_length=200, blank=True)
    end_reason = models.CharField("终止理由", max_length=200, blank=True)
    created_at = models.DateTimeField("登记时间", default=now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="posting_interval",
            ),
            models.UniqueConstraint(
                fields=("village", "staff", "role", "valid_from"), name="posting_once"
            ),
        )
        indexes = (
            models.Index(fields=("village", "valid_from"), name="posting_by_village"),
            models.Index(fields=("staff", "valid_from"), name="posting_by_staff"),
        )
