"""From a draft to postings: all in one transaction, or nothing where something has changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from cunjing.base.clock import now, today
from cunjing.base.errors import FieldFault, conflict, invalid
from cunjing.coverage.actions import end_posting, open_posting, replace_officer
from cunjing.coverage.models import Posting
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import check_village
from cunjing.places.models import Village
from cunjing.policy.tables import TABLES
from cunjing.rostering.access import open_draft
from cunjing.rostering.basis import Standing, standing_of
from cunjing.rostering.match_input import match_tables
from cunjing.rostering.models import DraftOption, DraftState, MatchDraft
from cunjing.rostering.programme import covering_roles
from cunjing.rostering.queries.drafts import chosen_option
from cunjing.staffing.models import Staff

PERMISSION = Permission.ROSTER_EDIT
EARLIEST = timedelta(days=1)
"""A posting that ends today would take away what was recorded today."""


def accept_draft(
    *,
    actor: Actor,
    draft_id: UUID,
    starts_on: date,
    reason: str,
    option_id: UUID | None = None,
) -> MatchDraft:
    """Post everybody as the chosen option of the draft says, from `starts_on`.

    A successor begins on the day the predecessor ends. Needs POSTING_EDIT over each village that
    changes. Raises Problem (409) naming the villages whose postings changed since the draft was
    made, or the people who have no slot left for them, and where the chosen option is another than
    the one that was looked at (`option_id`); then nothing is written.
    """
    draft = open_draft(actor=actor, draft_id=draft_id)
    _check_form(starts_on=starts_on, reason=reason)
    with transaction.atomic():
        draft = MatchDraft.objects.select_for_update().get(pk=draft.pk)
        if draft.state != DraftState.OPEN:
            raise conflict("这份草案已经处理过，没有重复采用。")
        option = _seen_option(draft, option_id=option_id)
        lines = _changed_lines(option)
        for line in lines:
            check_village(
                actor=actor,
                permission=Permission.POSTING_EDIT,
                village_code=str(line["village"]),
            )
        standing = _checked_standing(draft)
        _check_slots(draft, option=option)
        for line in lines:
            _carry_out(
                actor=actor, draft=draft, line=line, standing=standing, on=starts_on, reason=reason
            )
        _close(draft, actor=actor, starts_on=starts_on, reason=reason)
    return draft


def _close(draft: MatchDraft, *, actor: Actor, starts_on: date, reason: str) -> None:
    draft.state, draft.closed_at, draft.closed_by_name = DraftState.ACCEPTED, now(), actor.name
    draft.starts_on = starts_on
    with writing(actor=actor, permission=PERMISSION) as write:
        draft.save(update_fields=["state", "closed_at", "closed_by_name", "starts_on"])
        write.note(draft, AuditVerb.ENDED, scopes=(draft.unit_id,), reason=reason)


def _check_form(*, starts_on: date, reason: str) -> None:
    faults = []
    if starts_on < today() + EARLIEST:
        faults.append(FieldFault("starts_on", "起用日请选明天或以后：当天的工作仍算原来的人。"))
    if not reason.strip():
        faults.append(FieldFault("reason", "请写明理由，会写进每一项安排。"))
    if faults:
        raise invalid("草案没有采用，请改正标出的项。", *faults)


def _seen_option(draft: MatchDraft, *, option_id: UUID | None) -> DraftOption:
    """The chosen option; each solving makes others, so its id says what somebody looked at."""
    option = chosen_option(draft)
    if option_id is not None and option.pk != option_id:
        raise conflict("您打开之后草案已被改过，没有采用。请看过现在的草案再采用。")
    return option


def _changed_lines(option: DraftOption) -> Sequence[Mapping[str, object]]:
    lines = [line for line in option.lines if line["changed"]]
    if not lines:
        raise conflict("这份草案没有任何变动，不必采用；可以放弃它。")
    return lines


def _checked_standing(draft: MatchDraft) -> Mapping[str, Standing]:
    """The postings as they are, locked; refused where they are not what the draft was made on."""
    then = {row[0]: tuple(row[1:]) for row in draft.basis}
    present = standing_of(codes=sorted(then), role=draft.role, lock=True)
    stale = [code for code, known in then.items() if _as_text(present.get(code)) != known]
    if stale:
        names = Village.objects.filter(pk__in=stale).order_by("code").values_list("name", flat=True)
        raise conflict(
            f"草案生成后，这些村的安排已经变动：{'、'.join(names)}。没有采用，请重新匹配。",
            villages=stale,
        )
    return present


def _check_slots(draft: MatchDraft, *, option: DraftOption) -> None:
    """Another draft may have given somebody villages elsewhere since this one was made."""
    wanted = Counter(line["staff"] for line in option.lines)
    changed = {line["staff"] for line in option.lines if line["changed"] and line["staff"]}
    tables = match_tables(
        unit=draft.unit,
        role=draft.role,
        others=covering_roles(draft.policy_id, role=draft.role),
        on=today(),
        only={row[0] for row in draft.basis},
    )
    capacity = TABLES["candidates"].names.index("capacity")
    left = {str(row[0]): int(str(row[capacity])) for row in tables["candidates"]}
    full = [staff for staff in changed if staff in left and wanted[staff] > left[staff]]
    # Who leaves duty has none either; the posting itself says until when they could serve.
    names = list(Staff.objects.filter(pk__in=full, on_duty_to=None).order_by("badge_number"))
    if names:
        raise conflict(
            f"草案生成后，这些人的名额已经不够：{'、'.join(one.name for one in names)}。"
            "没有采用，请重新匹配。",
        )


def _as_text(standing: Standing | None) -> tuple[str | None, str | None, str | None]:
    """A standing as a draft's basis has it."""
    if standing is None:
        return None, None, None
    ends = standing.ends_on
    return (
        str(standing.posting_id),
        str(standing.staff_id),
        ends.isoformat() if ends else None,
    )


def _carry_out(
    *,
    actor: Actor,
    draft: MatchDraft,
    line: Mapping[str, object],
    standing: Mapping[str, Standing],
    on: date,
    reason: str,
) -> None:
    """One village: replace, open, or leave it vacant. The successor follows without a gap."""
    code, staff = str(line["village"]), line["staff"]
    present = standing.get(code)
    if present is None and staff is None:
        return
    if present is None:
        _open(actor=actor, draft=draft, code=code, staff_id=UUID(str(staff)), on=on, reason=reason)
    elif present.ends_on is not None:
        if staff is not None:
            _open(
                actor=actor,
                draft=draft,
                code=code,
                staff_id=UUID(str(staff)),
                on=present.ends_on,
                reason=reason,
            )
    elif staff is None:
        end_posting(actor=actor, posting_id=present.posting_id, on=on, reason=reason)
    else:
        replace_officer(
            actor=actor,
            posting_id=present.posting_id,
            staff_id=UUID(str(staff)),
            on=on,
            reason=reason,
        )


def _open(
    *, actor: Actor, draft: MatchDraft, code: str, staff_id: UUID, on: date, reason: str
) -> Posting:
    return open_posting(
        actor=actor,
        village_code=code,
        staff_id=staff_id,
        role=draft.role,
        valid_from=on,
        reason=reason,
    ).posting
