"""Grants that follow from postings, written inside the transaction of the posting's own action.

Who may post somebody to a village thereby gives them the village: no further right is asked.
"""

from datetime import date
from uuid import UUID

from cunjing.accounts.actions import note_grant
from cunjing.accounts.models import Grant
from cunjing.accounts.roles import Role
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.writing import Write


def open_posting_grant(
    *,
    write: Write,
    user_id: UUID,
    role: Role,
    village_code: str,
    posting_id: UUID,
    valid_from: date,
    valid_to: date | None,
) -> Grant:
    """Open the grant of one posting."""
    grant = Grant(
        user_id=user_id,
        role=role,
        village_code=village_code,
        posting_id=posting_id,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    grant.save(force_insert=True)
    note_grant(write=write, grant=grant, verb=AuditVerb.CREATED, reason="随包村安排授权")
    return grant


def end_posting_grants(*, write: Write, posting_id: UUID, on: date) -> None:
    """End the grants of one posting on `on` (exclusive); one that would have no day is removed."""
    for grant in Grant.objects.filter(posting_id=posting_id):
        if grant.valid_to is not None and grant.valid_to <= on:
            continue
        if on <= grant.valid_from:
            note_grant(write=write, grant=grant, verb=AuditVerb.ENDED, reason="未生效即撤回")
            grant.delete()
            continue
        grant.valid_to = on
        grant.save(update_fields=["valid_to"])
        note_grant(write=write, grant=grant, verb=AuditVerb.ENDED, reason="随包村安排终止")
