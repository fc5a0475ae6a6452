"""Erasing what a device sent, where the law asks for it: the chain verifies without it."""

from uuid import UUID

from django.db.models import Q

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
    """Delete the content of one line, what a refusal says of it, and the photo that waits with it,
    on whichever phones of the person it came; its digests stay.

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
        row = Mutation.objects.filter(device=device, n=n).first()
        if row is None:
            raise not_found("这台设备没有这一条记录。")
        for one in _copies(row):
            one.content, one.problem = None, None
            one.save(update_fields=["content", "problem"])
            HeldPhoto.objects.filter(mutation=one).delete()
            key, note = f"{one.device_id}", f"{one.n}：{why}"
            write.note_use("sync.mutation", key, AuditVerb.VOIDED, reason=note)
    return Mutation.objects.get(pk=row.pk)


def _copies(row: Mutation) -> list[Mutation]:
    """The line, and what other phones of the person have sent under its id: a phone bound anew
    sends again what it keeps."""
    same = Q(device__user=row.device.user_id, mutation_id=row.mutation_id) & ~Q(device=row.device)
    rows = Mutation.objects.select_for_update(of=("self",)).filter(Q(pk=row.pk) | same)
    return list(rows.order_by("pk"))
