"""Accounts, dated grants and API tokens."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from cunjing.accounts.roles import Role
from cunjing.base.clock import now
from cunjing.base.ids import new_id


class User(AbstractBaseUser):
    """Someone who can sign in. Rights come only from grants.

    `unit_code` is the unit whose account managers look after this account; empty for accounts that
    only the system itself makes and changes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField("登录名", max_length=60, unique=True)
    display_name = models.CharField("姓名", max_length=40)
    unit_code = models.CharField("所属单位代码", max_length=20, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    created_at = models.DateTimeField("建立时间", default=now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    def __str__(self) -> str:
        return self.display_name


class Grant(models.Model):
    """A role over one unit or one village, from `valid_from` up to (not including) `valid_to`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    unit_code = models.CharField("单位代码", max_length=20, blank=True)
    village_code = models.CharField("村代码", max_length=12, blank=True)
    valid_from = models.DateField("起")
    valid_to = models.DateField("止（不含）", null=True, blank=True)
    posting_id = models.UUIDField("所依据的包村安排", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(unit_code="") & ~Q(village_code=""))
                | (~Q(unit_code="") & Q(village_code="")),
                name="grant_unit_or_village",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="grant_interval"
            ),
        )
        indexes = (
            models.Index(fields=("user", "valid_from"), name="grant_by_user"),
            models.Index(fields=("unit_code", "role"), name="grant_by_unit"),
            models.Index(fields=("posting_id",), name="grant_by_posting"),
        )


class ApiToken(models.Model):
    """A key for programs. Only its SHA-256 is kept; the prefix tells people which one it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField("用途", max_length=60)
    prefix = models.CharField("前缀", max_length=8)
    digest = models.CharField("摘要", max_length=64, unique=True)
    created_at = models.DateTimeField("建立时间", default=now)
    expires_at = models.DateTimeField("到期时间")
    revoked_at = models.DateTimeField("吊销时间", null=True, blank=True)
    last_used_on = models.DateField("最近使用", null=True, blank=True)
