"""Who may write the work of whom."""

from uuid import UUID

from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_village, jurisdiction_of
from cunjing.places.queries import goes_on_in


def right_to_write(*, actor: Actor, account: UUID | None, village_code: str) -> Permission:
    """The right by which `actor` writes the work of the person with this account in the village.

    One's own work needs RECORD_WRITE, somebody else's RECORD_WRITE_FOR; in a merged village, over
    the one it goes on in. Raises 403 with the reason, or 404 for a stranger.
    """
    own = account is not None and account == actor.user_id
    mine, others = Permission.RECORD_WRITE, Permission.RECORD_WRITE_FOR
    if own and jurisdiction_of(actor=actor, permission=mine).covers(village_code):
        return mine
    if jurisdiction_of(actor=actor, permission=others).covers(village_code):
        return others
    successor = goes_on_in(village_code)
    if successor != village_code:
        return right_to_write(actor=actor, account=account, village_code=successor)
    needed = mine if own else others
    check_village(actor=actor, permission=needed, village_code=village_code)
    return needed
