"""Beginning and ending duty, and tying accounts to people: both move postings and their grants."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from cunjing.accounts.models import User
from cunjing.accounts.posting_grants import end_posting_grants
from cunjing.accounts.queries import user_of
from cunjing.base.clock import today
from cunjing.base.errors import FieldFault, conflict, invalid
from cunjing.coverage.models import Posting
from cunjing.coverage.records import cut_posting, open_grant_of
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import check_unit, check_village
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import person
from cunjing.staffing.records import update_person
from cunjing.staffing.rules import check_duty

PERMISSION = Permission.STAFF_EDIT


def start_duty(*, actor: Actor, staff_id: UUID, on: date) -> Staff:
    """Set the first day of duty; clears an earlier end of duty, so people can come back."""
    staff = _staff(actor=actor, staff_id=staff_id)
    first = staff.postings.order_by("valid_from").first()
    if first is not None and first.valid_from < on and staff.on_duty_to is None:
        raise invalid(
            "到岗日没有保存。",
            FieldFault("on", f"此人{first.valid_from}起已有包村安排，到岗日不能晚于这一天。"),
        )
    if staff.on_duty_to is not None and on < staff.on_duty_to:
        raise invalid("到岗日没有保存。", FieldFault("on", f"请填{staff.on_duty_to}或以后的日期。"))
    changes = {"on_duty_from": on, "on_duty_to": None}
    with writing(actor=actor, permission=PERMISSION) as write:
        update_person(write=write, staff=staff, changes=changes, reason="到岗")
    return staff


def end_duty(*, actor: Actor, staff_id: UUID, on: date, reason: str) -> list[Posting]:
    """End duty on `on` (exclusive) and with it every posting that would go on; returns those.

    Needs the right over the person's unit and over each village left. A posting that has not begun
    by then must be dealt with first, since a posting has at least one day.
    """
    staff = _staff(actor=actor, staff_id=staff_id)
    faults = check_duty(on_duty_from=staff.on_duty_from, on_duty_to=on)
    if faults:
        raise invalid("离岗没有登记，请改正标出的项。", *faults)
    with writing(actor=actor, permission=PERMISSION) as write:
        staff = Staff.objects.select_for_update().get(pk=staff.pk)
        ended = list(staff.postings.filter(Q(valid_to=None) | Q(valid_to__gt=on)))
        for posting in ended:
            _check_can_end(actor=actor, posting=posting, on=on)
            cut_posting(write=write, posting=posting, on=on, reason=reason)
        update_person(write=write, staff=staff, changes={"on_duty_to": on}, reason=reason)
    return ended


def link_account(*, actor: Actor, staff_id: UUID, user_id: UUID) -> Staff:
    """Tie an account to a person and open the grants of the postings that still hold."""
    staff = _staff(actor=actor, staff_id=staff_id)
    user = _linkable(actor=actor, user_id=user_id)
    if staff.user_id is not None:
        raise conflict("此人已经关联了账号，请先解除原来的关联。")
    if Staff.objects.filter(user=user).exists():
        raise conflict("这个账号已经关联到另一人，请选择别的账号。")
    current = staff.postings.filter(Q(valid_to=None) | Q(valid_to__gt=today()))
    with writing(actor=actor, permission=PERMISSION) as write:
        update_person(write=write, staff=staff, changes={"user_id": user.pk}, reason="关联账号")
        for posting in current:
            open_grant_of(write=write, posting=posting, user_id=user.pk)
    return staff


def unlink_account(*, actor: Actor, staff_id: UUID, reason: str) -> Staff:
    """Untie the account; its grants from postings end today."""
    staff = _staff(actor=actor, staff_id=staff_id)
    if staff.user_id is None:
        raise conflict("此人没有关联账号。")
    postings = list(staff.postings.all())
    with writing(actor=actor, permission=PERMISSION) as write:
        update_person(write=write, staff=staff, changes={"user_id": None}, reason=reason)
        for posting in postings:
            end_posting_grants(write=write, posting_id=posting.pk, on=today())
    return staff


def _check_can_end(*, actor: Actor, posting: Posting, on: date) -> None:
    """The right over the village, and at least one day of posting before `on`."""
    check_village(actor=actor, permission=Permission.POSTING_EDIT, village_code=posting.village_id)
    if posting.valid_from >= on:
        raise conflict(
            f"此人有一项{posting.valid_from}才开始的包村安排，离岗日请晚于这一天，或由他人接任。"
        )


def _linkable(*, actor: Actor, user_id: UUID) -> User:
    user = user_of(actor=actor, user_id=user_id)
    if actor.user_id == user.pk and not actor.system:
        raise invalid("不能把自己的账号关联到人员，请由其他管理人员办理。")
    if not user.is_active:
        raise invalid("这个账号已经停用，请选择启用中的账号。")
    return user


def _staff(*, actor: Actor, staff_id: UUID) -> Staff:
    staff = person(actor=actor, staff_id=staff_id)
    check_unit(actor=actor, permission=PERMISSION, unit_code=staff.unit_id)
    return staff
