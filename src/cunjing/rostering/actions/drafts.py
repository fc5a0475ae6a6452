"""Making drafts, choosing how much may change, insisting on a pair, laying pairs down.

Nothing here touches a posting; `acceptance` does.
"""

from collections.abc import Sequence
from copy import copy
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from cunjing.base.clock import now, today
from cunjing.base.errors import conflict, invalid
from cunjing.coverage.models import Posting
from cunjing.coverage.queries import in_force
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import check_unit
from cunjing.places.models import Unit, UnitKind
from cunjing.places.queries import station_of
from cunjing.planning.matching.change import PRICES_OF_MOVING
from cunjing.rostering.access import lock_open_draft, matching_units, open_draft
from cunjing.rostering.actions.candidates import add_hold
from cunjing.rostering.basis import Standing, standing_of
from cunjing.rostering.counties import county_of
from cunjing.rostering.match_input import match_tables, matched_villages, packed
from cunjing.rostering.models import (
    DraftCause,
    DraftOption,
    DraftState,
    HoldKind,
    MatchDraft,
)
from cunjing.rostering.programme import covering_roles, matching_policy
from cunjing.rostering.solving import Ground, Line, ground_of, lines_of, solved_at
from cunjing.staffing.models import Staff, StaffRole
from cunjing.staffing.queries import person

PERMISSION = Permission.ROSTER_EDIT
FEW = 30
"""The price of moving a draft about one person starts from: touch as few villages as wanted."""
SOME = 10


def make_draft(
    *,
    actor: Actor,
    unit_code: str,
    role: StaffRole,
    cause: DraftCause = DraftCause.WHOLE,
    policy_id: str = "",
    balance: bool = False,
) -> MatchDraft:
    """Match all villages of a unit with its people in a role; three prices of change beside each
    other, with `balance` a fourth option in which work is shared evenly.

    By the weights of `policy_id`; without one those the unit, or else its bureau, was last matched
    by, else those of its programme. Raises Problem (409) where there is nothing to match.
    """
    check_unit(actor=actor, permission=PERMISSION, unit_code=unit_code)
    unit = Unit.objects.get(pk=unit_code)
    draft = draft_of(actor=actor, unit=unit, role=role, cause=cause, policy_id=policy_id)
    draft.balance = balance
    if balance and not ground_of(draft).weighed.scales.matching.balance:
        raise conflict(
            "这个方案没有给工作量定价（balance），排不出均衡的。请换一个方案，或不选均衡。"
        )
    return _store(actor=actor, draft=draft)


def make_draft_about(*, actor: Actor, staff_id: UUID, cause: DraftCause) -> MatchDraft:
    """Match anew because somebody leaves, is long away, or is back.

    Their unit's villages are matched, with those they serve elsewhere left as they are; for whoever
    leaves or is away, without them.
    """
    staff = person(actor=actor, staff_id=staff_id)
    unit = _unit_about(actor=actor, staff=staff)
    draft = draft_of(actor=actor, unit=unit, role=StaffRole(staff.role), cause=cause, about=staff)
    return _store(actor=actor, draft=draft)


def choose_option(
    *, actor: Actor, draft_id: UUID, stability: int, balanced: bool = False
) -> MatchDraft:
    """Choose one of the draft's prices of change, or the one in which work is shared evenly."""
    draft = open_draft(actor=actor, draft_id=draft_id)
    if not draft.options.filter(stability=stability, balanced=balanced).exists():
        raise invalid("没有这个方案，请从列出的方案中选择。")
    with writing(actor=actor, permission=PERMISSION) as write:
        lock_open_draft(draft)
        draft.chosen, draft.chosen_balanced = stability, balanced
        draft.save(update_fields=["chosen", "chosen_balanced"])
        write.note(draft, AuditVerb.CHANGED, scopes=(draft.unit_id,))
    return draft


