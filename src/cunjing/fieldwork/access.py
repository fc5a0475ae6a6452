"""Who may write the work of whom."""

from uuid import UUID

from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_village, jurisdiction_of
from cunjing.places.merged import goes_on_in


def right_to_write(*, actor: Actor, account: UUID | None, village_code: str) -> Permission:
    """The right by which `actor` writes the work of the person with this account in the village.

    One's own work needs RECORD_WRITE, somebody else's RECORD_WRITE_FOR, as `covers_work` says.
    Raises 403 with the reason, or 404 for a stranger.
    """
    own = _own(actor, account=account)
    mine, others = Permission.RECORD_WRITE, Permission.RECORD_WRITE_FOR
    if own and covers_work(
        actor=actor, permission=mine, account=account, village_code=village_code
    ):
        return mine
    covered = jurisdiction_of(actor=actor, permission=others).covers(village_code)
    needed = mine if own and not covered else others
    check_village(actor=actor, permission=needed, village_code=village_code)
    return needed


def covers_work(
    *, actor: Actor, permission: Permission, account: UUID | None, village_code: str
) -> bool:
    """Whether the right holds over the work of the person with this account in the village.

    Where the village was merged, it holds over one's own also by a posting to the one it goes on
    in: that opens nobody else's work of before, but one's own may still have to come.
    """
    area = jurisdiction_of(actor=actor, permission=permission)
    if area.covers(village_code):
        return True
    return _own(actor, account=account) and area.covers(goes_on_in(village_code))


def _own(actor: Actor, *, account: UUID | None) -> bool:
    return account is not None and account == actor.user_id
