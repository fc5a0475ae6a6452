"""Photos of places and things beside a record or a matter; their content lies in files."""

from django.db import models
from django.db.models import Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.fieldwork.models import WorkRecord
from cunjing.matters.models import Matter


class Photo(models.Model):
    """A photo that a device has promised, and what became of its content.

    `id` is made by the device. `sha256` and `length` (bytes) are of the content without metadata;
    two photos with the same digest share one file. The content is there from `received_at` to
    `erased_at`; `refusal` says why it was not kept. There is no person, face or place in it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record = models.ForeignKey(
        WorkRecord,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="photos",
        db_index=False,  # partial indexes below, as with the visit of a record
    )
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="photos",
        db_index=False,
    )  # fmt: skip
    sha256 = models.CharField("内容摘要", max_length=64)
    length = models.PositiveIntegerField("字节数")
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.UUIDField("录入账号", null=True)
    promised_at = models.DateTimeField("登记时间", default=now)
    received_at = models.DateTimeField("收到时间", null=True, blank=True)
    refusal = models.CharField("拒收原因", max_length=200, blank=True)
    erased_at = models.DateTimeField("删除时间", null=True, blank=True)
    erase_reason = models.CharField("删除理由", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(record=None) & ~Q(matter=None)) | (~Q(record=None) & Q(matter=None)),
                name="photo_of_record_or_matter",
            ),
            models.CheckConstraint(
                condition=(Q(erased_at=None) & Q(erase_reason=""))
                | (~Q(erased_at=None) & ~Q(erase_reason="")),
                name="photo_erased_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(refusal=""), name="photo_received_or_refused"
            ),
        )
        indexes = (
            models.Index(
                fields=("record",), condition=Q(record__isnull=False), name="photo_by_record"
            ),
            models.Index(
                fields=("matter",), condition=Q(matter__isnull=False), name="photo_by_matter"
            ),
            models.Index(fields=("sha256",), name="photo_by_digest"),
        )
