"""Days agreed with a household: who comes, when; kept when cancelled, with the reason."""

from django.db import models
from django.db.models import F, Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.places.models import Household
from cunjing.staffing.models import Staff


class AgreedVisit(models.Model):
    """A day on which somebody has promised to call on a household.

    `window_from` and `window_to` bound the visit in minutes of the day, None where any time will
    do; `minutes` is how long it takes, None as long as the county reckons with. The village is the
    household's. Why they meet is nobody's business here: no text beside the reason to cancel.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="agreed_visits")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="agreed_visits")
    day = models.DateField("约定日期")
    window_from = models.PositiveSmallIntegerField("最早到户", null=True, blank=True)
    window_to = models.PositiveSmallIntegerField("最晚离户", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("走访分钟", null=True, blank=True)
    made_at = models.DateTimeField("登记时间", default=now)
    made_by_name = models.CharField("登记人", max_length=80)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    cancelled_by_name = models.CharField("取消人", max_length=80, blank=True)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("household", "day"),
                condition=Q(cancelled_at=None),
                name="agreed_visit_once",
            ),
            models.CheckConstraint(
                condition=Q(window_from=None)
                | Q(window_to=None)
                | Q(window_to__gt=F("window_from")),
                name="agreed_visit_window",
            ),
            models.CheckConstraint(
                condition=(Q(cancelled_at=None) & Q(cancel_reason=""))
                | (~Q(cancelled_at=None) & ~Q(cancel_reason="")),
                name="agreed_visit_cancelled",
            ),
        )
        indexes = (
            models.Index(fields=("staff", "day"), name="agreed_visit_by_staff"),
            models.Index(fields=("day",), name="agreed_visit_by_day"),
        )
