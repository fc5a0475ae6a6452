"""Devices, what each of them sent, and what each scope holds for the devices that pull it."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from cunjing.accounts.models import User
from cunjing.base.clock import now
from cunjing.base.ids import new_id

EVERYBODY = UUID(int=0)
"""The owner of rows that every device of a scope may have."""


class Device(models.Model):
    """A phone enrolled for one person. `id` is made by the device and used once.

    `public_key` is SPKI in base64; of the token only the SHA-256 is kept.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    public_key = models.CharField("公钥", max_length=200)
    token_digest = models.CharField("令牌摘要", max_length=64)
    platform = models.CharField("机型", max_length=120, blank=True)
    enrolled_at = models.DateTimeField("绑定时间", default=now)
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    revoked_by = models.UUIDField("停用人", null=True, blank=True)
    revoke_reason = models.CharField("停用理由", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(revoked_at=None) & Q(revoke_reason=""))
                | (~Q(revoked_at=None) & ~Q(revoke_reason="")),
                name="device_revoked_with_reason",
            ),
        )


class DeviceProgress(models.Model):
    """How far a device is; moves with every contact, so it stands apart from the audited device.

    Its row is what a push and a pull of the device lock. `last_n` and `head` are number and hash of
    the last line received, `signed_header` is the header of the push that brought it: the device's
    own signature over all it ever sent. `anchor_n` is the newest anchor its lines have shown,
    `contacts` the number of the last anchor given. `synced_at` is the last answered pull, which
    ends every exchange; `unsent` how many lines the device last said it still has to send, and
    `complete_at` when it last had none.
    """

    device = models.OneToOneField(
        Device, on_delete=models.PROTECT, primary_key=True, related_name="progress"
    )
    last_n = models.BigIntegerField("最后一条序号", default=0)
    head = models.CharField("链头", max_length=64)
    signed_header = models.TextField("最后一次签名", blank=True)
    anchor_n = models.BigIntegerField("已用时间凭证", default=0)
    contacts = models.BigIntegerField("联系次数", default=0)
    last_contact_at = models.DateTimeField("最后联系", default=now)
    synced_at = models.DateTimeField("最后同步", null=True)
    unsent = models.PositiveIntegerField("未上传条数", null=True)
    complete_at = models.DateTimeField("没有缺失至", null=True)
    app = models.CharField("应用版本", max_length=40, blank=True)
    schema = models.PositiveIntegerField("数据格式版本", default=1)


class EnrolmentCode(models.Model):
    """A code shown once as a QR code; only its SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField("摘要", max_length=64, unique=True)
    created_by = models.UUIDField("建立人", null=True)
    created_at = models.DateTimeField("建立时间", default=now)
    expires_at = models.DateTimeField("到期时间")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="+")


class MutationResult(models.TextChoices):
    """What became of a mutation; it never changes."""

    ACCEPTED = "accepted", "已接收"
    MERGED = "merged", "已合并"
    CONFLICT = "conflict", "待裁定"
    REJECTED = "rejected", "未采纳"
    QUARANTINED = "quarantined", "待查看"


NOT_DONE = (MutationResult.REJECTED, MutationResult.QUARANTINED)
"""Results of lines that wait for a person."""


class Mutation(models.Model):
    """One line a device sent, with its stored result.

    `content` are the bytes of the line; erased, the chain still verifies by `inner`. `anchor_at` is
    the signed time the line shows, None where it shows none. `rows` names what it made. Of a line
    that was not done, `village_code` is the village it speaks of: who may read it, and decide.
    """

    # No index of its own: that of the numbers begins with it.
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, related_name="mutations", db_index=False
    )
    n = models.BigIntegerField("序号")
    mutation_id = models.UUIDField("编号")
    type = models.CharField("类别", max_length=20)
    schema = models.PositiveIntegerField("数据格式版本")
    inner = models.CharField("内层摘要", max_length=64)
    hash = models.CharField("链值", max_length=64)
    anchor_at = models.DateTimeField("时间凭证", null=True)
    received_at = models.DateTimeField("收到时间", default=now)
    result = models.CharField("结果", max_length=12, choices=MutationResult.choices)
    problem = models.JSONField("原因", null=True)
    rows = models.JSONField("生成的记录", default=list)
    content = models.BinaryField("原文", null=True)
    village_code = models.CharField("村代码", max_length=12, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("device", "n"), name="mutation_number_once"),
            models.UniqueConstraint(
                fields=("device", "mutation_id"),
                condition=~Q(result="quarantined"),
                name="mutation_id_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("received_at",),
                condition=Q(result__in=("conflict", "rejected", "quarantined")),
                name="mutation_not_accepted",
            ),
            models.Index(fields=("device",), condition=Q(type="photo"), name="mutation_of_photo"),
        )


class HeldPhoto(models.Model):
    """The content of a photo whose line waits for a person; only the line's page shows it.

    Goes with the decision: taken, it is kept beside its record as every other photo is.
    """

    mutation = models.OneToOneField(
        Mutation, on_delete=models.PROTECT, primary_key=True, related_name="held_photo"
    )
    content = models.BinaryField("照片内容")
    received_at = models.DateTimeField("收到时间", default=now)


class Quarantine(models.Model):
    """A whole push that was refused though it was signed: kept for a person, nothing is applied."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="quarantined")
    received_at = models.DateTimeField("收到时间", default=now)
    reason = models.CharField("原因", max_length=200)
    sha256 = models.CharField("摘要", max_length=64)
    header = models.TextField("推送头")
    body = models.BinaryField("原文")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("device", "sha256"), name="quarantine_once"),
        )