def force_pair(
    *, actor: Actor, draft_id: UUID, village_code: str, staff_id: UUID | None
) -> MatchDraft:
    """Insist on a person for a village in this draft, or (None) on leaving it vacant; everybody
    else is matched around it.

    What that costs is exactly what `why_not` said. Raises Problem (409) where it cannot be.
    """
    draft = open_draft(actor=actor, draft_id=draft_id)
    ground = ground_of(draft)
    staff = None if staff_id is None else str(staff_id)
    ground.check_possible(staff_id=staff, village_code=village_code)
    forced = [row for row in draft.forced if row[0] != village_code]
    return _resolve(actor=actor, draft=draft, forced=[*forced, [village_code, staff]])


def release_pair(*, actor: Actor, draft_id: UUID, village_code: str) -> MatchDraft:
    """Insist no longer: the village is matched freely again."""
    draft = open_draft(actor=actor, draft_id=draft_id)
    forced = [row for row in draft.forced if row[0] != village_code]
    if len(forced) == len(draft.forced):
        raise conflict("这个村没有指定过人，不必取消。")
    return _resolve(actor=actor, draft=draft, forced=forced)


def lay_down(
    *,
    actor: Actor,
    draft_id: UUID,
    kind: HoldKind,
    village_code: str,
    staff_id: UUID,
    reason: str,
) -> MatchDraft:
    """Pin or ban a pair for all matchings to come, and make this draft anew with it."""
    draft = open_draft(actor=actor, draft_id=draft_id)
    with transaction.atomic():
        add_hold(
            actor=actor, kind=kind, staff_id=staff_id, village_code=village_code, reason=reason
        )
        return _resolve(actor=actor, draft=draft, forced=draft.forced, fresh=True)


def discard_draft(*, actor: Actor, draft_id: UUID) -> MatchDraft:
    """Set a draft aside; it stays readable."""
    draft = open_draft(actor=actor, draft_id=draft_id)
    with writing(actor=actor, permission=PERMISSION) as write:
        lock_open_draft(draft)
        draft.state, draft.closed_at, draft.closed_by_name = DraftState.DISCARDED, now(), actor.name
        draft.save(update_fields=["state", "closed_at", "closed_by_name"])
        write.note(draft, AuditVerb.ENDED, scopes=(draft.unit_id,))
    return draft


def draft_of(
    *,
    actor: Actor,
    unit: Unit,
    role: StaffRole,
    cause: DraftCause,
    about: Staff | None = None,
    policy_id: str = "",
) -> MatchDraft:
    """A draft on the ground of today, not stored and not solved."""
    day = today()
    policy = policy_id or _last_policy(unit=unit, role=role) or matching_policy(unit, on=day).id
    draft = MatchDraft(
        unit=unit,
        role=role,
        policy_id=policy,
        starts_on=day + timedelta(days=1),
        cause=cause,
        about=about,
        chosen=SOME if cause == DraftCause.WHOLE else FEW,
        made_by_name=actor.name,
    )
    _take_stock(draft, on=day)
    return draft


def _store(*, actor: Actor, draft: MatchDraft) -> MatchDraft:
    ground = ground_of(draft)
    with writing(actor=actor, permission=PERMISSION) as write:
        draft.save(force_insert=True)
        write.note(draft, AuditVerb.CREATED, scopes=(draft.unit_id,))
        _store_options(draft=draft, ground=ground)
    return draft


def _resolve(
    *,
    actor: Actor,
    draft: MatchDraft,
    forced: Sequence[Sequence[str | None]],
    fresh: bool = False,
) -> MatchDraft:
    """Solve an open draft again with other forced pairs; `fresh` takes stock anew first."""
    known = copy(draft)
    draft.forced = [list(row) for row in forced]
    if fresh:
        draft.made_at = now()
        _take_stock(draft, on=today())
    ground = ground_of(draft)
    with writing(actor=actor, permission=PERMISSION) as write:
        # Solving takes a while, in which somebody may have put the draft into force.
        lock_open_draft(known)
        draft.save(update_fields=["forced", "facts", "basis", "made_at"])
        write.note(draft, AuditVerb.CHANGED, scopes=(draft.unit_id,))
        draft.options.all().delete()
        _store_options(draft=draft, ground=ground)
    return draft


