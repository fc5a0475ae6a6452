"""Writing postings and the grants that follow from them, inside an action's transaction."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from cunjing.accounts.posting_grants import end_posting_grants, open_posting_grant
from cunjing.coverage.models import Posting
from cunjing.coverage.rules import grant_role_of
from cunjing.kernel.inserting import insert_rows
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.writing import Write


def insert_postings(*, write: Write, postings: Sequence[Posting]) -> None:
    """Insert postings (their `staff` loaded); a person with an account gets the village."""
    insert_rows(postings)
    for posting in postings:
        write.note(
            posting, AuditVerb.CREATED, village_code=posting.village_id, reason=posting.reason
        )
        if posting.staff.user_id is not None:
            open_grant_of(write=write, posting=posting, user_id=posting.staff.user_id)


def open_grant_of(*, write: Write, posting: Posting, user_id: UUID) -> None:
    """Open the village grant of one posting for the days of the posting."""
    open_posting_grant(
        write=write,
        user_id=user_id,
        role=grant_role_of(posting.role),
        village_code=posting.village_id,
        posting_id=posting.pk,
        valid_from=posting.valid_from,
        valid_to=posting.valid_to,
    )


def cut_posting(*, write: Write, posting: Posting, on: date, reason: str) -> None:
    """End a posting and its grants on `on` (exclusive)."""
    posting.valid_to = on
    posting.end_reason = reason
    posting.save(update_fields=["valid_to", "end_reason"])
    write.note(posting, AuditVerb.ENDED, village_code=posting.village_id, reason=reason)
    end_posting_grants(write=write, posting_id=posting.pk, on=on)
