"""Drafts: three options with their proof, why not somebody else, insisting, laying down."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.coverage_factories import post
from tests.support.places_factories import actor_with, system
from tests.support.roster_world import RosterWorld, able
from tests.support.staffing_factories import make_staff

from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.coverage.models import Posting
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry
from cunjing.rostering.actions import drafts as actions
from cunjing.rostering.actions.acceptance import accept_draft
from cunjing.rostering.actions.candidates import FeatureFields, add_hold, set_feature, set_wishes
from cunjing.rostering.models import DraftCause, Hold, HoldKind, MatchDraft
from cunjing.rostering.queries import drafts as queries
from cunjing.rostering.queries.vacancies import board
from cunjing.rostering.solving import ground_of
from cunjing.staffing.models import StaffRole

LIAISON = StaffRole.LIAISON_OFFICER


@pytest.fixture
def world(roster: RosterWorld) -> RosterWorld:
    return roster


def bureau(world: RosterWorld) -> Actor:
    return actor_with(Role.COUNTY_BUREAU, unit_code=world.county.code)


def chief(world: RosterWorld, number: int = 0) -> Actor:
    return actor_with(Role.STATION_CHIEF, unit_code=world.county.townships[number])


def made(world: RosterWorld) -> MatchDraft:
    return actions.make_draft(actor=bureau(world), unit_code=world.county.code, role=LIAISON)


def refused(act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as problem:
        act()
    return problem.value


def holders(draft: MatchDraft) -> dict[str, str | None]:
    option = draft.options.get(stability=draft.chosen)
    return {line["village"]: line["staff"] for line in option.lines}


def test_every_village_gets_somebody_and_the_proof_is_kept(world: RosterWorld) -> None:
    draft = made(world)
    options = list(draft.options.order_by("stability"))
    assert [option.stability for option in options] == [0, 10, 30]
    assert all(option.vacant == 0 and option.gap == 0 for option in options)
    moved = [option.moved for option in options]
    assert moved == sorted(moved, reverse=True)
    proof = options[1].certificate
    assert (proof["primal"], proof["gap"]) == (options[1].total, 0)
    assert proof["about"]["policy"] == draft.policy_id == "suzhou-2021"
    assert AuditEntry.objects.filter(record_id=str(draft.pk)).count() == 1


def test_a_draft_changes_no_posting(world: RosterWorld) -> None:
    before = list(Posting.objects.order_by("pk").values())
    made(world)
    assert list(Posting.objects.order_by("pk").values()) == before


def test_a_chief_matches_the_own_station_only(world: RosterWorld) -> None:
    unit = world.county.townships[0]
    draft = actions.make_draft(actor=chief(world), unit_code=unit, role=LIAISON)
    assert set(holders(draft)) == set(world.county.villages[:3])
    assert set(holders(draft).values()) <= {str(world.held[0].pk), str(world.spare.pk)}
    for act in (
        lambda: actions.make_draft(actor=chief(world, 1), unit_code=unit, role=LIAISON),
        lambda: queries.draft_view(actor=chief(world, 1), draft_id=draft.pk),
        lambda: actions.discard_draft(actor=chief(world, 1), draft_id=draft.pk),
    ):
        assert refused(act).status == 404
    assert [one.pk for one in queries.drafts(actor=bureau(world))] == [draft.pk]
    assert list(queries.drafts(actor=chief(world, 1))) == []


def test_more_villages_than_slots_leaves_some_vacant_and_nothing_fails(world: RosterWorld) -> None:
    for staff in (*world.held, world.spare):
        able(staff, capacity=1)
    draft = made(world)
    assert draft.options.get(stability=10).vacant == 3
    view = queries.draft_view(actor=bureau(world), draft_id=draft.pk)
    assert sum(line.after is None for line in view.lines) == 3


def test_villages_of_another_covering_role_are_not_matched(world: RosterWorld) -> None:
    resident = make_staff("B001", unit_code=world.county.townships[0], role="resident_officer")
    post(resident, world.county.villages[1], since=today())
    assert world.county.villages[1] not in holders(made(world))


def test_villages_served_outside_the_unit_take_their_slots(world: RosterWorld) -> None:
    post(world.held[0], world.county.villages[4], since=today())
    unit = world.county.townships[0]
    draft = actions.make_draft(actor=chief(world), unit_code=unit, role=LIAISON)
    own = str(world.held[0].pk)
    assert sum(staff == own for staff in holders(draft).values()) <= 1


def test_a_wish_shows_among_the_reasons(world: RosterWorld) -> None:
    wished = world.county.villages[1]
    set_wishes(actor=system(), staff_id=world.spare.pk, village_codes=[wished])
    draft = made(world)
    view = queries.draft_view(actor=bureau(world), draft_id=draft.pk)
    line = next(line for line in view.lines if line.village.code == wished)
    assert line.after == world.spare
    assert ("本人意愿", 30) in [(part.label, part.points) for part in line.parts]
    assert line.points == sum(part.points for part in line.parts)


def test_insisting_costs_exactly_what_was_said(world: RosterWorld) -> None:
    draft = made(world)
    total = draft.options.get(stability=draft.chosen).total
    for code in world.county.villages:
        for staff in (*world.held, world.spare):
            answer = queries.why_not(
                actor=bureau(world), draft_id=draft.pk, village_code=code, staff_id=staff.pk
            )
            assert answer.extra is not None
            actions.force_pair(
                actor=bureau(world), draft_id=draft.pk, village_code=code, staff_id=staff.pk
            )
            forced = MatchDraft.objects.get(pk=draft.pk)
            assert holders(forced)[code] == str(staff.pk)
            assert forced.options.get(stability=forced.chosen).total == total + answer.extra
            actions.release_pair(actor=bureau(world), draft_id=draft.pk, village_code=code)
    again = MatchDraft.objects.get(pk=draft.pk)
    assert again.options.get(stability=again.chosen).total == total


def test_leaving_a_village_vacant_costs_exactly_what_was_said(world: RosterWorld) -> None:
    draft = made(world)
    total = draft.options.get(stability=draft.chosen).total
    for code in world.county.villages:
        answer = queries.why_not(
            actor=bureau(world), draft_id=draft.pk, village_code=code, staff_id=None
        )
        assert (answer.staff, answer.chosen) == (None, False)
        assert answer.extra
        assert answer.steps[0].after is None
        left = actions.force_pair(
            actor=bureau(world), draft_id=draft.pk, village_code=code, staff_id=None
        )
        assert holders(left)[code] is None
        assert left.options.get(stability=left.chosen).total == total + answer.extra
        again = queries.why_not(
            actor=bureau(world), draft_id=draft.pk, village_code=code, staff_id=None
        )
        assert (again.chosen, again.extra) == (True, 0)
        actions.release_pair(actor=bureau(world), draft_id=draft.pk, village_code=code)
    again = MatchDraft.objects.get(pk=draft.pk)
    assert again.options.get(stability=again.chosen).total == total


def test_a_village_left_vacant_on_purpose_ends_its_posting_on_acceptance(
    world: RosterWorld,
) -> None:
    draft, code = made(world), world.county.villages[0]
    actions.force_pair(actor=bureau(world), draft_id=draft.pk, village_code=code, staff_id=None)
    day = today() + timedelta(days=1)
    accept_draft(actor=bureau(world), draft_id=draft.pk, starts_on=day, reason="撤并在即")
    assert {row.valid_to for row in Posting.objects.filter(village=code)} == {day}


def test_a_pinned_village_is_not_left_vacant_by_the_price_but_on_purpose(
    world: RosterWorld,
) -> None:
    code = world.county.villages[0]
    add_hold(
        actor=system(),
        kind=HoldKind.PIN,
        staff_id=world.held[0].pk,
        village_code=code,
        reason="熟悉",
    )
    draft = made(world)
    answer = queries.why_not(
        actor=bureau(world), draft_id=draft.pk, village_code=code, staff_id=None
    )
    assert (answer.chosen, answer.extra) == (False, None)


def balanced(world: RosterWorld) -> MatchDraft:
    """Where one person could serve almost everything, more cheaply than the others."""
    able(world.spare, capacity=6)
    for staff in world.held:
        able(staff, capacity=3)
    return actions.make_draft(
        actor=bureau(world), unit_code=world.county.code, role=LIAISON, balance=True
    )


def test_work_shared_evenly_is_a_fourth_option_beside_the_cheapest(world: RosterWorld) -> None:
    for number in range(6):
        feature = FeatureFields(on_main_road=False, complex=False, cases=number * 5)
        set_feature(actor=system(), village_code=world.county.villages[number], fields=feature)
    draft = balanced(world)
    options = list(draft.options.order_by("balanced", "stability"))
    assert [(one.stability, one.balanced) for one in options] == [
        (0, False),
        (10, False),
        (30, False),
        (10, True),
    ]
    plain, even = options[1], options[3]
    price = even.certificate["balance"]["price"]
    assert even.gap == 0
    assert even.highest == even.certificate["balance"]["highest"]
    assert even.total >= plain.total
    assert even.total + price * even.highest <= plain.total + price * plain.highest
    assert even.vacant <= plain.vacant
    loads = Counter[str]()
    work = ground_of(draft).weighed.workload().tolist()
    for line, units in zip(even.lines, work, strict=True):
        loads[line["staff"]] += units
    assert max(loads.values()) == even.highest


def test_the_even_option_is_chosen_asked_about_and_accepted(world: RosterWorld) -> None:
    draft = balanced(world)
    actions.choose_option(actor=bureau(world), draft_id=draft.pk, stability=10, balanced=True)
    view = queries.draft_view(actor=bureau(world), draft_id=draft.pk)
    assert view.chosen.balanced
    line = view.lines[0]
    assert line.after is not None
    answer = queries.why_not(
        actor=bureau(world),
        draft_id=draft.pk,
        village_code=line.village.code,
        staff_id=line.after.pk,
    )
    assert (answer.chosen, answer.extra) == (True, None)
    assert answer.loads is not None
    assert answer.loads.village <= answer.loads.now <= answer.loads.highest
    actions.force_pair(
        actor=bureau(world),
        draft_id=draft.pk,
        village_code=line.village.code,
        staff_id=line.after.pk,
    )
    day = today() + timedelta(days=1)
    accept_draft(actor=bureau(world), draft_id=draft.pk, starts_on=day, reason="均衡")
    option = MatchDraft.objects.get(pk=draft.pk).options.get(balanced=True)
    held = {
        row.village_id: str(row.staff_id)
        for row in Posting.objects.filter(valid_to=None, village__in=world.county.villages)
    }
    assert held == {one["village"]: one["staff"] for one in option.lines if one["staff"]}


def test_work_is_not_shared_evenly_where_nobody_asked_or_no_price_is_set(
    world: RosterWorld,
) -> None:
    draft = made(world)
    assert refused(
        lambda: actions.choose_option(
            actor=bureau(world), draft_id=draft.pk, stability=10, balanced=True
        )
    )
    assert not draft.options.filter(balanced=True).exists()


def test_a_ban_is_the_answer_and_cannot_be_insisted_away(world: RosterWorld) -> None:
    draft, code, staff = made(world), world.county.villages[0], world.held[0]
    actions.lay_down(
        actor=bureau(world),
        draft_id=draft.pk,
        kind=HoldKind.BAN,
        village_code=code,
        staff_id=staff.pk,
        reason="亲属同村",
    )
    assert Hold.objects.get().kind == HoldKind.BAN
    assert holders(MatchDraft.objects.get(pk=draft.pk))[code] != str(staff.pk)
    answer = queries.why_not(
        actor=bureau(world), draft_id=draft.pk, village_code=code, staff_id=staff.pk
    )
    assert (answer.extra, list(answer.refusals)) == (None, ["被列入不派名单"])
    problem = refused(
        lambda: actions.force_pair(
            actor=bureau(world), draft_id=draft.pk, village_code=code, staff_id=staff.pk
        )
    )
    assert problem.status == 409


def test_a_pin_holds_in_the_next_draft_too(world: RosterWorld) -> None:
    draft, code = made(world), world.county.villages[0]
    actions.lay_down(
        actor=bureau(world),
        draft_id=draft.pk,
        kind=HoldKind.PIN,
        village_code=code,
        staff_id=world.spare.pk,
        reason="情况熟悉",
    )
    for one in (MatchDraft.objects.get(pk=draft.pk), made(world)):
        assert holders(one)[code] == str(world.spare.pk)


def test_who_leaves_gets_nothing_and_few_others_move(world: RosterWorld) -> None:
    able(world.spare, capacity=3)
    draft = actions.make_draft_about(
        actor=chief(world), staff_id=world.held[0].pk, cause=DraftCause.LEAVING
    )
    assert draft.unit_id == world.county.townships[0]
    assert str(world.held[0].pk) not in holders(draft).values()
    assert holders(draft)[world.county.villages[0]] == str(world.spare.pk)


def test_who_is_back_is_matched_again(world: RosterWorld) -> None:
    draft = actions.make_draft_about(
        actor=chief(world), staff_id=world.spare.pk, cause=DraftCause.RETURN
    )
    assert str(world.spare.pk) in holders(draft).values()


def test_nothing_to_match_is_said(world: RosterWorld) -> None:
    problem = refused(
        lambda: actions.make_draft(
            actor=bureau(world), unit_code=world.county.code, role=StaffRole.VILLAGE_AUXILIARY
        )
    )
    assert (problem.status, "没有在岗的人" in problem.detail) == (409, True)


def test_a_policy_that_says_nothing_of_a_role_is_said(world: RosterWorld) -> None:
    problem = refused(
        lambda: actions.make_draft(
            actor=bureau(world),
            unit_code=world.county.code,
            role=LIAISON,
            policy_id="jilin-2019",
        )
    )
    assert problem.status == 409


def test_a_closed_draft_is_not_changed(world: RosterWorld) -> None:
    draft = made(world)
    actions.discard_draft(actor=bureau(world), draft_id=draft.pk)
    for act in (
        lambda: actions.choose_option(actor=bureau(world), draft_id=draft.pk, stability=0),
        lambda: actions.discard_draft(actor=bureau(world), draft_id=draft.pk),
    ):
        assert refused(act).status == 409
    assert queries.draft_view(actor=bureau(world), draft_id=draft.pk).draft.closed_at


def test_the_board_names_the_three_best_for_each_vacancy(world: RosterWorld) -> None:
    shown = board(actor=bureau(world), roles=[LIAISON], within_days=60, on=today())
    assert {row.village.code for row in shown.rows} == {
        code for code in world.county.villages if not code.endswith("201")
    }
    for row in shown.rows:
        assert len(row.best) == 3
        costs = [fit.choice.extra for fit in row.best]
        assert costs == sorted(costs)
        assert (row.best[0].choice.chosen, costs[0]) == (True, 0)


def test_a_board_of_a_role_the_policy_does_not_match_says_so(
    roster: RosterWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cunjing.rostering.actions.drafts._last_policy", lambda **_: "jilin-2019")
    shown = board(actor=bureau(roster), roles=[LIAISON], within_days=60, on=today())
    assert "jilin-2019" in shown.trouble
    assert shown.rows
    assert all(not row.best for row in shown.rows)


def test_the_board_of_a_chief_shows_the_own_station(world: RosterWorld) -> None:
    shown = board(actor=chief(world, 1), roles=[LIAISON], within_days=60, on=today())
    assert {row.village.code for row in shown.rows} == set(world.county.villages[4:])
    assert all(fit.staff == world.held[1] for row in shown.rows for fit in row.best)
