"""What matching asks of people and villages: who may say it, and what is refused."""

from collections.abc import Callable

import pytest
from tests.support.accounts_factories import make_user
from tests.support.places_factories import actor_with, system
from tests.support.roster_world import RosterWorld

from cunjing.accounts.queries import actor_for
from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem
from cunjing.coverage.duty import link_account
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditEntry, AuditVerb
from cunjing.rostering.actions import candidates as actions
from cunjing.rostering.models import Candidacy, Hold, HoldKind, VillageFeature, Wish
from cunjing.rostering.queries import candidates as queries

FIELDS = actions.CandidacyFields(trade="traffic", capacity=2, seniority=3)
FEATURE = actions.FeatureFields(on_main_road=True, complex=False, cases=3)


@pytest.fixture
def world(roster: RosterWorld) -> RosterWorld:
    return roster


def chief(world: RosterWorld, number: int = 0) -> Actor:
    return actor_with(Role.STATION_CHIEF, unit_code=world.county.townships[number])


def officer(world: RosterWorld) -> Actor:
    """The first officer with an account, whose rights come from the posting."""
    user = make_user("officer", unit_code=world.county.townships[0])
    link_account(actor=system(), staff_id=world.held[0].pk, user_id=user.pk)
    return actor_for(user=user)


def refused(act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as problem:
        act()
    return problem.value


def test_a_chief_describes_the_own_people_and_nobody_else(world: RosterWorld) -> None:
    staff = world.held[0]
    actions.set_candidacy(actor=chief(world), staff_id=staff.pk, fields=FIELDS)
    assert Candidacy.objects.get(pk=staff.pk).trade == "traffic"
    entry = AuditEntry.objects.filter(record_id=str(staff.pk), record_type="rostering.candidacy")
    assert [one.verb for one in entry.order_by("id")] == [AuditVerb.CREATED, AuditVerb.CHANGED]
    other = world.held[1]
    problem = refused(
        lambda: actions.set_candidacy(actor=chief(world), staff_id=other.pk, fields=FIELDS)
    )
    assert problem.status == 404


def test_who_has_no_entry_counts_as_what_the_unit_is(world: RosterWorld) -> None:
    Candidacy.objects.all().delete()
    entry = queries.candidate(actor=chief(world), staff_id=world.held[0].pk)
    assert (entry.trade, entry.capacity) == ("station", 1)
    assert Candidacy.objects.count() == 0


def test_what_does_not_exist_is_refused_by_field(world: RosterWorld) -> None:
    wrong = actions.CandidacyFields(
        trade="station", capacity=99, seniority=1, former_township_code="1", former_village_code="2"
    )
    problem = refused(
        lambda: actions.set_candidacy(actor=chief(world), staff_id=world.spare.pk, fields=wrong)
    )
    named = {fault.field for fault in problem.faults}
    assert named == {"capacity", "former_township_code", "former_village_code"}


def test_an_officer_says_the_own_wishes_and_changes_them(world: RosterWorld) -> None:
    actor, staff = officer(world), world.held[0]
    first, second = world.county.villages[4], world.county.villages[1]
    actions.set_wishes(actor=actor, staff_id=staff.pk, village_codes=[first, second])
    actions.set_wishes(actor=actor, staff_id=staff.pk, village_codes=[second])
    wishes = queries.wishes_of(actor=actor, staff_id=staff.pk)
    assert [(wish.rank, wish.village_id) for wish in wishes] == [(1, second)]


def test_saying_the_same_wishes_again_writes_nothing(world: RosterWorld) -> None:
    actor, staff, codes = officer(world), world.held[0], [world.county.villages[1]]
    actions.set_wishes(actor=actor, staff_id=staff.pk, village_codes=codes)
    before = AuditEntry.objects.count()
    actions.set_wishes(actor=actor, staff_id=staff.pk, village_codes=codes)
    assert AuditEntry.objects.count() == before


def test_an_officer_says_nobody_elses_wishes_and_reads_none(world: RosterWorld) -> None:
    actor, other = officer(world), world.held[1]
    for act in (
        lambda: actions.set_wishes(actor=actor, staff_id=other.pk, village_codes=[]),
        lambda: queries.wishes_of(actor=actor, staff_id=other.pk),
    ):
        assert refused(act).status == 404


def test_a_wish_outside_the_county_is_refused_and_nothing_changes(world: RosterWorld) -> None:
    staff = world.spare
    actions.set_wishes(
        actor=chief(world), staff_id=staff.pk, village_codes=[world.county.villages[0]]
    )
    refused(
        lambda: actions.set_wishes(
            actor=chief(world), staff_id=staff.pk, village_codes=["532323100201"]
        )
    )
    assert Wish.objects.filter(staff=staff).count() == 1


def test_features_of_a_village_are_its_stations(world: RosterWorld) -> None:
    code = world.county.villages[0]
    actions.set_feature(actor=chief(world), village_code=code, fields=FEATURE)
    assert VillageFeature.objects.get(pk=code).cases == 3
    stranger = chief(world, 1)
    problem = refused(
        lambda: actions.set_feature(actor=stranger, village_code=code, fields=FEATURE)
    )
    assert problem.status == 404


def hold(world: RosterWorld, kind: HoldKind, *, number: int = 0, reason: str = "亲属同村") -> Hold:
    return actions.add_hold(
        actor=chief(world),
        kind=kind,
        staff_id=(world.held[0], world.spare)[number].pk,
        village_code=world.county.villages[0],
        reason=reason,
    )


def test_a_pin_holds_until_it_is_lifted(world: RosterWorld) -> None:
    pin = hold(world, HoldKind.PIN)
    assert [one.pk for one in queries.holds(actor=chief(world))] == [pin.pk]
    actions.lift_hold(actor=chief(world), hold_id=pin.pk)
    assert list(queries.holds(actor=chief(world))) == []
    assert refused(lambda: actions.lift_hold(actor=chief(world), hold_id=pin.pk)).status == 409


def test_two_pins_on_a_village_and_a_pin_beside_a_ban_are_refused(world: RosterWorld) -> None:
    hold(world, HoldKind.PIN)
    assert refused(lambda: hold(world, HoldKind.BAN)).status == 409
    assert refused(lambda: hold(world, HoldKind.PIN, number=1)).status == 409
    assert hold(world, HoldKind.BAN, number=1).kind == HoldKind.BAN


def test_no_hold_without_a_reason(world: RosterWorld) -> None:
    assert refused(lambda: hold(world, HoldKind.BAN, reason=" ")).status == 422
    assert Hold.objects.count() == 0