class DecisionOutcome(models.TextChoices):
    """What became of a line that was not done: a person at the station decided; or whose line it is
    has sent it once more, as it was (applied) or mended (replaced), and that was done."""

    APPLIED = "applied", "已采纳"
    ENTERED = "entered", "已另行登记"
    DISMISSED = "dismissed", "不采纳"
    REPLACED = "replaced", "已由本人改好重报"


STATIONS_WORD = (DecisionOutcome.APPLIED, DecisionOutcome.ENTERED, DecisionOutcome.DISMISSED)
"""What people at the station may decide; what an officer sends has its outcome by itself."""


class Decision(models.Model):
    """A person's word about a line or a whole push that was not done; final, with its reason.

    `rows` names what an applied line made, or what stands in the place of a replaced one. The
    line's own result stays as the device heard it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mutation = models.OneToOneField(
        Mutation, on_delete=models.PROTECT, null=True, related_name="decision"
    )
    quarantine = models.OneToOneField(
        Quarantine, on_delete=models.PROTECT, null=True, related_name="decision"
    )
    outcome = models.CharField("处理", max_length=10, choices=DecisionOutcome.choices)
    reason = models.CharField("理由", max_length=200)
    decided_at = models.DateTimeField("处理时间", default=now)
    decided_by = models.UUIDField("处理人", null=True)
    decided_by_name = models.CharField("处理人姓名", max_length=80)
    rows = models.JSONField("生成的记录", default=list)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(mutation=None, quarantine__isnull=False)
                | Q(mutation__isnull=False, quarantine=None),
                name="decision_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_reason"),
        )


class ConflictSubject(models.TextChoices):
    """What both sides changed a field of."""

    HOUSEHOLD = "household", "住户"
    MATTER = "matter", "事项"


class ConflictState(models.TextChoices):
    """Whose value stands: nobody has said yet, the station's, the device's."""

    OPEN = "open", "待裁定"
    KEPT = "kept", "以站里为准"
    TAKEN = "taken", "以手机为准"


class FieldConflict(models.Model):
    """A field that a device and the station both changed: the station's value stands until a person
    of the unit that answers for the village has said which is right.

    `base` is what the device changed it from; the three values are as devices write them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="conflicts")
    n = models.BigIntegerField("序号")
    subject = models.CharField("对象", max_length=12, choices=ConflictSubject.choices)
    record_id = models.UUIDField("编号")
    village_code = models.CharField("村代码", max_length=12)
    field = models.CharField("字段", max_length=20)
    base = models.JSONField("原值", null=True)
    station = models.JSONField("站里的值", null=True)
    said = models.JSONField("手机的值", null=True)
    arisen_at = models.DateTimeField("发生时间", default=now)
    state = models.CharField(
        "裁定", max_length=6, choices=ConflictState.choices, default=ConflictState.OPEN
    )
    reason = models.CharField("裁定理由", max_length=200, blank=True)
    settled_at = models.DateTimeField("裁定时间", null=True)
    settled_by = models.UUIDField("裁定人", null=True)
    settled_by_name = models.CharField("裁定人姓名", max_length=80, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state=ConflictState.OPEN, settled_at=None, reason="")
                | (~Q(state=ConflictState.OPEN) & ~Q(settled_at=None) & ~Q(reason="")),
                name="conflict_settled_with_reason",
            ),
            models.UniqueConstraint(
                fields=("device", "n", "field"), name="conflict_once_a_line_and_field"
            ),
        )
        indexes = (
            models.Index(fields=("village_code",), condition=Q(state="open"), name="conflict_open"),
        )


class ScopeCursor(models.Model):
    """A scope that devices pull: the row to lock, and the last number given in it.

    `shape` is the version of the rows' form; with another one all rows are made anew.
    """

    scope = models.CharField("范围", max_length=20, primary_key=True)
    last = models.BigIntegerField("最后序号", default=0)
    shape = models.PositiveIntegerField("行格式版本", default=0)


class ScopePart(models.Model):
    """Rows of a scope that belong together: everybody's, or one person's; their digest (XOR).

    `states_key` says of what the person's states were made; empty: they must be made anew.
    """

    cursor = models.ForeignKey(
        ScopeCursor, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    owner = models.UUIDField("所属人员", default=EVERYBODY)
    digest = models.CharField("摘要", max_length=64)
    states_key = models.CharField("状态依据", max_length=64, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("cursor", "owner"), name="scope_part_once"),)


class ScopeRow(models.Model):
    """A row as devices of a scope get it: made from the domains, numbered when it changed.

    `content` is the line of the answer; empty where the row is gone.
    """

    cursor = models.ForeignKey(
        ScopeCursor, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    row_type = models.CharField("类别", max_length=12)
    row_id = models.CharField("编号", max_length=40)
    owner = models.UUIDField("所属人员", default=EVERYBODY)
    number = models.BigIntegerField("序号")
    version = models.CharField("版本", max_length=20, blank=True)
    content = models.TextField("内容", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("cursor", "row_type", "row_id"), name="scope_row_once"),
        )
        indexes = (models.Index(fields=("cursor", "number"), name="scope_row_by_number"),)
