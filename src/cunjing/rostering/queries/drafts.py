"""Reads of drafts: the list, one with its options and reasons, and why somebody is not chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from cunjing.base.errors import not_found
from cunjing.kernel.access import Actor
from cunjing.places.models import Village
from cunjing.rostering.access import readable_draft, readable_drafts
from cunjing.rostering.models import DraftOption, MatchDraft
from cunjing.rostering.solving import Ground, Part, ground_of, solved_at
from cunjing.staffing.models import Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One village of a draft. `before` and `after` are None where nobody holds it."""

    village: Village
    before: Staff | None
    after: Staff | None
    changed: bool
    forced: bool
    parts: Sequence[Part]
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft with its options, the chosen one's lines, and everybody it may post, by name."""

    draft: MatchDraft
    options: Sequence[DraftOption]
    chosen: DraftOption
    lines: Sequence[DraftLine]
    people: Sequence[Staff]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """A draft as it is stored, without the reasons."""

    draft: MatchDraft
    options: Sequence[DraftOption]
    chosen: DraftOption


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One village that would change hands. None = nobody."""

    village: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Why one person does not have one village, or (`staff` None) why it is not left vacant: points
    by rule, what forbids it, what forcing it costs the whole plan (None: it cannot be), and who
    would have to move. Under a balanced option the price depends on everybody's work at once and is
    not said (`loads` are instead)."""

    village: Village
    staff: Staff | None
    points: int | None
    parts: Sequence[Part]
    refusals: Sequence[str]
    chosen: bool
    tie: bool
    extra: int | None
    steps: Sequence[Step]
    loads: "Loads | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """Work in a balanced option, in the policy's units: what somebody has, what the village asks
    for, what the busiest has."""

    now: int
    village: int
    highest: int


def drafts(*, actor: Actor) -> QuerySet[MatchDraft]:
    """The drafts of the actor's units, the newest first, without what they were computed on."""
    return readable_drafts(actor=actor).defer("facts").order_by("-made_at", "pk")


def kept_draft(*, actor: Actor, draft_id: UUID) -> KeptDraft:
    """One draft with its options as they are stored; nothing is computed."""
    draft = readable_draft(actor=actor, draft_id=draft_id)
    options = list(draft.options.order_by("balanced", "stability"))
    chosen = next(
        option
        for option in options
        if (option.stability, option.balanced) == (draft.chosen, draft.chosen_balanced)
    )
    return KeptDraft(draft=draft, options=options, chosen=chosen)


def draft_view(*, actor: Actor, draft_id: UUID) -> DraftView:
    """One draft with everything its page shows."""
    kept = kept_draft(actor=actor, draft_id=draft_id)
    draft = kept.draft
    ground = ground_of(draft)
    people = _people(ground)
    villages = _villages(ground)
    before = {row[0]: row[2] for row in draft.basis}
    forced = {row[0] for row in draft.forced}
    lines = [
        DraftLine(
            village=villages[line["village"]],
            before=people.get(before.get(line["village"]) or ""),
            after=people.get(line["staff"] or ""),
            changed=line["changed"],
            forced=line["village"] in forced,
            parts=ground.parts(staff_id=line["staff"], village_code=line["village"])
            if line["staff"]
            else (),
            points=line["points"],
        )
        for line in kept.chosen.lines
    ]
    lines.sort(key=lambda line: (not line.changed and line.after is not None, line.village.code))
    ordered = sorted(people.values(), key=lambda one: one.badge_number)
    return DraftView(
        draft=draft, options=kept.options, chosen=kept.chosen, lines=lines, people=ordered
    )


def chosen_option(draft: MatchDraft) -> DraftOption:
    """The option of a draft that counts; the caller has checked the draft."""
    return draft.options.get(stability=draft.chosen, balanced=draft.chosen_balanced)


def why_not(*, actor: Actor, draft_id: UUID, village_code: str, staff_id: UUID | None) -> Answer:
    """Why the chosen option does not give somebody a village, or (None) leave it vacant, and what
    that would cost."""
    draft = readable_draft(actor=actor, draft_id=draft_id)
    ground = ground_of(draft)
    people, villages = _people(ground), _villages(ground)
    staff, village = people.get(str(staff_id)), villages.get(village_code)
    if village is None or (staff is None and staff_id is not None):
        raise not_found("草案里没有这个村或这个人。")
    if draft.chosen_balanced:
        return _balanced_answer(draft, ground, village=village, staff=staff)
    reasons = solved_at(ground, stability=draft.chosen).reasons
    if staff is None:
        answer = reasons.left_vacant(village=village_code)
    else:
        answer = reasons.why_not(staff=str(staff.pk), village=village_code)
    return Answer(
        village=village,
        staff=staff,
        points=None if answer.points is None else -answer.points,
        parts=_parts(ground, village=village, staff=staff),
        refusals=_refusals(ground, village=village, staff=staff),
        chosen=answer.chosen,
        tie=answer.tie,
        extra=answer.extra,
        steps=[
            Step(
                village=villages[move.village].name,
                before=_name(people, move.before),
                after=_name(people, move.after),
            )
            for move in answer.moves
        ],
    )


def _balanced_answer(
    draft: MatchDraft, ground: Ground, *, village: Village, staff: Staff | None
) -> Answer:
    option = chosen_option(draft)
    holder = {line["village"]: line["staff"] for line in option.lines}
    work = dict(zip(ground.problem.villages, ground.weighed.workload().tolist(), strict=True))
    key = None if staff is None else str(staff.pk)
    refusals = _refusals(ground, village=village, staff=staff)
    return Answer(
        village=village,
        staff=staff,
        points=None if staff is None else ground.points(staff_id=str(key), village_code=village.pk),
        parts=_parts(ground, village=village, staff=staff),
        refusals=refusals,
        chosen=holder[village.pk] == key,
        tie=False,
        extra=None,
        steps=(),
        loads=Loads(
            now=sum(work[code] for code, one in holder.items() if key and one == key),
            village=work[village.pk],
            highest=option.highest,
        ),
    )


def _parts(ground: Ground, *, village: Village, staff: Staff | None) -> Sequence[Part]:
    if staff is None:
        return ()
    return ground.parts(staff_id=str(staff.pk), village_code=village.pk)


def _refusals(ground: Ground, *, village: Village, staff: Staff | None) -> Sequence[str]:
    if staff is None:
        return ()
    return ground.refusals(staff_id=str(staff.pk), village_code=village.pk)


def _people(ground: Ground) -> dict[str, Staff]:
    found = Staff.objects.filter(pk__in=ground.problem.staff).select_related("unit")
    return {str(one.pk): one for one in found}


def _villages(ground: Ground) -> dict[str, Village]:
    found = Village.objects.filter(pk__in=ground.problem.villages).select_related("township")
    return {one.code: one for one in found}


def _name(people: Mapping[str, Staff], key: str | None) -> str | None:
    return people[key].name if key else None
