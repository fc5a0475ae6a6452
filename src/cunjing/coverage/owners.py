"""Who must see to a village without an officer: its station's chiefs, else the county bureau."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from cunjing.accounts.queries import people_with_role
from cunjing.accounts.roles import Role
from cunjing.places.models import Unit, UnitKind, VillageUnit

BATCH = 500


@dataclass(frozen=True, slots=True)
class Owner:
    """The unit that answers and the people in charge of it; empty strings where there is none."""

    unit_code: str = ""
    unit_name: str = ""
    people: tuple[str, ...] = ()


def owners_of(*, village_codes: Sequence[str], on: date) -> dict[str, Owner]:
    """The owner of each village on a day, by village code.

    The station that answers for the village, with its chiefs by grant. Where there is no station,
    or it has no chief, the county bureau whose division holds the village, with its people.
    """
    stations = _stations(village_codes=village_codes, on=on)
    counties = list(
        Unit.objects.filter(kind=UnitKind.COUNTY).exclude(division_code="").order_by("code")
    )
    chiefs = people_with_role(
        role=Role.STATION_CHIEF, unit_codes={unit.code for unit in stations.values()}, on=on
    )
    bureau = people_with_role(
        role=Role.COUNTY_BUREAU, unit_codes={unit.code for unit in counties}, on=on
    )
    owners = {}
    for code in village_codes:
        station = stations.get(code)
        county = _holding(code=code, counties=counties)
        if station is not None and (station.code in chiefs or county is None):
            owners[code] = _owner(unit=station, people=chiefs)
        elif county is not None:
            owners[code] = _owner(unit=county, people=bureau)
        else:
            owners[code] = Owner()
    return owners


def _stations(*, village_codes: Sequence[str], on: date) -> dict[str, Unit]:
    """The station of each village; the latest assignment where two hold."""
    found: dict[str, Unit] = {}
    for start in range(0, len(village_codes), BATCH):
        rows = (
            VillageUnit.objects.filter(
                village__in=village_codes[start : start + BATCH],
                unit__kind=UnitKind.STATION,
                valid_from__lte=on,
            )
            .filter(Q(valid_to=None) | Q(valid_to__gt=on))
            .select_related("unit")
            .order_by("valid_from", "unit_id")
        )
        found.update({row.village_id: row.unit for row in rows})
    return found


def _holding(*, code: str, counties: Sequence[Unit]) -> Unit | None:
    """The county bureau with the longest division code that begins the village's code."""
    holding = [unit for unit in counties if code.startswith(unit.division_code)]
    return max(holding, key=lambda unit: len(unit.division_code), default=None)


def _owner(*, unit: Unit, people: dict[str, list[str]]) -> Owner:
    return Owner(unit_code=unit.code, unit_name=unit.name, people=tuple(people.get(unit.code, ())))