def _last_policy(*, unit: Unit, role: StaffRole) -> str:
    """What the unit was last matched by in a role, else its bureau; empty where neither was."""
    drafts = MatchDraft.objects.filter(role=role).order_by("-made_at")
    for units in ([unit.pk], [unit.parent_id or "", county_of(unit)]):
        found = drafts.filter(unit__in=units).values_list("policy_id", flat=True).first()
        if found:
            return found
    return ""


def _take_stock(draft: MatchDraft, *, on: date) -> None:
    """The ground of the draft: facts and postings as they are."""
    others = covering_roles(draft.policy_id, role=draft.role)
    codes = matched_villages(unit=draft.unit, role=draft.role, others=others, on=on)
    if not codes:
        raise conflict("没有需要匹配的村：都已由其他岗位的人负责。")
    gone = draft.cause in {DraftCause.LEAVING, DraftCause.AWAY} and draft.about is not None
    tables = match_tables(
        unit=draft.unit,
        role=draft.role,
        others=others,
        on=on,
        without=[draft.about.pk] if gone and draft.about else (),
    )
    if not tables["candidates"]:
        raise conflict("这个岗位没有在岗的人，无人可匹配。请先登记人员。")
    draft.facts = packed(tables)
    standing = standing_of(codes=codes, role=draft.role)
    draft.basis = [_basis_row(code, standing.get(code)) for code in codes]


def _basis_row(code: str, standing: Standing | None) -> list[str | None]:
    """Village, posting, staff and the end already laid down; None for what there is not."""
    if standing is None:
        return [code, None, None, None]
    ends = standing.ends_on
    return [
        code,
        str(standing.posting_id),
        str(standing.staff_id),
        ends.isoformat() if ends else None,
    ]


def _store_options(*, draft: MatchDraft, ground: Ground) -> None:
    before = {row[0]: None if row[3] else row[2] for row in draft.basis}
    wanted = [(stability, False) for stability in PRICES_OF_MOVING]
    if draft.balance:
        wanted.append((draft.chosen, True))
    for stability, balanced in wanted:
        solved = solved_at(ground, stability=stability, balance=balanced)
        plan = solved.plan
        DraftOption(
            draft=draft,
            stability=stability,
            balanced=balanced,
            total=plan.primal,
            moved=plan.moved,
            vacant=len(plan.vacant),
            gap=solved.gap,
            highest=solved.highest,
            lines=[_as_json(line) for line in lines_of(ground, solved, before=before)],
            certificate=solved.certificate,
        ).save(force_insert=True)


def _as_json(line: Line) -> dict[str, object]:
    return {
        "village": line.village_code,
        "staff": line.staff_id,
        "points": line.points,
        "changed": line.changed,
    }


def _unit_about(*, actor: Actor, staff: Staff) -> Unit:
    """The unit whose villages are matched anew: the one station that answers for all somebody
    serves, else the county's, else the person's own."""
    units = matching_units(actor=actor)
    codes = list(
        Posting.objects.filter(in_force(on=today()), staff=staff).values_list(
            "village_id", flat=True
        )
    )
    stations = {unit.code for code in codes if (unit := station_of(village_code=code, on=today()))}
    near = [unit for unit in units if unit.code in stations]
    wide = [
        unit
        for unit in units
        if unit.kind == UnitKind.COUNTY
        and all(code.startswith(unit.division_code) for code in codes)
    ]
    own = [unit for unit in units if unit.code == staff.unit_id]
    first = near if len(stations) == 1 else own if not codes else []
    found: list[Unit] = [*first, *wide, *near, *own]
    if not found:
        raise conflict("此人没有在您管的村包村，也不属于您管的单位，无从匹配。")
    return found[0]
