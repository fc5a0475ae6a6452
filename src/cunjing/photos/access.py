"""Who may write a photo: whoever may write the record or the matter it stands beside."""

from cunjing.base.errors import Problem, not_found
from cunjing.fieldwork.access import right_to_write
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.matters.models import Matter
from cunjing.places.access import check_village


def right_over(*, actor: Actor, owner: WorkRecord | Matter | None) -> Permission:
    """The right to write this record or matter, one's own or for others; raises 403 or 404."""
    if owner is None:
        raise not_found()
    if isinstance(owner, WorkRecord):
        account = owner.staff.user_id
    elif owner.opened_by is not None:
        account = owner.opened_by.user_id
    else:
        check_village(actor=actor, permission=Permission.MATTER_OPEN, village_code=owner.village_id)
        return Permission.MATTER_OPEN
    return right_to_write(actor=actor, account=account, village_code=owner.village_id)


def why_not_write(*, actor: Actor, owner: WorkRecord | Matter | None) -> str:
    """Empty where the actor may write it, else why not."""
    try:
        right_over(actor=actor, owner=owner)
    except Problem as problem:
        return problem.detail
    return ""
