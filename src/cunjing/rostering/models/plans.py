"""Month plans: advice who goes to which village on which day, and whom to call on. Never judged."""

from django.db import models
from django.db.models import F, Q

from cunjing.accounts.models import User
from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.places.models import Household, Unit, Village
from cunjing.rostering.models.days import SharedCar
from cunjing.staffing.models import Staff


class MonthPlan(models.Model):
    """The plan of a unit's village days in one month; a newer one replaces it.

    `left_out` says for households not on the plan why: {household id: {reason, …}}.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    month = models.CharField("月份", max_length=7)
    made_at = models.DateTimeField("生成时间", default=now)
    made_by_name = models.CharField("生成人", max_length=80)
    replaced_at = models.DateTimeField("被替换时间", null=True, blank=True)
    notes = models.JSONField("排不下的要求", default=list)
    left_out = models.JSONField("未排入的户", default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "month"), condition=Q(replaced_at=None), name="month_plan_once"
            ),
        )


class OrderState(models.TextChoices):
    """What became of an order to plan a month."""

    WAITING = "waiting", "正在排"
    DONE = "done", "已排好"
    FAILED = "failed", "没有排成"


class PlanOrder(models.Model):
    """Somebody's order to plan a unit's month: planning takes seconds, so a job does it.

    The job acts as the account that asked, with the rights it then has; None: as the system.
    `refusal` says why nothing was planned.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    month = models.CharField("月份", max_length=7)
    state = models.CharField("状态", max_length=8, choices=OrderState.choices, default="waiting")
    asked_at = models.DateTimeField("提出时间", default=now)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by_name = models.CharField("提出人", max_length=80)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    refusal = models.CharField("没有排成的原因", max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "month"), condition=Q(state="waiting"), name="plan_order_once"
            ),
            models.CheckConstraint(
                condition=(Q(state="waiting") & Q(finished_at=None))
                | (~Q(state="waiting") & ~Q(finished_at=None)),
                name="plan_order_finished_at",
            ),
        )
        indexes = (models.Index(fields=("unit", "month", "asked_at"), name="plan_order_latest"),)


class PlanDay(models.Model):
    """One person's day in one village. `planned_on` is what the planner said, `day` what holds.

    `moved_at` is set once a person decided on the day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(MonthPlan, on_delete=models.PROTECT, related_name="days")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="plan_days")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    day = models.DateField("日期")
    planned_on = models.DateField("原定日期")
    car = models.ForeignKey(
        SharedCar, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("依据", max_length=200, blank=True)
    moved_at = models.DateTimeField("改期时间", null=True, blank=True)
    moved_by_name = models.CharField("改期人", max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "staff", "village", "day"), name="plan_day_once"
            ),
            models.CheckConstraint(
                condition=~Q(moved_at=None) | Q(moved_by_name=""), name="plan_day_moved_by"
            ),
        )
        indexes = (models.Index(fields=("staff", "day"), name="plan_day_by_staff"),)


class PlanCall(models.Model):
    """A household to call on that day, in this order; `arrive`, `leave` in minutes of the day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.ForeignKey(PlanDay, on_delete=models.CASCADE, related_name="calls")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField("次序")
    arrive = models.PositiveSmallIntegerField("到户")
    leave = models.PositiveSmallIntegerField("离户")
    reason = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("day", "household"), name="plan_call_once"),
            models.CheckConstraint(condition=Q(leave__gte=F("arrive")), name="plan_call_order"),
        )


class FeedAddress(models.Model):
    """The secret address of somebody's own calendar feed; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="feeds")
    digest = models.CharField("摘要", max_length=64, unique=True)
    made_at = models.DateTimeField("建立时间", default=now)
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("staff",), condition=Q(revoked_at=None), name="feed_once"
            ),
        )
