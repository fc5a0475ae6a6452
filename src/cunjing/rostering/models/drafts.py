"""Drafts of a matching: computed, compared, edited, accepted or set aside. Postings stay as they
are until one is accepted."""

from django.db import models
from django.db.models import Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.places.models import Unit
from cunjing.staffing.models import Staff, StaffRole


class DraftState(models.TextChoices):
    """What became of a draft."""

    OPEN = "open", "待决定"
    ACCEPTED = "accepted", "已采用"
    DISCARDED = "discarded", "已放弃"


class DraftCause(models.TextChoices):
    """Why a draft was made."""

    WHOLE = "whole", "整体匹配"
    VACANCY = "vacancy", "补空白村"
    LEAVING = "leaving", "人员离岗"
    AWAY = "away", "人员长期不在岗"
    RETURN = "return", "人员返岗"


class MatchDraft(models.Model):
    """One matching of the villages of a unit with its people in one role, from `starts_on`.

    `facts` is the compressed planning input it was computed on, so that every question about it is
    answered on the same ground; `basis` are the postings of that moment, [village, posting, staff,
    end laid down]. `forced` are the pairs somebody insists on, [village, staff (null: vacant)].
    `balance` asks for one more option in which work is shared evenly; `chosen_balanced` chooses it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("岗位", max_length=20, choices=StaffRole.choices)
    policy_id = models.CharField("方案", max_length=60)
    starts_on = models.DateField("起用日")
    cause = models.CharField("起因", max_length=8, choices=DraftCause.choices)
    about = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=DraftState.choices, default="open")
    chosen = models.PositiveIntegerField("选用的稳定价", default=10)
    balance = models.BooleanField("均衡工作量", default=False)
    chosen_balanced = models.BooleanField("选用均衡的", default=False)
    facts = models.BinaryField("计算依据")
    basis = models.JSONField("当时的安排", default=list)
    forced = models.JSONField("指定的安排", default=list)
    made_at = models.DateTimeField("生成时间", default=now)
    made_by_name = models.CharField("生成人", max_length=80)
    closed_at = models.DateTimeField("决定时间", null=True, blank=True)
    closed_by_name = models.CharField("决定人", max_length=80, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(state="open") & Q(closed_at=None))
                | (~Q(state="open") & ~Q(closed_at=None)),
                name="match_draft_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(balance=True) | Q(chosen_balanced=False), name="match_draft_balance"
            ),
        )


class DraftOption(models.Model):
    """The best matching at one price of change. `lines` hold one entry a village:
    {village, staff (null: vacant), points, changed}; `certificate` proves that none is better.

    A `balanced` one is the best by its total and the price of the highest workload together, `gap`
    what these might still be lower by. `highest` is the highest workload of anybody, in the units
    the policy reckons with.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(MatchDraft, on_delete=models.CASCADE, related_name="options")
    stability = models.PositiveIntegerField("稳定价")
    balanced = models.BooleanField("均衡", default=False)
    total = models.BigIntegerField("总代价")
    moved = models.PositiveIntegerField("变动村数")
    vacant = models.PositiveIntegerField("空白村数")
    gap = models.BigIntegerField("最优差距")
    highest = models.PositiveIntegerField("最忙的人的工作量", default=0)
    lines = models.JSONField("安排")
    certificate = models.JSONField("证书")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("draft", "stability", "balanced"), name="draft_option_once"
            ),
        )
