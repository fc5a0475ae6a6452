"""Which policy holds where and when, its versions, runs, results, what a revision changed."""

from django.db import models
from django.db.models import F, Q

from cunjing.base.clock import now
from cunjing.base.ids import new_id


class Programme(models.Model):
    """The policy a county runs: `policy_id` holds for villages under `prefix` between two dates.

    `prefix` has 2 to 12 digits. Programmes in force on one day never overlap (actions see to it),
    so a village belongs to at most one. `note` is shown wherever verdicts of the programme are.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    prefix = models.CharField("区划代码", max_length=12)
    policy_id = models.CharField("考评方案", max_length=60)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    created_at = models.DateTimeField("建立时间", default=now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("prefix", "valid_from"), name="programme_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="programme_interval",
            ),
        )


class PolicyVersion(models.Model):
    """One content of a policy file that judged somebody, by its digest, and since when.

    The file itself is kept in VAR/policies under the digest.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    policy_id = models.CharField("考评方案", max_length=60)
    digest = models.CharField("方案摘要", max_length=64, unique=True)
    first_used_at = models.DateTimeField("首次使用时间")

    class Meta:
        indexes = (models.Index(fields=("policy_id", "first_used_at"), name="version_by_policy"),)


class RunState(models.TextChoices):
    """A provisional run is replaced by the next one; a frozen one never changes."""

    PROVISIONAL = "provisional", "暂评"
    FROZEN = "frozen", "定稿"


class Run(models.Model):
    """One evaluation of one policy over one scope and period, as seen at `watermark`.

    `scope` is the programme's prefix. `facts_digest` names the kept facts folder (VAR/facts),
    `policy_digest` the kept policy (VAR/policies): both together give `results_digest` again.
    `revision` 0 is the first; a later one revises the run before it and says why.
    `counts` = number of results per verdict, `villages` = villages in the facts, `left_out` = ids
    of rules of the period that were not judged, see `collecting`. `looked_at`: a frozen run was
    judged again then, by the facts `looked_facts`, and nothing differed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="runs")
    scope = models.CharField("范围", max_length=12)
    policy_id = models.CharField("考评方案", max_length=60)
    policy_digest = models.CharField("方案摘要", max_length=64)
    period = models.CharField("考评期", max_length=8)
    period_start = models.DateField("期初")
    period_end = models.DateField("期末（不含）")
    watermark = models.DateTimeField("数据截至")
    engine = models.CharField("引擎", max_length=20)
    engine_version = models.CharField("引擎版本", max_length=40)
    facts_digest = models.CharField("事实摘要", max_length=64)
    results_digest = models.CharField("结果摘要", max_length=64)
    counts = models.JSONField("各结论数", default=dict)
    villages = models.PositiveIntegerField("村数")
    left_out = models.JSONField("没有判断的规则", default=list)
    looked_at = models.DateTimeField("核对时间", null=True, blank=True)
    looked_facts = models.CharField("核对的事实摘要", max_length=64, blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=RunState.choices, default=RunState.PROVISIONAL
    )
    revision = models.PositiveSmallIntegerField("修订号", default=0)
    revises = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="revised_by"
    )
    reason = models.CharField("修订理由", max_length=200, blank=True)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间")
    frozen_at = models.DateTimeField("定稿时间", null=True, blank=True)
    frozen_by = models.UUIDField("定稿人", null=True, blank=True)
    frozen_by_name = models.CharField("定稿人姓名", max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("scope", "period", "policy_id", "revision"), name="run_revision_once"
            ),
            models.CheckConstraint(
                condition=Q(state=RunState.PROVISIONAL, frozen_at=None, frozen_by_name="")
                | (Q(state=RunState.FROZEN) & ~Q(frozen_at=None) & ~Q(frozen_by_name="")),
                name="run_frozen_with_time",
            ),
            models.CheckConstraint(
                condition=Q(revision=0, revises=None, reason="")
                | (Q(revision__gt=0) & ~Q(revises=None) & ~Q(reason="")),
                name="run_revision_revises",
            ),
            models.CheckConstraint(
                condition=Q(revision=0) | Q(state=RunState.FROZEN), name="run_revision_is_frozen"
            ),
        )
        indexes = (models.Index(fields=("period", "scope"), name="run_by_period"),)

    def __str__(self) -> str:
        return f"{self.scope} {self.period} {self.get_state_display()}"


class Result(models.Model):
    """One verdict of a run: the contract's JSON object without what the run says for all rows.

    `threshold` and `threshold_full` are a number, a list [low, high], or null. `village_code` and
    `staff_id` are empty where the verdict names none.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="results")
    rule = models.CharField("规则", max_length=60)
    clause = models.CharField("条款", max_length=40)
    subject_kind = models.CharField("对象类别", max_length=8)
    subject = models.CharField("对象", max_length=40)
    village_code = models.CharField("村代码", max_length=12, blank=True)
    staff_id = models.CharField("人员", max_length=40, blank=True)
    value = models.BigIntegerField("数值", null=True)
    operator = models.CharField("比较", max_length=8)
    threshold = models.JSONField("标准", null=True)
    threshold_full = models.JSONField("全额标准", null=True)
    verdict = models.CharField("结论", max_length=8)
    evidence_count = models.PositiveIntegerField("依据数")
    evidence_digest = models.CharField("依据摘要", max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("run", "rule", "subject"), name="result_once"),
        )
        indexes = (
            models.Index(fields=("run", "village_code"), name="result_by_village"),
            models.Index(fields=("run", "rule", "verdict"), name="result_by_rule"),
            models.Index(fields=("run", "staff_id"), name="result_by_staff"),
        )


class RevisionDiff(models.Model):
    """One verdict that a revision changed: before, after, and the records that made the difference.

    An empty `before_verdict` means the row is new, an empty `after_verdict` that it is gone.
    `added` and `removed` are ids of evidence counted only after or only before; both are empty
    where a posting, an absence or a synchronisation changed the verdict.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="diffs")
    rule = models.CharField("规则", max_length=60)
    subject_kind = models.CharField("对象类别", max_length=8)
    subject = models.CharField("对象", max_length=40)
    village_code = models.CharField("村代码", max_length=12, blank=True)
    staff_id = models.CharField("人员", max_length=40, blank=True)
    before_verdict = models.CharField("原结论", max_length=8, blank=True)
    after_verdict = models.CharField("新结论", max_length=8, blank=True)
    before_value = models.BigIntegerField("原数值", null=True)
    after_value = models.BigIntegerField("新数值", null=True)
    before_threshold = models.JSONField("原标准", null=True)
    after_threshold = models.JSONField("新标准", null=True)
    added = models.JSONField("新增依据", default=list)
    removed = models.JSONField("失去的依据", default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("run", "rule", "subject"), name="diff_once"),
        )


class FactsExport(models.Model):
    """A facts folder handed out: what it covered and its digest, for the audit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    prefixes = models.JSONField("范围", default=list)
    period = models.CharField("考评期", max_length=8, blank=True)
    facts_digest = models.CharField("事实摘要", max_length=64)
    rows = models.JSONField("各表行数", default=dict)
    exported_at = models.DateTimeField("导出时间", default=now)
