"""A line that comes again by another phone of the person, after it was done.

A phone that begins anew sends all that it keeps, under the ids it had: it cannot know what the
server still has, which may have been put back to a backup. What is there is not done again, and the
phone gets the answer its predecessor got. Nobody else's lines are looked at: an id says nothing to
who did not send it.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import F
from django.db.models.lookups import IsNull

from cunjing.sync.applying import Done
from cunjing.sync.lines import Line
from cunjing.sync.models import Device, Mutation, MutationResult

DONE = (MutationResult.ACCEPTED, MutationResult.MERGED, MutationResult.CONFLICT)


def done_before(*, device: Device, lines: Sequence[Line], known: set[UUID]) -> dict[int, Done]:
    """By number, those of these lines that other phones of the person had brought and that were
    done. Each id once: it is added to the `known`, those of mutations the device sent before."""
    found = _done_elsewhere(device, ids=[line.id for line in lines])
    before: dict[int, Done] = {}
    for line in lines if found else ():
        earlier = found.get(line.id)
        if earlier is not None and earlier[0] == line.form.type and line.id not in known:
            before[line.n] = earlier[1]
            known.add(line.id)
    return before


def _done_elsewhere(device: Device, *, ids: Iterable[UUID]) -> dict[UUID, tuple[str, Done]]:
    """What other phones of the person had brought and was done: its type, and how it was done."""
    others = Device.objects.filter(user=device.user_id).exclude(pk=device.pk)
    phones = list(others.values_list("pk", flat=True))
    if not phones:
        return {}
    rows = Mutation.objects.filter(device__in=phones, mutation_id__in=list(ids), result__in=DONE)
    # As the index has it, which leaves those out: their ids may come twice.
    rows = rows.exclude(result=MutationResult.QUARANTINED).order_by("pk")
    rows = rows.annotate(erased=IsNull(F("content"), True))
    names = ("mutation_id", "type", "result", "problem", "rows", "erased")
    return {
        key: (type_name, Done(MutationResult(result), problem, made, erased=erased))
        for key, type_name, result, problem, made, erased in rows.values_list(*names)
    }
