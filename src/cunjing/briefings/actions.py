"""Writing a briefing for a village, and taking it back."""

from datetime import date, timedelta
from uuid import UUID

from cunjing.base.clock import now, today
from cunjing.base.errors import FieldFault, conflict, invalid, not_found
from cunjing.briefings.models import Briefing
from cunjing.fieldwork.texts import cleaned, fault_of
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import check_village

WRITE = Permission.BRIEFING_WRITE
TEXT_LENGTH = 300
LONGEST = timedelta(days=92)
"""A briefing that still holds after a quarter is written anew."""


def write_briefing(*, actor: Actor, village_code: str, text: str, valid_until: date) -> Briefing:
    """Tell whoever serves the village; their phones have it at the next pull.

    Raises 42201 for a text that may not be kept or a day out of range, 40301 and 40401 as
    `check_village`.
    """
    check_village(actor=actor, permission=WRITE, village_code=village_code)
    kept, day = cleaned(text), today()
    fault = fault_of(text) or (
        "" if 0 < len(kept) <= TEXT_LENGTH else f"请填写，不超过{TEXT_LENGTH}字。"
    )
    if fault:
        raise invalid(fault, FieldFault("text", fault))
    if not day <= valid_until <= day + LONGEST:
        advice = f"请选今天起{LONGEST.days}天以内的日期。"
        raise invalid(advice, FieldFault("valid_until", advice))
    briefing = Briefing(
        village_id=village_code,
        text=kept,
        valid_until=valid_until,
        written_by=actor.user_id,
        written_by_name=actor.name,
    )
    with writing(actor=actor, permission=WRITE) as write:
        briefing.save(force_insert=True)
        write.note(briefing, AuditVerb.CREATED, village_code=village_code)
    return briefing


def end_briefing(*, actor: Actor, briefing_id: UUID) -> Briefing:
    """Take a briefing back: it goes from the phones. Raises 40901 where it was taken back."""
    found = Briefing.objects.filter(pk=briefing_id).first()
    if found is None:
        raise not_found("没有这条简报，或者不在您的辖区内。")
    check_village(actor=actor, permission=WRITE, village_code=found.village_id)
    with writing(actor=actor, permission=WRITE) as write:
        row = Briefing.objects.select_for_update().get(pk=briefing_id)
        if row.ended_at is not None:
            raise conflict("这条简报已经撤回。")
        row.ended_at = now()
        row.save(update_fields=["ended_at"])
        write.note(row, AuditVerb.ENDED, village_code=row.village_id)
    return row
