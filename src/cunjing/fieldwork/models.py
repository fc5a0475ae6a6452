"""Work records: append-only, superseded by corrections, seen in the ledger of their kind."""

from django.db import models
from django.db.models import F, Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.places.models import Household, Unit, Village
from cunjing.staffing.models import Staff


class RecordKind(models.TextChoices):
    """Kinds of work recorded in a village; the values are the facts contract's event kinds."""

    VILLAGE_VISIT = "village_visit", "进村工作"
    HOUSEHOLD_VISIT = "household_visit", "入户走访"
    INFORMATION = "information", "信息通报"
    WARNING = "warning", "治安预警"
    SESSION = "session", "宣传教育"


class SessionKind(models.TextChoices):
    """Subkinds of a session (open list in the contract; these are what the console offers)."""

    LEGAL_EDUCATION = "legal_education", "法制宣传教育"
    FRAUD = "fraud", "反诈宣传"
    TRAFFIC = "traffic", "交通安全"
    FIRE = "fire", "消防安全"
    DRUGS = "drugs", "禁毒宣传"
    DISPUTE_SWEEP = "dispute_sweep", "矛盾纠纷排查"


class InformationKind(models.TextChoices):
    """What an information item may be about: a thing and a place, never a person (Bounds)."""

    SECURITY = "security", "治安动态"
    TRAFFIC = "traffic", "交通隐患"
    FIRE = "fire", "消防隐患"
    FRAUD = "fraud", "诈骗手法"
    THEFT = "theft", "盗窃线索（物、处所）"
    FACILITY = "facility", "设施损坏"
    FLOATING_POPULATION = "floating_population", "流动人口数量变化"
    DISASTER = "disaster", "灾害险情"
    PUBLIC_SERVICE = "public_service", "便民服务需求"
    OTHER_PLACE = "other_place", "其他场所情况"


class WorkRecord(models.Model):
    """One piece of work, written once; a correction is a new record that supersedes it.

    `id` is made by the client. Three times are kept: `occurred_at` (said), `recorded_at` (client's
    clock when saved), `received_at` (server's clock). `local_date` is the Shanghai day of
    `occurred_at`. `details` holds the fields of the kind, validated by `fieldwork.details`.
    `digest` is SHA-256 of the client's content: the same id with the same digest is the same record
    sent again. `voided_at` is set once when a correction or a withdrawal takes this record's place.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("类别", max_length=16, choices=RecordKind.choices)
    subkind = models.CharField("细类", max_length=24, blank=True)
    # No index of their own: those below begin with them, and SQLite would take the narrower one.
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    local_date = models.DateField("日期")
    occurred_at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间")
    received_at = models.DateTimeField("收到时间", default=now)
    recorded_by = models.UUIDField("录入账号", null=True)
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    visit = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        db_index=False,  # a partial index below, for the same reason as with `supersedes`
    )
    details = models.JSONField("内容", default=dict)
    digest = models.CharField("内容摘要", max_length=64)
    supersedes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        # A plain index of a column that is nearly always null misleads SQLite's planner into
        # scanning the table for every row of a ledger (measured: 20 s); the constraint's partial
        # index serves instead.
        db_index=False,
    )
    superseded = models.BooleanField("已被更正", default=False)
    correction_reason = models.CharField("更正理由", max_length=200, blank=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_reason = models.CharField("作废理由", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(kind=RecordKind.HOUSEHOLD_VISIT) & ~Q(household=None))
                | (~Q(kind=RecordKind.HOUSEHOLD_VISIT) & Q(household=None)),
                name="record_household_if_household_visit",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(correction_reason=""),
                name="record_correction_has_reason",
            ),
            models.CheckConstraint(
                condition=(Q(voided_at=None) & Q(void_reason=""))
                | (~Q(voided_at=None) & ~Q(void_reason="")),
                name="record_void_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(supersedes=F("id")), name="record_not_superseding_itself"
            ),
            models.UniqueConstraint(
                fields=("supersedes",),
                condition=Q(supersedes__isnull=False),
                name="record_superseded_once",
            ),
            models.CheckConstraint(
                condition=Q(superseded=False) | ~Q(voided_at=None),
                name="record_superseded_is_void",
            ),
        )
        # `voided_at` stands last in each, so that counts of valid records need no row.
        indexes = (
            models.Index(
                fields=("village", "local_date", "kind", "voided_at"), name="record_by_village"
            ),
            models.Index(
                fields=("staff", "local_date", "kind", "voided_at"), name="record_by_staff"
            ),
            models.Index(
                fields=("kind", "local_date", "village", "voided_at"), name="record_by_kind"
            ),
            models.Index(
                fields=("local_date", "kind", "village", "voided_at", "household"),
                name="record_by_day",
            ),
            models.Index(fields=("received_at",), name="record_by_received"),
            models.Index(
                fields=("local_date", "id"),
                condition=Q(voided_at__isnull=False),
                name="record_void_by_day",
            ),
            models.Index(
                fields=("visit",), condition=Q(visit__isnull=False), name="record_by_visit"
            ),
        )


class RecordPosition(models.Model):
    """Where a record was saved, once, because the officer let it be known (Bounds).

    Shown with the record and nowhere else; there is no list of these. Of all else only the question
    whether two visits can be true (`questions.looking`) reads it, and keeps kilometres, no place.
    """

    record = models.OneToOneField(
        WorkRecord, on_delete=models.PROTECT, primary_key=True, related_name="position"
    )
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=6)
    accuracy_m = models.PositiveIntegerField("误差（米）", null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(longitude__gte=-180, longitude__lte=180)
                & Q(latitude__gte=-90, latitude__lte=90),
                name="record_position_on_earth",
            ),
        )


class SyncChannel(models.TextChoices):
    """How somebody's work reaches the server."""

    CONSOLE = "console", "网页录入"
    API = "api", "接口"
    PAPER = "paper", "纸质补录"
    DEVICE = "device", "警务手机"


class SyncState(models.Model):
    """Until when everything a person recorded is known to have arrived.

    Without a row, or with one older than the period's end, an unmet quota is unknown, not failed.
    """

    staff = models.OneToOneField(
        Staff, on_delete=models.PROTECT, primary_key=True, related_name="sync_state"
    )
    last_sync_at = models.DateTimeField("数据收齐至")
    channel = models.CharField("途径", max_length=8, choices=SyncChannel.choices)
