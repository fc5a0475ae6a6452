"""Reads of devices, within the reader's jurisdiction."""

from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.base.errors import not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.sync.models import Device, Mutation


def devices(*, actor: Actor) -> QuerySet[Device]:
    """One's own devices, and those of people of the units whose phones one manages.

    With their progress and person, the last contact first.
    """
    rows = Device.objects.select_related("progress", "user__staff__unit")
    if not actor.system:
        area = jurisdiction_of(actor=actor, permission=Permission.DEVICE_MANAGE)
        managed = area.unit_q("user__staff__unit_id") | area.unit_q("user__unit_code")
        rows = rows.filter(managed | Q(user_id=actor.user_id))
    return rows.order_by("-progress__last_contact_at", "id")


def device_of(*, actor: Actor, device_id: UUID) -> Device:
    """One device; raises 40401 for a stranger's."""
    device = devices(actor=actor).filter(pk=device_id).first()
    if device is None:
        raise not_found("没有这台设备，或者不在您的管理范围内。")
    return device


def mutations_of(*, actor: Actor, device_id: UUID) -> QuerySet[Mutation]:
    """What a device sent, newest first, without the content."""
    device = device_of(actor=actor, device_id=device_id)
    return Mutation.objects.filter(device=device).defer("content").order_by("-n")
