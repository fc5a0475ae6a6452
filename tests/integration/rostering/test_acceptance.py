"""From a draft to postings: all or nothing, without a gap, and never on stale ground."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.support.accounts_factories import make_user
from tests.support.coverage_factories import post
from tests.support.places_factories import actor_with, system
from tests.support.roster_world import RosterWorld, able

from cunjing.accounts.models import Grant
from cunjing.accounts.roles import Role
from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.coverage.actions import end_posting
from cunjing.coverage.duty import end_duty, link_account
from cunjing.coverage.models import Posting
from cunjing.kernel.access import Actor
from cunjing.places.models import Village
from cunjing.rostering.access import open_draft
from cunjing.rostering.actions import drafts as actions
from cunjing.rostering.actions.acceptance import accept_draft
from cunjing.rostering.models import DraftCause, DraftState, MatchDraft
from cunjing.staffing.models import Staff, StaffRole

TOMORROW = today() + timedelta(days=1)


@pytest.fixture
def world(roster: RosterWorld) -> RosterWorld:
    return roster


def bureau(world: RosterWorld) -> Actor:
    return actor_with(Role.COUNTY_BUREAU, unit_code=world.county.code)


def drafted(world: RosterWorld, *, stability: int = 10) -> MatchDraft:
    role = StaffRole.LIAISON_OFFICER
    draft = actions.make_draft(actor=bureau(world), unit_code=world.county.code, role=role)
    return actions.choose_option(actor=bureau(world), draft_id=draft.pk, stability=stability)


def accepted(world: RosterWorld, draft: MatchDraft) -> MatchDraft:
    return accept_draft(
        actor=bureau(world), draft_id=draft.pk, starts_on=TOMORROW, reason="按草案调整"
    )


def refused(act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as problem:
        act()
    return problem.value


def holding(code: str, *, on_tomorrow: bool = True) -> list[str]:
    day = TOMORROW if on_tomorrow else today()
    rows = Posting.objects.filter(village_id=code, valid_from__lte=day).exclude(valid_to__lte=day)
    return [str(row.staff_id) for row in rows]


def test_postings_are_as_drafted_from_the_day_on_without_a_gap(world: RosterWorld) -> None:
    draft = actions.force_pair(
        actor=bureau(world),
        draft_id=drafted(world).pk,
        village_code=world.county.villages[0],
        staff_id=world.spare.pk,
    )
    lines = draft.options.get(stability=draft.chosen).lines
    done = accepted(world, draft)
    assert (done.state, done.closed_by_name, done.starts_on) == (
        DraftState.ACCEPTED, "县局", TOMORROW,
    )  # fmt: skip
    assert {code: holding(code) for code in world.county.villages} == {
        line["village"]: [line["staff"]] for line in lines
    }
    before = Posting.objects.get(village_id=world.county.villages[0], staff=world.held[0])
    assert before.valid_to == TOMORROW
    assert holding(world.county.villages[0], on_tomorrow=False) == [str(world.held[0].pk)]


def test_rights_follow_the_postings(world: RosterWorld) -> None:
    user = make_user("spare", unit_code=world.county.townships[0])
    link_account(actor=system(), staff_id=world.spare.pk, user_id=user.pk)
    accepted(world, drafted(world))
    served = Posting.objects.filter(staff=world.spare).values_list("village_id", flat=True)
    granted = Grant.objects.filter(user=user).values_list("village_code", flat=True)
    assert sorted(granted) == sorted(served) != []


def test_a_draft_on_stale_ground_is_refused_and_names_the_villages(world: RosterWorld) -> None:
    draft = drafted(world)
    first = world.county.villages[0]
    posting = Posting.objects.get(village_id=first)
    end_posting(actor=system(), posting_id=posting.pk, on=TOMORROW, reason="调离")
    post(world.spare, world.county.villages[1], since=today())
    before = Posting.objects.count()
    problem = refused(lambda: accepted(world, draft))
    assert problem.status == 409
    names = Village.objects.filter(pk__in=world.county.villages[:2]).values_list("name", flat=True)
    assert all(name in problem.detail for name in names)
    assert problem.data["villages"] == list(world.county.villages[:2])
    assert Posting.objects.count() == before
    assert MatchDraft.objects.get(pk=draft.pk).state == DraftState.OPEN


def test_one_village_that_cannot_be_leaves_all_as_they_were(world: RosterWorld) -> None:
    draft = drafted(world)
    end_duty(actor=system(), staff_id=world.spare.pk, on=TOMORROW, reason="调离")
    before = list(Posting.objects.order_by("pk").values())
    assert refused(lambda: accepted(world, draft)).status == 422
    assert list(Posting.objects.order_by("pk").values()) == before


def test_where_an_end_is_laid_down_the_successor_begins_that_day(world: RosterWorld) -> None:
    able(world.spare, capacity=4)
    last = today() + timedelta(days=20)
    end_duty(actor=system(), staff_id=world.held[0].pk, on=last, reason="退休")
    draft = actions.make_draft_about(
        actor=bureau(world), staff_id=world.held[0].pk, cause=DraftCause.LEAVING
    )
    accepted(world, draft)
    code = world.county.villages[0]
    follower = Posting.objects.get(village_id=code, valid_to=None)
    assert follower.valid_from == last
    assert follower.staff != world.held[0]
    assert Posting.objects.get(village_id=code, staff=world.held[0]).valid_to == last


def test_a_chief_accepts_for_the_own_station_and_for_no_other(world: RosterWorld) -> None:
    unit = world.county.townships[0]
    chief = actor_with(Role.STATION_CHIEF, unit_code=unit)
    draft = actions.make_draft(actor=chief, unit_code=unit, role=StaffRole.LIAISON_OFFICER)
    stranger = actor_with(Role.STATION_CHIEF, unit_code=world.county.townships[1])
    for actor, status in ((stranger, 404), (chief, None)):
        if status is not None:
            problem = refused(
                lambda actor=actor: accept_draft(
                    actor=actor, draft_id=draft.pk, starts_on=TOMORROW, reason="调整"
                )
            )
            assert problem.status == status
            continue
        accept_draft(actor=actor, draft_id=draft.pk, starts_on=TOMORROW, reason="调整")
    assert all(holding(code) for code in world.county.villages[:3])


def test_not_today_not_without_a_reason_not_twice_not_for_nothing(world: RosterWorld) -> None:
    draft = drafted(world)
    for starts_on, reason, field in ((today(), "调整", "starts_on"), (TOMORROW, " ", "reason")):
        problem = refused(
            lambda on=starts_on, why=reason: accept_draft(
                actor=bureau(world), draft_id=draft.pk, starts_on=on, reason=why
            )
        )
        assert [fault.field for fault in problem.faults] == [field]
    accepted(world, draft)
    assert refused(lambda: accepted(world, draft)).status == 409


def test_what_was_looked_at_is_accepted_and_nothing_else(world: RosterWorld) -> None:
    draft = drafted(world)
    seen = draft.options.get(stability=draft.chosen).pk
    actions.force_pair(
        actor=bureau(world),
        draft_id=draft.pk,
        village_code=world.county.villages[0],
        staff_id=world.spare.pk,
    )
    before = Posting.objects.count()

    def accept(option_id: UUID) -> MatchDraft:
        return accept_draft(
            actor=bureau(world),
            draft_id=draft.pk,
            starts_on=TOMORROW,
            reason="按草案调整",
            option_id=option_id,
        )

    problem = refused(lambda: accept(seen))
    assert (problem.status, "被改过" in problem.detail) == (409, True)
    assert Posting.objects.count() == before
    assert accept(draft.options.get(stability=draft.chosen).pk).state == DraftState.ACCEPTED


def test_who_was_given_villages_elsewhere_meanwhile_has_no_slot_left(world: RosterWorld) -> None:
    draft = drafted(world)
    chosen = draft.options.get(stability=draft.chosen).lines
    staff_id = next(line["staff"] for line in chosen if line["changed"] and line["staff"])
    before = Posting.objects.count()
    able(Staff.objects.get(pk=staff_id), capacity=0)
    problem = refused(lambda: accepted(world, draft))
    assert (problem.status, "名额" in problem.detail) == (409, True)
    assert Posting.objects.count() == before


@pytest.mark.parametrize(
    "act",
    [
        lambda actor, draft: actions.discard_draft(actor=actor, draft_id=draft),
        lambda actor, draft: actions.choose_option(actor=actor, draft_id=draft, stability=0),
    ],
)
def test_a_draft_put_into_force_meanwhile_is_neither_changed_nor_set_aside(
    world: RosterWorld, monkeypatch: pytest.MonkeyPatch, act: Callable[[Actor, UUID], object]
) -> None:
    draft = drafted(world)

    def slow(**said: Any) -> MatchDraft:
        held = open_draft(**said)
        accepted(world, draft)
        return held

    monkeypatch.setattr(actions, "open_draft", slow)
    assert refused(lambda: act(bureau(world), draft.pk)).status == 409
    stored = MatchDraft.objects.get(pk=draft.pk)
    assert (stored.state, stored.chosen) == (DraftState.ACCEPTED, draft.chosen)


def test_who_was_slower_with_another_pair_is_told(
    world: RosterWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, first = drafted(world), world.county.villages[0]

    def force(code: str) -> MatchDraft:
        return actions.force_pair(
            actor=bureau(world), draft_id=draft.pk, village_code=code, staff_id=world.spare.pk
        )

    def slow(**said: Any) -> MatchDraft:
        held = open_draft(**said)
        monkeypatch.undo()
        force(first)
        return held

    monkeypatch.setattr(actions, "open_draft", slow)
    problem = refused(lambda: force(world.county.villages[1]))
    assert (problem.status, "改过" in problem.detail) == (409, True)
    assert MatchDraft.objects.get(pk=draft.pk).forced == [[first, str(world.spare.pk)]]
