"""Divisions (province to township), villages, units that answer for them, hamlets, households."""

from django.db import models
from django.db.models import F, Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id

PREFIX = ("varchar_pattern_ops",)
"""PostgreSQL: an index that serves LIKE 'x%' under any collation; other databases ignore it."""


class DivisionLevel(models.TextChoices):
    """Levels above the village; the code's length tells the level: 2, 4, 6, 9 digits."""

    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWNSHIP = "township", "乡镇街道"


class VillageKind(models.TextChoices):
    """By the last three digits of the code: 001–199, 200–399, the rest (never by name)."""

    NEIGHBOURHOOD = "neighbourhood", "社区（居委会）"
    VILLAGE = "village", "村（村委会）"
    OTHER = "other", "其他"


class Layer(models.TextChoices):
    """Key villages have a police room, ordinary ones a contact point (Suzhou 二)."""

    KEY = "key", "重点村"
    ORDINARY = "ordinary", "普通行政村"


class UnitKind(models.TextChoices):
    """Units of the facts contract."""

    COUNTY = "county", "县级公安机关"
    STATION = "station", "派出所"
    BUREAU_UNIT = "bureau_unit", "机关部门、警种大队"
    ARMED_FORCES = "armed_forces", "武装部"


class VillageEditKind(models.TextChoices):
    """Dated local edits of the division tree."""

    RENAME = "rename", "更名"
    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"
    NEW = "new", "新设"
    ABOLISH = "abolish", "撤销"
    LAYER = "layer", "调整层级"
    MOVE = "move", "改隶"


class Division(models.Model):
    """A province, city, county or township with its statistical code."""

    code = models.CharField("代码", max_length=9, primary_key=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=DivisionLevel.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    source = models.CharField("来源", max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    """A village or community as it is now; earlier states are `VillagePast`.

    Coordinates are CGCS2000 degrees. `valid_from` is when the present state began, `valid_to`
    (exclusive) when the village ceased to be. `pinyin` and `initials` are those of the short name
    (standards.village_names), lower case, without spaces: what people type to find it.
    """

    code = models.CharField("代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=80)
    township = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="villages")
    kind = models.CharField("类别", max_length=14, choices=VillageKind.choices)
    layer = models.CharField("层级", max_length=8, choices=Layer.choices, default=Layer.ORDINARY)
    pinyin = models.CharField("拼音", max_length=160, blank=True)
    initials = models.CharField("首字母", max_length=40, blank=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("name",), name="village_by_name", opclasses=PREFIX),
            models.Index(fields=("pinyin",), name="village_by_pinyin", opclasses=PREFIX),
            models.Index(fields=("initials",), name="village_by_initials", opclasses=PREFIX),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="village_interval",
            ),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | (~Q(longitude=None) & ~Q(latitude=None)),
                name="village_both_coordinates",
            ),
        )

    def __str__(self) -> str:
        return self.name


class VillageEdit(models.Model):
    """A decision that changed villages: what, from which day, by which document.

    `village` is the village it is about: the one that goes on in a merge, the one divided in a
    split. The others stand in `VillageSuccession`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="edits")
    kind = models.CharField("变更", max_length=8, choices=VillageEditKind.choices)
    effective_on = models.DateField("生效日")
    document = models.CharField("依据文号", max_length=80, blank=True)
    reason = models.CharField("说明", max_length=200)
    made_at = models.DateTimeField("登记时间", default=now)


class VillagePast(models.Model):
    """A state a village had before an edit: valid from `valid_from` up to `valid_to`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="past")
    edit = models.ForeignKey(VillageEdit, on_delete=models.PROTECT, related_name="past")
    name = models.CharField("名称", max_length=80)
    township = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    layer = models.CharField("层级", max_length=8, choices=Layer.choices)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="village_past_interval"
            ),
            models.UniqueConstraint(fields=("village", "valid_from"), name="village_past_once"),
        )


class VillageSuccession(models.Model):
    """Which village went on as which, in a merge or split."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    edit = models.ForeignKey(VillageEdit, on_delete=models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="predecessors")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("edit", "predecessor", "successor"), name="village_succession_once"
            ),
        )


class TownshipAdjacency(models.Model):
    """Two townships that touch, stored once with the smaller code first."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    township = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    adjacent = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("township", "adjacent"), name="adjacency_once"),
            models.CheckConstraint(
                condition=Q(adjacent__gt=F("township")), name="adjacency_smaller_first"
            ),
        )


class Unit(models.Model):
    """A police station, bureau unit, county bureau or armed forces office.

    `division_code` (2 to 12 digits) is where it answers for; `VillageUnit` overrides it.
    """

    code = models.CharField("代码", max_length=20, primary_key=True)
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=14, choices=UnitKind.choices)
    division_code = models.CharField("辖区代码", max_length=12, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    phone = models.CharField("电话", max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class VillageUnit(models.Model):
    """Which unit answers for a village from when to when; seeded from codes, then kept by hand."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="village_units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="village_units")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("village", "unit", "valid_from"), name="village_unit_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="village_unit_interval",
            ),
        )


class Hamlet(models.Model):
    """A natural group of a village (自然组). `version` rises by one with each change."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="hamlets")
    name = models.CharField("名称", max_length=60)
    version = models.PositiveIntegerField("版本", default=1)
    retired_on = models.DateField("停用日", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("village", "name"), condition=Q(retired_on=None), name="hamlet_name_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Household(models.Model):
    """An address with a visit priority. No names, no file on anyone (Bounds).

    `visit_priority` 0 (none) to 3 (soonest); why is not held here. `version` rises by one with each
    change: a device's edit names the version it was made against.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="households")
    hamlet = models.ForeignKey(
        Hamlet, on_delete=models.PROTECT, null=True, blank=True, related_name="households"
    )
    address = models.CharField("门牌地址", max_length=80)
    visit_priority = models.PositiveSmallIntegerField("走访优先级", default=0)
    version = models.PositiveIntegerField("版本", default=1)
    retired_on = models.DateField("停用日", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(visit_priority__gte=0, visit_priority__lte=3),
                name="household_priority_0_to_3",
            ),
            models.UniqueConstraint(
                fields=("village", "address"),
                condition=Q(retired_on=None),
                name="household_address_once",
            ),
        )

    def __str__(self) -> str:
        return self.address
