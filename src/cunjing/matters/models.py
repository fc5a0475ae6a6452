"""Disputes, hazards, requests, incidents: one kind of case. Here they are opened."""

from django.db import models
from django.db.models import Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.fieldwork.models import WorkRecord
from cunjing.places.models import Village
from cunjing.staffing.models import Staff


class MatterKind(models.TextChoices):
    """Kinds of the facts contract."""

    DISPUTE = "dispute", "矛盾纠纷"
    HAZARD = "hazard", "安全隐患"
    REQUEST = "request", "服务请求"
    INCIDENT = "incident", "突发事件"


class MatterLevel(models.TextChoices):
    """Where a matter is dealt with (village → township → county)."""

    VILLAGE = "village", "村级"
    TOWNSHIP = "township", "乡镇"
    COUNTY = "county", "县级"


class DisputeKind(models.TextChoices):
    """What a dispute is about."""

    NEIGHBOUR = "neighbour", "邻里"
    FAMILY = "family", "婚姻家庭"
    LAND = "land", "土地山林水"
    DEBT = "debt", "债务"
    LABOUR = "labour", "劳务"
    TRAFFIC = "traffic", "交通事故"
    OTHER = "other", "其他"


class HazardKind(models.TextChoices):
    """What a hazard is (Jilin 二(十), Bozhou, Mouding)."""

    FIRE = "fire", "消防"
    GAS = "gas", "燃气"
    FOOD = "food", "食品"
    PRODUCTION = "production", "生产"
    TRAFFIC = "traffic", "道路交通"
    PUBLIC_PLACE = "public_place", "公共场所"
    DISASTER = "disaster", "自然灾害、地质灾害"
    CAMERA = "camera", "监控损坏"
    LAMP = "lamp", "路灯损坏"
    OTHER = "other", "其他"


class RequestKind(models.TextChoices):
    """What help is asked for (Suzhou 三, Mouding 三(五))."""

    HOUSEHOLD_REGISTRATION = "household_registration", "户籍代办"
    CERTIFICATE = "certificate", "证件证明代办"
    VEHICLE = "vehicle", "车驾管代办"
    SUPPLIES = "supplies", "生活物资"
    ADVICE = "advice", "法律咨询"
    OTHER = "other", "其他"


class IncidentKind(models.TextChoices):
    """What an incident is (Huangchuan 一(三), Bozhou)."""

    SECURITY = "security", "治安事件"
    DISASTER = "disaster", "灾害事故"
    TRAFFIC = "traffic", "交通事故"
    OTHER = "other", "其他"


class Matter(models.Model):
    """A matter as first reported. A grievance belongs to the matter, never to a person's record."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("类别", max_length=10, choices=MatterKind.choices)
    subkind = models.CharField("细类", max_length=24)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    place = models.CharField("地点", max_length=80)
    summary = models.CharField("情况", max_length=500)
    level = models.CharField(
        "层级", max_length=10, choices=MatterLevel.choices, default=MatterLevel.VILLAGE
    )
    opened_at = models.DateTimeField("受理时间")
    recorded_at = models.DateTimeField("记录时间")
    received_at = models.DateTimeField("收到时间", default=now)
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.UUIDField("录入账号", null=True)
    visit = models.ForeignKey(
        WorkRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="matters"
    )
    digest = models.CharField("内容摘要", max_length=64)
    version = models.PositiveIntegerField("版本", default=1)
    due_at = models.DateTimeField("办结期限", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    outcome = models.CharField("结果", max_length=24, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(closed_at=None) & Q(outcome=""))
                | (~Q(closed_at=None) & ~Q(outcome="")),
                name="matter_closed_with_outcome",
            ),
        )
        indexes = (
            models.Index(fields=("village", "opened_at"), name="matter_by_village"),
            models.Index(fields=("kind", "opened_at"), name="matter_by_kind"),
        )
