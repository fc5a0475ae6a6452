"""The change log that pulls will number, and the audit chain."""

from django.db import models
from django.db.models import Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id


class Change(models.Model):
    """One changed record in one scope, inserted without a number inside the writing transaction.

    A pull locks the scope, numbers what has committed and then reads: a number taken while writing
    loses rows or deadlocks under concurrent writers (docs/explanation, sync).
    """

    scope = models.CharField("范围", max_length=20)
    record_type = models.CharField("记录类型", max_length=60)
    record_id = models.CharField("记录编号", max_length=40)
    number = models.BigIntegerField("序号", null=True)
    at = models.DateTimeField("时间", default=now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("scope", "number"), name="change_number_once"),
        )
        indexes = (
            models.Index(fields=("scope",), condition=Q(number=None), name="change_unnumbered"),
        )


class AuditVerb(models.TextChoices):
    """What happened to a record."""

    CREATED = "created", "新增"
    CHANGED = "changed", "变更"
    SUPERSEDED = "superseded", "更正替代"
    VOIDED = "voided", "作废"
    ENDED = "ended", "终止"
    READ = "read", "查阅"
    EXPORTED = "exported", "导出"


class AuditEntry(models.Model):
    """One act, written in the same transaction as the act; chained later by the sealer.

    `digest` = SHA-256(salt ‖ canonical bytes). `record_digest` is the salted digest of the record's
    state after the act, so a row changed behind the product's back is found. Content never enters.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField("时间", default=now)
    actor_id = models.UUIDField("操作人", null=True)
    actor_name = models.CharField("操作人名称", max_length=80)
    permission = models.CharField("权限", max_length=60)
    verb = models.CharField("动作", max_length=12, choices=AuditVerb.choices)
    record_type = models.CharField("记录类型", max_length=60)
    record_id = models.CharField("记录编号", max_length=40)
    village_code = models.CharField("村代码", max_length=12, blank=True)
    reason = models.TextField("理由", blank=True)
    salt = models.BinaryField("盐", max_length=32, null=True)
    record_digest = models.CharField("记录摘要", max_length=64, blank=True)
    algorithm = models.CharField("算法", max_length=12)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        indexes = (
            models.Index(fields=("record_type", "record_id", "at"), name="audit_by_record"),
            models.Index(fields=("at",), name="audit_by_time"),
        )


class AuditSeal(models.Model):
    """A link of the chain: head(n) = SHA-256(head(n−1) ‖ digest of the entry)."""

    sequence = models.BigIntegerField("序号", primary_key=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="seal")
    head = models.CharField("链头", max_length=64)
    sealed_at = models.DateTimeField("封存时间", default=now)


class DailyHead(models.Model):
    """The signed head of the chain at the end of a day (Asia/Shanghai), for export and witness."""

    day = models.DateField("日期", primary_key=True)
    sequence = models.BigIntegerField("序号")
    head = models.CharField("链头", max_length=64)
    algorithm = models.CharField("算法", max_length=12)
    key_id = models.CharField("密钥编号", max_length=16)
    signature = models.CharField("签名", max_length=128)
    signed_at = models.DateTimeField("签名时间", default=now)


class Schedule(models.Model):
    """A job that runs by the clock; `cron` in Asia/Shanghai, five fields."""

    name = models.CharField("名称", max_length=60, primary_key=True)
    cron = models.CharField("时刻表", max_length=60)
    task = models.CharField("任务", max_length=120)
    next_at = models.DateTimeField("下次运行")
    last_at = models.DateTimeField("上次运行", null=True)
