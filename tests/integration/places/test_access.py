"""Jurisdictions follow grants and the dated village → unit table."""

from collections.abc import Callable

import pytest
from tests.support.places_factories import County, actor_with, found_policed_county, system

from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import (
    check_division,
    check_unit,
    check_village,
    visible,
    why_not,
    why_not_unit,
)
from cunjing.places.models import Village

pytestmark = pytest.mark.django_db

READ, EDIT = Permission.VILLAGE_READ, Permission.DIVISION_EDIT


@pytest.fixture
def county() -> County:
    return found_policed_county()


def actors(county: County) -> dict[str, Actor]:
    other = found_policed_county(code="990102", name="邻县")
    return {
        "system": system(),
        "bureau": actor_with(Role.COUNTY_BUREAU, unit_code=county.code),
        "chief": actor_with(Role.STATION_CHIEF, unit_code=county.townships[0]),
        "auditor": actor_with(Role.AUDITOR, unit_code=county.code),
        "stranger": actor_with(Role.COUNTY_BUREAU, unit_code=other.code),
    }


TRUTH = [
    # who, village of the county, its station, its whole county
    ("system", None, None, None),
    ("bureau", None, None, None),
    ("chief", ProblemKind.FORBIDDEN, ProblemKind.FORBIDDEN, ProblemKind.NOT_FOUND),
    ("auditor", ProblemKind.FORBIDDEN, ProblemKind.FORBIDDEN, ProblemKind.FORBIDDEN),
    ("stranger", ProblemKind.NOT_FOUND, ProblemKind.NOT_FOUND, ProblemKind.NOT_FOUND),
]


@pytest.mark.parametrize(("who", "village", "station", "division"), TRUTH)
def test_who_may_edit_what(
    county: County,
    who: str,
    village: ProblemKind | None,
    station: ProblemKind | None,
    division: ProblemKind | None,
) -> None:
    actor = actors(county)[who]
    checks: list[tuple[ProblemKind | None, Callable[[], None]]] = [
        (
            village,
            lambda: check_village(actor=actor, permission=EDIT, village_code=county.villages[0]),
        ),
        (station, lambda: check_unit(actor=actor, permission=EDIT, unit_code=county.townships[0])),
        (division, lambda: check_division(actor=actor, permission=EDIT, code=county.code)),
    ]
    for expected, check in checks:
        if expected is None:
            check()
            continue
        with pytest.raises(Problem) as caught:
            check()
        assert caught.value.kind is expected


def test_a_scope_counts_the_villages_one_sees(county: County) -> None:
    seen = {
        who: Village.objects.filter(
            visible(actor=actor, permission=READ, field_name="code")
        ).count()
        for who, actor in actors(county).items()
    }
    assert seen == {"system": 12, "bureau": 6, "chief": 3, "auditor": 6, "stranger": 6}


def test_the_tooltip_is_empty_where_the_right_is_held(county: County) -> None:
    assert why_not(actor=system(), permission=EDIT) == ""
    chief = actor_with(Role.STATION_CHIEF, unit_code=county.townships[0])
    assert "变更区划" in why_not(actor=chief, permission=EDIT)


def test_the_tooltip_of_a_unit_is_empty_in_ones_own_units_only(county: County) -> None:
    bureau = actor_with(Role.COUNTY_BUREAU, unit_code=county.code)
    chief = actor_with(Role.STATION_CHIEF, unit_code=county.townships[0])
    own, other = county.townships
    assert why_not_unit(actor=bureau, permission=EDIT, unit_code=other) == ""
    assert "变更区划" in why_not_unit(actor=chief, permission=EDIT, unit_code=own)
    assert "不在您的辖区内" in why_not_unit(actor=chief, permission=EDIT, unit_code=other)
