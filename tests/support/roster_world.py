"""A county under a programme with people to match: one station a township, three villages each."""

from dataclasses import dataclass
from datetime import date

from tests.support.coverage_factories import post
from tests.support.places_factories import County, found_policed_county, system
from tests.support.staffing_factories import make_staff

from cunjing.assessment.actions import set_programme
from cunjing.rostering.actions.candidates import CandidacyFields, set_candidacy
from cunjing.staffing.models import Staff

BEGAN = date(2025, 1, 1)
POLICY = "suzhou-2021"


@dataclass(frozen=True, slots=True)
class RosterWorld:
    """The county and its liaison officers: `held` serves the first village of each township, the
    others of the county stand vacant; `spare` serves none."""

    county: County
    held: tuple[Staff, ...]
    spare: Staff


def roster_world() -> RosterWorld:
    """Build it; everybody can serve two villages."""
    county = found_policed_county()
    set_programme(actor=system(), prefix=county.code, policy_id=POLICY, valid_from=BEGAN)
    held = []
    for number, township in enumerate(county.townships):
        staff = make_staff(f"A00{number + 1}", unit_code=township, name=f"示例甲{number + 1}")
        post(staff, county.villages[number * 3], since=BEGAN)
        held.append(staff)
    spare = make_staff("A009", unit_code=county.townships[0], name="示例备")
    for staff in (*held, spare):
        able(staff, capacity=2)
    return RosterWorld(county=county, held=tuple(held), spare=spare)


def read_anew(world: RosterWorld) -> RosterWorld:
    """The same with people as they are stored: what a test changed of them is forgotten."""
    people = Staff.objects.in_bulk([one.pk for one in (*world.held, world.spare)])
    held = tuple(people[one.pk] for one in world.held)
    return RosterWorld(county=world.county, held=held, spare=people[world.spare.pk])


def able(staff: Staff, *, capacity: int) -> None:
    """Say how many villages somebody can serve."""
    fields = CandidacyFields(trade="station", capacity=capacity, seniority=1)
    set_candidacy(actor=system(), staff_id=staff.pk, fields=fields)
