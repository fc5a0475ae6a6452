"""Jurisdictions follow grants and the dated village → unit table."""

from collections.abc import Callable
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.support.accounts_factories import make_user_with
from tests.support.places_factories import County, actor_with, found_policed_county, system

from cunjing.accounts.actions import end_grant
from cunjing.accounts.queries import actor_for
from cunjing.accounts.roles import Role
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.places.access import (
    check_division,
    check_unit,
    check_village,
    jurisdiction_of,
    visible,
    why_not,
    why_not_unit,
)
from cunjing.places.actions.edits import (
    Decision,
    NewVillage,
    merge_villages,
    split_village,
)
from cunjing.places.actions.units import assign_villages
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


def day(number: int) -> Decision:
    return Decision(effective_on=date(2025, 3, number), reason="批复")


def merge(gone: str, into: str, number: int = 1) -> None:
    merge_villages(
        actor=system(), predecessor_codes=[gone], successor_code=into, decision=day(number)
    )


def villages_of(role: Role, **place: str) -> set[str]:
    area = jurisdiction_of(actor=actor_with(role, **place), permission=READ)
    assert not area.prefixes
    return set(area.villages)


def test_a_station_has_the_villages_that_were_merged_into_its_own(county: County) -> None:
    """Also through one that was merged in its turn; whose village went, has it no longer."""
    first, second, third, *others = county.villages
    north, south = county.townships
    merge(first, others[0])
    assert villages_of(Role.STATION_CHIEF, unit_code=south) == {first, *others}
    assert villages_of(Role.STATION_CHIEF, unit_code=north) == {second, third}
    merge(others[0], second, number=2)
    assert villages_of(Role.STATION_CHIEF, unit_code=north) == {first, second, third, others[0]}
    assert villages_of(Role.STATION_CHIEF, unit_code=south) == set(others[1:])


def test_it_goes_with_the_village_when_another_station_gets_that(county: County) -> None:
    first, second, third, *others = county.villages
    north, south = county.townships
    merge(first, second)
    assign_villages(
        actor=system(), unit_code=south, village_codes=[second], valid_from=date(2025, 6, 1)
    )
    assert villages_of(Role.STATION_CHIEF, unit_code=south) == {first, second, *others}
    assert villages_of(Role.STATION_CHIEF, unit_code=north) == {third}


def test_what_parts_from_a_village_takes_none_of_its_past_along(county: County) -> None:
    first, second, third, *others = county.villages
    north, south = county.townships
    merge(first, second)
    part = NewVillage(code=f"{north}250", name="析出村委会")
    split_village(actor=system(), village_code=second, parts=[part], decision=day(2))
    assign_villages(
        actor=system(), unit_code=south, village_codes=[part.code], valid_from=date(2025, 6, 1)
    )
    assert villages_of(Role.STATION_CHIEF, unit_code=south) == {part.code, *others}
    assert villages_of(Role.STATION_CHIEF, unit_code=north) == {first, second, third}


def test_a_posting_to_the_successor_opens_that_village_only(county: County) -> None:
    first, second, third, *_ = county.villages
    merge(first, second)
    for village in (first, second, third):
        assert villages_of(Role.OFFICER, village_code=village) == {village}


def test_a_grant_that_has_ended_gains_nothing_by_a_merger(county: County) -> None:
    first, second, *_ = county.villages
    user = make_user_with(Role.STATION_CHIEF, username="former", unit_code=county.townships[0])
    end_grant(actor=system(), grant_id=user.grants.get().pk, on=date(2026, 2, 1), reason="调离")
    merge(first, second)
    former = actor_for(user=user)
    assert not jurisdiction_of(actor=former, permission=READ)
    for village in (first, second):
        with pytest.raises(Problem) as caught:
            check_village(actor=former, permission=READ, village_code=village)
        assert caught.value.kind is ProblemKind.NOT_FOUND


def test_mergers_are_asked_for_only_where_there_are_any(
    county: County, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second, third, *_ = county.villages
    for merged, queries in ((None, 2), (first, 3), (third, 3)):
        if merged:
            merge(merged, second, number=1 if merged == first else 2)
        with django_assert_num_queries(queries):
            villages_of(Role.STATION_CHIEF, unit_code=county.townships[0])
