"""Writes of accounts and grants."""

from datetime import date
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cunjing.accounts.access import (
    check_manages,
    check_may_change,
    check_may_confer,
    check_may_stand_in,
)
from cunjing.accounts.models import Grant, User
from cunjing.accounts.roles import Role
from cunjing.accounts.rules import check_interval, check_names, check_place
from cunjing.base.clock import today
from cunjing.base.errors import FieldFault, conflict, forbidden, invalid, not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, writing
from cunjing.places.access import check_unit

PERMISSION = Permission.USER_MANAGE


def create_user(
    *,
    actor: Actor,
    username: str,
    display_name: str,
    password: str,
    unit_code: str = "",
    must_change_password: bool = True,
) -> User:
    """Make an account without any grant; its owner changes the password at the first sign-in.

    Only the system may leave that out (`must_change_password` False), for accounts nobody owns.

    `unit_code` is the unit whose managers look after it; only the system may leave it empty.
    Raises Problem (422) for a taken login name or a weak password.
    """
    if unit_code or not actor.system:
        check_unit(actor=actor, permission=PERMISSION, unit_code=unit_code)
    check_names(username=username, display_name=display_name)
    user = User(
        username=username,
        display_name=display_name.strip(),
        unit_code=unit_code,
        must_change_password=must_change_password or not actor.system,
    )
    _set_checked_password(user=user, password=password)
    if User.objects.filter(username__iexact=username).exists():
        raise invalid("登录名已被使用。", FieldFault("username", "这个登录名已有人用，请换一个。"))
    with writing(actor=actor, permission=PERMISSION) as write:
        user.save(force_insert=True)
        write.note(user, AuditVerb.CREATED)
    return user


def set_password(*, actor: Actor, user_id: UUID, password: str) -> User:
    """Set the password of one's own account, or of a managed one (who must then change it)."""
    user = _user(user_id)
    check_may_stand_in(actor=actor, user=user)
    _set_checked_password(user=user, password=password)
    user.must_change_password = actor.user_id != user.pk
    with writing(actor=actor, permission=PERMISSION) as write:
        user.save(update_fields=["password", "must_change_password"])
        write.note(user, AuditVerb.CHANGED, reason="设置密码")
    return user


def deactivate_user(*, actor: Actor, user_id: UUID, reason: str) -> User:
    """Close an account: it signs in no more and its keys stop working. Grants stay as history."""
    user = _user(user_id)
    if actor.user_id == user.pk:
        raise forbidden("不能停用自己的账号，请由其他管理人员办理。")
    check_manages(actor=actor, user=user)
    return _set_active(actor=actor, user=user, active=False, reason=reason)


def reactivate_user(*, actor: Actor, user_id: UUID, reason: str) -> User:
    """Open a closed account again, with the grants still in force."""
    user = _user(user_id)
    check_may_stand_in(actor=actor, user=user)
    return _set_active(actor=actor, user=user, active=True, reason=reason)


def grant_role(
    *,
    actor: Actor,
    user_id: UUID,
    role: Role,
    valid_from: date,
    valid_to: date | None = None,
    unit_code: str = "",
    village_code: str = "",
) -> Grant:
    """Give a role over one unit or one village, from `valid_from` up to (not including) `valid_to`.

    Only inside the giver's own jurisdiction, never to oneself, and never a role with rights the
    giver lacks there (the right to record one's own work aside).
    """
    check_place(unit_code=unit_code, village_code=village_code)
    check_may_confer(actor=actor, role=role, unit_code=unit_code, village_code=village_code)
    check_interval(valid_from=valid_from, valid_to=valid_to)
    user = _user(user_id)
    if actor.user_id == user.pk:
        raise forbidden("不能给自己授权，请由其他管理人员办理。")
    check_manages(actor=actor, user=user)
    _refuse_repeated(
        user=user, role=role, unit_code=unit_code, village_code=village_code, start=valid_from
    )
    grant = Grant(
        user=user,
        role=role,
        unit_code=unit_code,
        village_code=village_code,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    with writing(actor=actor, permission=PERMISSION) as write:
        grant.save(force_insert=True)
        note_grant(write=write, grant=grant, verb=AuditVerb.CREATED)
    return grant


def end_grant(*, actor: Actor, grant_id: UUID, on: date | None = None, reason: str) -> Grant:
    """End a grant: `on` (default today) is the first day it no longer holds.

    A grant that follows from a posting is ended by ending the posting.
    """
    grant = Grant.objects.select_related("user").filter(pk=grant_id).first()
    if grant is None:
        raise not_found("没有这项授权，或者不在您的管理范围内。")
    check_may_change(actor=actor, grant=grant)
    if grant.posting_id is not None:
        raise conflict("这项授权随包村安排而来，请终止或更换包村安排。")
    day = on or today()
    if day <= grant.valid_from:
        raise invalid("授权止日必须晚于起日。", FieldFault("on", "请填晚于授权起日的日期。"))
    if grant.valid_to is not None and grant.valid_to <= day:
        raise conflict("这项授权在这一天之前已经终止。")
    grant.valid_to = day
    with writing(actor=actor, permission=PERMISSION) as write:
        grant.save(update_fields=["valid_to"])
        note_grant(write=write, grant=grant, verb=AuditVerb.ENDED, reason=reason)
    return grant


def note_grant(*, write: Write, grant: Grant, verb: AuditVerb, reason: str = "") -> None:
    """Note a written grant; devices of its place hear of it."""
    scope = grant.village_code or grant.unit_code
    write.note(grant, verb, village_code=grant.village_code, scopes=(scope,), reason=reason)


def _set_active(*, actor: Actor, user: User, active: bool, reason: str) -> User:
    if user.is_active == active:
        raise conflict("账号已经是启用状态。" if active else "账号已经停用。")
    user.is_active = active
    with writing(actor=actor, permission=PERMISSION) as write:
        user.save(update_fields=["is_active"])
        write.note(user, AuditVerb.CHANGED, reason=reason)
    return user


def _set_checked_password(*, user: User, password: str) -> None:
    try:
        validate_password(password, user=user)
    except ValidationError as error:
        faults = [FieldFault("password", message) for message in error.messages]
        raise invalid("密码不符合要求，请换一个。", *faults) from error
    user.set_password(password)


def _refuse_repeated(
    *, user: User, role: Role, unit_code: str, village_code: str, start: date
) -> None:
    for grant in user.grants.filter(role=role, unit_code=unit_code, village_code=village_code):
        if grant.valid_to is None or grant.valid_to > start:
            raise conflict(f"{user.display_name}在这里已有“{role.label}”授权，不必重复授予。")


def _user(user_id: UUID) -> User:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise not_found("没有这个账号，或者不在您的管理范围内。")
    return user
