"""What the station tells whoever serves a village before a visit (B3): about places and things."""

from django.db import models
from django.db.models import Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.places.models import Village


class Briefing(models.Model):
    """A short text for a village, valid up to and including a day; no names of people (Bounds)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    text = models.CharField("简报", max_length=300)
    valid_until = models.DateField("有效至")
    written_at = models.DateTimeField("发出时间", default=now)
    written_by = models.UUIDField("发出人", null=True)
    written_by_name = models.CharField("发出人姓名", max_length=80)
    ended_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="briefing_says_something"),
        )
        indexes = (models.Index(fields=("village", "valid_until"), name="briefing_by_village"),)
