"""A line that comes again by another phone of the person, after it was done.

A phone that begins anew sends all that it keeps, under the ids it had: it cannot know what the
server still has, which may have been put back to a backup. What is there is not done again, and the
phone gets the answer its predecessor got; what was erased is not kept again. What waits at the
station since the phone before sent it, and is done now, waits no more. Nobody else's lines are
looked at: an id says nothing to who did not send it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from cunjing.accounts.queries import actor_for
from cunjing.api.problems import problem_body
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.permissions import Permission
from cunjing.sync.applying import Done
from cunjing.sync.lines import Line
from cunjing.sync.mending import settle
from cunjing.sync.models import (
    NOT_DONE,
    DecisionOutcome,
    Device,
    HeldPhoto,
    Mutation,
    MutationResult,
)
from cunjing.sync.twins import same_words, undecided

DONE = (MutationResult.ACCEPTED, MutationResult.MERGED, MutationResult.CONFLICT)
# Of a conflict the station is asked by itself.
_WHOLLY_DONE = (MutationResult.ACCEPTED, MutationResult.MERGED)
SENT_AGAIN = "本人的另一部手机又送来这一条，那一次已经登记。"
ERASED = "这一条的内容派出所已经删除，没有再保存，也没有登记。还需要登记的，请重新填写。"


def other_phones(device: Device) -> list[UUID]:
    """The other phones the person has or had. Of nobody else's lines anything is asked."""
    others = Device.objects.filter(user=device.user_id).exclude(pk=device.pk)
    return list(others.values_list("pk", flat=True))


def done_before(
    *, others: Sequence[UUID], lines: Sequence[Line], known: set[UUID]
) -> dict[int, Done]:
    """By number, those of these lines that other phones of the person had brought and that were
    done. Each id once: it is added to the `known`, those of mutations the device sent before."""
    found = _done_elsewhere(others, ids=[line.id for line in lines])
    before: dict[int, Done] = {}
    for line in lines if found else ():
        earlier = found.get(line.id)
        if earlier is not None and earlier[0] == line.form.type and line.id not in known:
            before[line.n] = earlier[1]
            known.add(line.id)
    return before


def erased_before(*, others: Sequence[UUID], lines: Sequence[Line]) -> set[int]:
    """The numbers of those of these lines whose content was erased where other phones of the person
    had brought them, whatever had become of them."""
    if not others:
        return set()
    rows = Mutation.objects.filter(
        device__in=others, mutation_id__in=[line.id for line in lines], content=None
    )
    erased = set(rows.values_list("mutation_id", "type"))
    return {line.n for line in lines if (line.id, line.form.type) in erased}


def not_tried(lines: Sequence[Line], *, erased: set[int], known: set[UUID]) -> dict[int, Done]:
    """Refused, by number: lines that were erased before anybody had decided. Each id once."""
    refusal = problem_body(Problem(ProblemKind.CONFLICT, ERASED))
    found: dict[int, Done] = {}
    for line in lines:
        if line.n in erased and line.id not in known:
            found[line.n] = Done(MutationResult.REJECTED, refusal)
            known.add(line.id)
    return found


def forgotten(done: Mapping[int, Done], *, erased: set[int]) -> dict[int, Done]:
    """The same, the content of what was erased left out."""
    return {n: replace(one, erased=True) if n in erased else one for n, one in done.items()}


def settle_waiting(
    *, device: Device, others: Sequence[UUID], lines: Sequence[Line], done: Mapping[int, Done]
) -> None:
    """Settle what other phones of the person had brought, waits, and says what was done of these
    lines, within the push that brought them: nobody does or enters it a second time.

    Not a photo that is held with its line: taking that line puts it beside its record.
    """
    whole = {line.id: line.n for line in lines if done[line.n].result in _WHOLLY_DONE}
    if not others or not whole:
        return
    theirs = Mutation.objects.select_for_update().filter(device__in=others, result__in=NOT_DONE)
    # Asked after they are locked: whoever held them before has decided, or sent a photo, by now.
    waiting = undecided(list(theirs.filter(mutation_id__in=list(whole)).order_by("pk")))
    held = set(HeldPhoto.objects.filter(mutation__in=waiting).values_list("pk", flat=True))
    numbers = [whole[one.mutation_id] for one in waiting if one.pk not in held]
    mine = {
        line.mutation_id: line for line in Mutation.objects.filter(device=device, n__in=numbers)
    }
    actor = actor_for(user=device.user)
    for one in waiting:
        line = mine.get(one.mutation_id)
        if line is not None and one.pk not in held and same_words(line, one):
            settle(
                [one],
                actor=actor,
                permission=Permission.DEVICE_USE,
                outcome=DecisionOutcome.APPLIED,
                reason=SENT_AGAIN,
                rows=done[line.n].rows,
            )


def _done_elsewhere(others: Sequence[UUID], *, ids: Iterable[UUID]) -> dict[UUID, tuple[str, Done]]:
    """What other phones of the person had brought and was done: its type, and how it was done."""
    if not others:
        return {}
    rows = Mutation.objects.filter(device__in=others, mutation_id__in=list(ids), result__in=DONE)
    # As the index has it, which leaves those out: their ids may come twice.
    rows = rows.exclude(result=MutationResult.QUARANTINED).order_by("pk")
    names = ("mutation_id", "type", "result", "problem", "rows")
    return {
        key: (type_name, Done(MutationResult(result), problem, made))
        for key, type_name, result, problem, made in rows.values_list(*names)
    }
