"""Reads of devices, within the reader's jurisdiction."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from cunjing.base.errors import not_found
from cunjing.fieldwork.queries import LedgerRow
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.sync.models import Device, Mutation

AROUND = timedelta(minutes=1)
MAKES_RECORDS = ("visit_entry", "work_record", "correction")


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


def line_behind(*, actor: Actor, row: LedgerRow) -> Mutation | None:
    """The phone's line that made a record the actor may read; None where no phone's did, or a
    person entered it. Its content stays out."""
    if not jurisdiction_of(actor=actor, permission=Permission.RECORD_READ).covers(row.village_code):
        return None
    # A line arrives with what it makes: looked for by its time, not in all texts of years.
    around = row.received_at - AROUND, row.received_at + AROUND
    lines = Mutation.objects.filter(device__user__staff=row.staff_id, received_at__range=around)
    made = lines.annotate(made=Cast("rows", TextField())).filter(made__contains=f'"{row.id}"')
    return made.select_related("device").defer("content").order_by("n").first()


def times_shown(*, since: datetime) -> dict[UUID, datetime]:
    """The signed time that the line shows which made a record since then: the record was saved
    after that. A correction names the record it took the place of as well; that one is void."""
    # Lines are numbered as they arrive. Asked by their time alone, all of years would be read.
    newest = Mutation.objects.order_by("-pk")
    before = newest.filter(received_at__lt=since).values_list("pk", flat=True).first() or 0
    lines = Mutation.objects.filter(
        pk__gt=before, anchor_at__isnull=False, type__in=MAKES_RECORDS
    ).order_by("pk")
    return {
        UUID(key): at
        for at, rows in lines.values_list("anchor_at", "rows")
        for kind, key in rows
        if kind == "record" and at is not None
    }


def mutations_of(*, actor: Actor, device_id: UUID) -> QuerySet[Mutation]:
    """What a device sent, newest first, without the content."""
    device = device_of(actor=actor, device_id=device_id)
    return Mutation.objects.filter(device=device).defer("content").order_by("-n")
