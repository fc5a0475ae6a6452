"""What a month plan stands on: the county's days, shared cars, how urgent a household is."""

from django.db import models

from cunjing.base.ids import new_id
from cunjing.places.models import Division, Unit


class CountyDay(models.Model):
    """What a county says about one day.

    `working` overrides the national calendar, None leaves it as it is. On market and festival days
    people are at home or in town: good days to meet them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    day = models.DateField("日期")
    working = models.BooleanField("上班", null=True, blank=True)
    market = models.BooleanField("集市日", default=False)
    festival = models.BooleanField("节庆日", default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("county", "day"), name="county_day_once"),)


class SharedCar(models.Model):
    """A car a unit shares for village visits; `label` is what people there call it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cars")
    label = models.CharField("车辆", max_length=20)
    retired_on = models.DateField("停用日", null=True, blank=True)


class NeedWeights(models.Model):
    """How a county weighs the need of a household to be visited; `rostering.needs` adds them up.

    The defaults hold for a county that has set none. Points; `longest_days` caps the days counted.
    """

    county = models.OneToOneField(
        Division, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    base = models.PositiveIntegerField("每户基础分", default=60)
    per_priority = models.PositiveIntegerField("每级走访优先级", default=60)
    per_day_unvisited = models.PositiveIntegerField("每多一天未走访", default=1)
    longest_days = models.PositiveIntegerField("未走访最多计天数", default=180)
    per_open_matter = models.PositiveIntegerField("村内每件未办结事项", default=10)
    most_matters = models.PositiveIntegerField("未办结事项最多计件数", default=5)
    minutes = models.PositiveIntegerField("每户走访分钟", default=20)
