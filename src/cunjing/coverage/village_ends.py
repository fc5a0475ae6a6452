"""When a village ends by merger or abolition, the postings to it end with it, on the same day."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from cunjing.base.errors import conflict
from cunjing.coverage.models import Posting
from cunjing.coverage.records import cut_posting
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.models import Village, VillageEdit


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about villages and the postings that ended by it."""

    edit: VillageEdit
    ended: tuple[Posting, ...]


def decide(*, actor: Actor, act: Callable[[], VillageEdit]) -> Decided:
    """Carry out `act` (an action of `places.actions.edits`) and end what it leaves without village.

    Both or neither. Raises Problem (409) where somebody is to begin there on the day or later: that
    posting must be given another village first.
    """
    with transaction.atomic():
        edit = act()
        codes = [edit.village_id, *edit.successions.values_list("predecessor_id", flat=True)]
        gone = Village.objects.filter(code__in=codes, valid_to=edit.effective_on)
        standing = Posting.objects.select_for_update().filter(
            Q(valid_to=None) | Q(valid_to__gt=edit.effective_on), village__in=gone
        )
        return Decided(edit=edit, ended=_end(actor=actor, edit=edit, postings=list(standing)))


def _end(*, actor: Actor, edit: VillageEdit, postings: list[Posting]) -> tuple[Posting, ...]:
    if not postings:
        return ()
    for posting in postings:
        if posting.valid_from >= edit.effective_on:
            raise conflict(
                f"{posting.staff.name}自{posting.valid_from}起安排在将撤并的村，"
                "请先改派到别的村，再登记变更。"
            )
    with writing(actor=actor, permission=Permission.POSTING_EDIT) as write:
        for posting in postings:
            reason = f"村已{edit.get_kind_display()}：{edit.reason}"[:200]
            cut_posting(write=write, posting=posting, on=edit.effective_on, reason=reason)
    return tuple(postings)
