"""Who may see and change which draft: those who may match the people of its unit; whose days are
one's own."""

from uuid import UUID

from django.db.models import QuerySet

from cunjing.base.errors import Problem, conflict, not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import check_unit, jurisdiction_of
from cunjing.places.models import Unit
from cunjing.rostering.models import DraftState, MatchDraft
from cunjing.staffing.queries import own_entry

PERMISSION = Permission.ROSTER_EDIT
_MISSING = "没有这份草案，或者不在您的辖区内。"


def readable_drafts(*, actor: Actor) -> QuerySet[MatchDraft]:
    """The drafts of the actor's units."""
    area = jurisdiction_of(actor=actor, permission=PERMISSION)
    return MatchDraft.objects.filter(area.unit_q()).select_related("unit", "about")


def readable_draft(*, actor: Actor, draft_id: UUID) -> MatchDraft:
    """One draft of the actor's units; 404 for any other, 403 without the right over its unit."""
    draft = MatchDraft.objects.select_related("unit", "about").filter(pk=draft_id).first()
    if draft is None:
        raise not_found(_MISSING)
    try:
        check_unit(actor=actor, permission=PERMISSION, unit_code=draft.unit_id)
    except Problem as problem:
        if problem.status == 404:
            raise not_found(_MISSING) from problem
        raise
    return draft


def open_draft(*, actor: Actor, draft_id: UUID) -> MatchDraft:
    """The same, refused (409) once it was accepted or set aside."""
    draft = readable_draft(actor=actor, draft_id=draft_id)
    if draft.state != DraftState.OPEN:
        raise conflict(f"这份草案{draft.get_state_display()}，不能再改。请另作一份。")
    return draft


def lock_open_draft(draft: MatchDraft) -> None:
    """Lock the draft until the caller's transaction ends; refused (409) where it was decided about
    or made anew since it was read."""
    row = MatchDraft.objects.select_for_update().only("state", "made_at", "forced").get(pk=draft.pk)
    if row.state != DraftState.OPEN:
        raise conflict(f"这份草案{row.get_state_display()}，不能再改。请另作一份。")
    if (row.made_at, row.forced) != (draft.made_at, draft.forced):
        raise conflict("这份草案刚被别人改过，没有保存。请看过现在的草案再改。")


def matching_units(*, actor: Actor) -> list[Unit]:
    """The bureaux and stations whose people the actor may match, bureaux first."""
    area = jurisdiction_of(actor=actor, permission=PERMISSION)
    found = Unit.objects.filter(area.unit_q("code"), kind__in=("county", "station"))
    return list(found.order_by("kind", "code"))


def own_village(*, actor: Actor, staff_id: UUID, village_code: str) -> bool:
    """Whether somebody's days in a village are the actor's own to decide on."""
    own = own_entry(actor=actor)
    served = jurisdiction_of(actor=actor, permission=Permission.PLAN_OWN)
    return own is not None and own.pk == staff_id and served.covers(village_code)
