"""What matching asks of people and villages, and nothing more (Suzhou 二, Mouding 三(六))."""

from django.db import models
from django.db.models import Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.places.models import Division, Village
from cunjing.staffing.models import Staff


class Trade(models.TextChoices):
    """What kind of police unit a person comes from (`unit_kind` of the facts contract)."""

    STATION = "station", "派出所"
    TRAFFIC = "traffic", "交警"
    CRIMINAL = "criminal", "刑警"
    SECURITY = "security", "国保"
    PUBLIC_ORDER = "public_order", "治安"
    CADRE = "cadre", "选派干部"
    OTHER = "other", "其他警种"


class Seniority(models.IntegerChoices):
    """The level of a post (`rank` of the facts contract); no judgement of the person."""

    ORDINARY = 1, "一般"
    EXPERIENCED = 2, "经验丰富"
    LEADER = 3, "中层领导"


class Candidacy(models.Model):
    """What matching asks of one person. The native village stands in the person's own entry.

    `capacity` counts villages one person can serve in their role.
    """

    staff = models.OneToOneField(
        Staff, on_delete=models.PROTECT, primary_key=True, related_name="candidacy"
    )
    trade = models.CharField("警种", max_length=12, choices=Trade.choices, default=Trade.STATION)
    former_township = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    former_village = models.ForeignKey(
        Village, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    capacity = models.PositiveSmallIntegerField("可包村数", default=1)
    seniority = models.PositiveSmallIntegerField(
        "资历", choices=Seniority.choices, default=Seniority.ORDINARY
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(seniority__gte=1, seniority__lte=3), name="candidacy_seniority_1_to_3"
            ),
        )


class Wish(models.Model):
    """A village somebody would like to serve; `rank` 1 is the first wish."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="wishes")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField("志愿顺序")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("staff", "village"), name="wish_village_once"),
            models.UniqueConstraint(fields=("staff", "rank"), name="wish_rank_once"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="wish_rank_from_1"),
        )


class VillageFeature(models.Model):
    """What matching asks of one village; disputes and hazards are counted from the matters.

    `cases` is the number of cases of the last year; None where nobody has said it.
    """

    village = models.OneToOneField(
        Village, on_delete=models.PROTECT, primary_key=True, related_name="feature"
    )
    on_main_road = models.BooleanField("主干道沿线", default=False)
    complex = models.BooleanField("情况复杂", default=False)
    cases = models.PositiveIntegerField("近一年发案数", null=True, blank=True)
    population = models.PositiveIntegerField("常住人口", null=True, blank=True)


class HoldKind(models.TextChoices):
    """What the bureau or a chief has laid down before any matching."""

    PIN = "pin", "固定"
    BAN = "ban", "回避"


class Hold(models.Model):
    """A person who must (pin) or must not (ban) serve a village, and why; until it is lifted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("类别", max_length=3, choices=HoldKind.choices)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="holds")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("理由", max_length=200)
    made_at = models.DateTimeField("登记时间", default=now)
    made_by_name = models.CharField("登记人", max_length=80)
    lifted_at = models.DateTimeField("解除时间", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("staff", "village"), condition=Q(lifted_at=None), name="hold_once"
            ),
        )
        indexes = (models.Index(fields=("village",), name="hold_by_village"),)
