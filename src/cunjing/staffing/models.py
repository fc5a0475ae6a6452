"""People on duty and their absences."""

from django.db import models
from django.db.models import F, Q

from cunjing.accounts.models import User
from cunjing.base.clock import now
from cunjing.base.ids import new_id
from cunjing.places.models import Unit, Village


class StaffRole(models.TextChoices):
    """Staff roles of the facts contract (what a programme calls a person)."""

    RESIDENT_OFFICER = "resident_officer", "驻村民警"
    LIAISON_OFFICER = "liaison_officer", "包村民警"
    BEAT_OFFICER = "beat_officer", "责任区民警"
    VILLAGE_AUXILIARY = "village_auxiliary", "驻村辅警"
    POLICE_ASSISTANT = "police_assistant", "警务助理"
    SECURITY_DIRECTOR = "security_director", "治保主任"


OFFICER_ROLES = frozenset(
    {StaffRole.RESIDENT_OFFICER, StaffRole.LIAISON_OFFICER, StaffRole.BEAT_OFFICER}
)


class AbsenceKind(models.TextChoices):
    """Why someone is away; sick leave carries no diagnosis."""

    LEAVE = "leave", "休假"
    SICK = "sick", "病假"
    TRAINING = "training", "培训"
    SECONDMENT = "secondment", "借调抽调"
    OTHER = "other", "其他"


class Staff(models.Model):
    """Someone with a post in the programme, known by badge number.

    The identity number is checked on import and not kept: only birth month and sex are needed
    (Huangchuan annex 3), PIPL 6.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    badge_number = models.CharField("警号、辅警号", max_length=20, unique=True)
    name = models.CharField("姓名", max_length=40)
    role = models.CharField("岗位", max_length=20, choices=StaffRole.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="staff")
    post = models.CharField("职务", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    birth_month = models.CharField("出生年月", max_length=7, blank=True)
    sex = models.CharField("性别", max_length=1, blank=True)
    education = models.CharField("学历", max_length=2, blank=True)
    party_member = models.BooleanField("党员", null=True, blank=True)
    home_village = models.ForeignKey(
        Village, on_delete=models.PROTECT, null=True, blank=True, related_name="natives"
    )
    trained_on = models.DateField("岗前培训日", null=True, blank=True)
    on_duty_from = models.DateField("到岗日", null=True, blank=True)
    on_duty_to = models.DateField("离岗日（不含）", null=True, blank=True)
    user = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="staff"
    )
    created_at = models.DateTimeField("建立时间", default=now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(on_duty_to=None)
                | Q(on_duty_from=None)
                | Q(on_duty_to__gt=F("on_duty_from")),
                name="staff_duty_interval",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Days away, from `date_from` up to (not including) `date_to`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="absences")
    kind = models.CharField("类别", max_length=12, choices=AbsenceKind.choices)
    date_from = models.DateField("起")
    date_to = models.DateField("止（不含）")
    cancelled_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(date_to__gt=F("date_from")), name="absence_interval"
            ),
            models.UniqueConstraint(
                fields=("staff", "kind", "date_from"),
                condition=Q(cancelled_at=None),
                name="absence_once",
            ),
        )
