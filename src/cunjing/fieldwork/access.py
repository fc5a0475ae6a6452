"""Who may write the work of whom."""

from uuid import UUID

from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_village, jurisdiction_of


def right_to_write(*, actor: Actor, account: UUID | None, village_code: str) -> Permission:
    """The right by which `actor` writes the work of the person with this account in the village.

    One's own work needs RECORD_WRITE, somebody else's RECORD_WRITE_FOR. Raises 403 with the reason,
    or 404 for a stranger.
    """
    own = account is not None and account == actor.user_id
    mine, others = Permission.RECORD_WRITE, Permission.RECORD_WRITE_FOR
    if own and jurisdiction_of(actor=actor, permission=mine).covers(village_code):
        return mine
    covered = jurisdiction_of(actor=actor, permission=others).covers(village_code)
    needed = mine if own and not covered else others
    check_village(actor=actor, permission=needed, village_code=village_code)
    return needed
