"""Erasing what a device sent, where the law asks for it: the chain verifies without it."""

from uuid import UUID

from cunjing.base.errors import FieldFault, invalid, not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.sync.deciding import check_may_manage
from cunjing.sync.models import HeldPhoto, Mutation
from cunjing.sync.queries import device_of

MANAGE = Permission.DEVICE_MANAGE
REASON_LENGTH = 200


def erase_mutation(*, actor: Actor, device_id: UUID, n: int, reason: str) -> Mutation:
    """Delete the content of one line, what a refusal says of it, and the photo that waits with it;
    its digests stay.

    A record made from it is another matter: that is withdrawn or erased where it stands. Only by
    who manages the person's phones; raises 40401 for others and where there is no such line.
    """
    why = reason.strip()
    if not why or len(why) > REASON_LENGTH:
        detail = f"请写明删除理由，不超过{REASON_LENGTH}字。"
        raise invalid(detail, FieldFault("reason", detail))
    device = device_of(actor=actor, device_id=device_id)
    check_may_manage(actor=actor, device=device)
    with writing(actor=actor, permission=MANAGE) as write:
        row = Mutation.objects.select_for_update().filter(device=device, n=n).first()
        if row is None:
            raise not_found("这台设备没有这一条记录。")
        row.content, row.problem = None, None
        row.save(update_fields=["content", "problem"])
        HeldPhoto.objects.filter(mutation=row).delete()
        write.note_use("sync.mutation", f"{device.pk}", AuditVerb.VOIDED, reason=f"{n}：{why}")
    return row
