"""Reads of postings: who serves now, and who served when."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.accounts.models import User
from cunjing.accounts.queries import users
from cunjing.base.clock import today
from cunjing.base.errors import not_found
from cunjing.coverage.models import Posting
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_village, jurisdiction_of
from cunjing.staffing.queries import own_entry

PERMISSION = Permission.POSTING_READ


def postings(*, actor: Actor) -> QuerySet[Posting]:
    """Every posting in the reader's villages, past and to come, with village, township, person."""
    area = jurisdiction_of(actor=actor, permission=PERMISSION)
    return Posting.objects.filter(area.q("village_id")).select_related(
        "village", "village__township", "staff", "staff__unit"
    )


def current_postings(
    *, actor: Actor, on: date | None = None, roles: Iterable[str] = ()
) -> QuerySet[Posting]:
    """Postings in force on a day (default today), by village and role."""
    found = postings(actor=actor).filter(in_force(on=on or today()))
    wanted = sorted(roles)
    if wanted:
        found = found.filter(role__in=wanted)
    return found.order_by("village_id", "role", "valid_from", "id")


def village_history(*, actor: Actor, village_code: str) -> QuerySet[Posting]:
    """Everybody who served one village, newest first. Raises Problem (404/403) for a stranger."""
    check_village(actor=actor, permission=PERMISSION, village_code=village_code)
    found = postings(actor=actor).filter(village_id=village_code)
    return found.order_by("-valid_from", "role", "id")


def staff_history(*, actor: Actor, staff_id: UUID) -> QuerySet[Posting]:
    """The postings of one person in the reader's villages, newest first."""
    return postings(actor=actor).filter(staff_id=staff_id).order_by("-valid_from", "village_id")


def own_postings(*, actor: Actor, on: date | None = None) -> QuerySet[Posting]:
    """The postings of the signed-in person in force on a day (default today)."""
    staff = own_entry(actor=actor)
    if staff is None:
        return Posting.objects.none()
    found = Posting.objects.filter(in_force(on=on or today()), staff=staff)
    return found.select_related("village", "village__township").order_by("village_id", "role")


def linkable_accounts(*, actor: Actor) -> QuerySet[User]:
    """Open accounts the reader manages that belong to nobody, by login name; never their own."""
    free = users(actor=actor).filter(is_active=True, staff=None)
    return free.exclude(pk=actor.user_id) if actor.user_id else free


def posting_of(*, actor: Actor, posting_id: UUID) -> Posting:
    """One visible posting; raises Problem (404) for any other."""
    posting = postings(actor=actor).filter(pk=posting_id).first()
    if posting is None:
        raise not_found("没有这项包村安排，或者不在您的辖区内。")
    return posting


def in_force(*, on: date, prefix: str = "") -> Q:
    """The filter on postings that hold on a day; `prefix` names a relation to them."""
    return Q(**{f"{prefix}valid_from__lte": on}) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": on})
    )
