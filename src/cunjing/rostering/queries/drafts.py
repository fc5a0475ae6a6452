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
class Step:
    """One village that would change hands. None = nobody."""

    village: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Why one person does not have one village: points by rule, what forbids it, what forcing it
    costs the whole plan (None: it cannot be), and who would have to move."""

    village: Village
    staff: Staff
    points: int | None
    parts: Sequence[Part]
    refusals: Sequence[str]
    chosen: bool
    tie: bool
    extra: int | None
    steps: Sequence[Step]


def drafts(*, actor: Actor) -> QuerySet[MatchDraft]:
    """The drafts of the actor's units, the newest first, without what they were computed on."""
    return readable_drafts(actor=actor).defer("facts").order_by("-made_at", "pk")


def draft_view(*, actor: Actor, draft_id: UUID) -> DraftView:
    """One draft with everything its page shows."""
    draft = readable_draft(actor=actor, draft_id=draft_id)
    options = list(draft.options.order_by("stability"))
    chosen = next(option for option in options if option.stability == draft.chosen)
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
        for line in chosen.lines
    ]
    lines.sort(key=lambda line: (not line.changed and line.after is not None, line.village.code))
    ordered = sorted(people.values(), key=lambda one: one.badge_number)
    return DraftView(draft=draft, options=options, chosen=chosen, lines=lines, people=ordered)


def why_not(*, actor: Actor, draft_id: UUID, village_code: str, staff_id: UUID) -> Answer:
    """Why the chosen option does not give somebody a village, and what it would cost."""
    draft = readable_draft(actor=actor, draft_id=draft_id)
    ground = ground_of(draft)
    people, villages = _people(ground), _villages(ground)
    staff, village = people.get(str(staff_id)), villages.get(village_code)
    if staff is None or village is None:
        raise not_found("草案里没有这个村或这个人。")
    solved = solved_at(ground, stability=draft.chosen)
    answer = solved.reasons.why_not(staff=str(staff_id), village=village_code)
    return Answer(
        village=village,
        staff=staff,
        points=None if answer.points is None else -answer.points,
        parts=ground.parts(staff_id=str(staff_id), village_code=village_code),
        refusals=ground.refusals(staff_id=str(staff_id), village_code=village_code),
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


def _people(ground: Ground) -> dict[str, Staff]:
    found = Staff.objects.filter(pk__in=ground.problem.staff).select_related("unit")
    return {str(one.pk): one for one in found}


def _villages(ground: Ground) -> dict[str, Village]:
    found = Village.objects.filter(pk__in=ground.problem.villages).select_related("township")
    return {one.code: one for one in found}


def _name(people: Mapping[str, Staff], key: str | None) -> str | None:
    return people[key].name if key else None
