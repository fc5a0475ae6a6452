"""Where a village stands on the map."""

import pytest
from tests.support.places_factories import actor_with, found_policed_county

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem, ProblemKind
from cunjing.places.actions.location import locate_village
from cunjing.places.models import Village

pytestmark = pytest.mark.django_db


def test_the_county_places_a_village_and_a_station_does_not() -> None:
    county = found_policed_county()
    code = county.villages[0]
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    locate_village(actor=bureau, village_code=code, longitude=101.54, latitude=25.31)
    stored = Village.objects.get(code=code)
    assert (stored.longitude, stored.latitude) == (101.54, 25.31)
    chief = actor_with(Role.STATION_CHIEF, unit_code=county.townships[0])
    with pytest.raises(Problem) as caught:
        locate_village(actor=chief, village_code=code, longitude=101.5, latitude=25.3)
    assert caught.value.kind is ProblemKind.FORBIDDEN


@pytest.mark.parametrize(
    ("longitude", "latitude"), [(25.31, 101.54), (0.0, 0.0), (101.54, float("nan"))]
)
def test_figures_outside_the_country_are_refused(longitude: float, latitude: float) -> None:
    county = found_policed_county()
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    with pytest.raises(Problem, match="写反"):
        locate_village(
            actor=bureau, village_code=county.villages[0], longitude=longitude, latitude=latitude
        )
