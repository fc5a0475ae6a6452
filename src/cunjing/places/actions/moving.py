"""What follows a village when it ends, parts or begins: its units, hamlets and households."""

from datetime import date

from django.db.models import Q

from cunjing.base.errors import conflict
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.writing import Write
from cunjing.places import rules
from cunjing.places.models import Hamlet, Household, Unit, UnitKind, Village, VillageUnit
from cunjing.standards.village_names import short_name


def end_units(write: Write, *, village: Village, on: date) -> None:
    """No unit answers for the village from `on`; rows that were to begin later are taken out."""
    rows = VillageUnit.objects.select_for_update().filter(village=village)
    for row in rows.filter(Q(valid_to=None) | Q(valid_to__gt=on)):
        if row.valid_from < on:
            row.valid_to = on
            row.save(update_fields=["valid_to"])
            write.note(row, AuditVerb.ENDED, scopes=(village.code, row.unit_id))
        else:
            write.note(row, AuditVerb.ENDED, scopes=(village.code, row.unit_id))
            row.delete()


def copy_units(write: Write, *, source: Village, target: Village) -> None:
    """From its first day, `target` has the units that `source` has from that day on."""
    day = target.valid_from
    for row in source.village_units.filter(Q(valid_to=None) | Q(valid_to__gt=day)):
        _add_unit(
            write,
            row=VillageUnit(
                village=target,
                unit_id=row.unit_id,
                valid_from=max(row.valid_from, day),
                valid_to=row.valid_to,
            ),
        )


def follow_township(write: Write, *, village: Village) -> None:
    """The stations that answer for the whole township answer for the new village."""
    stations = Unit.objects.filter(kind=UnitKind.STATION, division_code=village.township_id)
    for station in stations:
        row = VillageUnit(village=village, unit=station, valid_from=village.valid_from)
        _add_unit(write, row=row)


def carry_households(write: Write, *, source: Village, target: Village) -> None:
    """Move the hamlets and households in use to `target`.

    Where a name is taken there, the old village's short name goes before it: 天台村一组.
    """
    taken = set(target.hamlets.filter(retired_on=None).values_list("name", flat=True))
    for hamlet in source.hamlets.select_for_update().filter(retired_on=None):
        hamlet.name = _free(hamlet.name, village=source, taken=taken, limit=rules.HAMLET_LENGTH)
        move_hamlet_row(write, hamlet=hamlet, target=target)
    taken = set(target.households.filter(retired_on=None).values_list("address", flat=True))
    for household in source.households.select_for_update().filter(retired_on=None):
        household.address = _free(
            household.address, village=source, taken=taken, limit=rules.ADDRESS_LENGTH
        )
        move_household_row(write, household=household, target=target)


def move_hamlet_row(write: Write, *, hamlet: Hamlet, target: Village) -> None:
    """Write a hamlet into `target`; devices of both villages hear of it."""
    left = hamlet.village_id
    hamlet.village = target
    hamlet.version += 1
    hamlet.save(update_fields=["village", "name", "version"])
    write.note(hamlet, AuditVerb.CHANGED, village_code=target.code, scopes=(left, target.code))


def move_household_row(write: Write, *, household: Household, target: Village) -> None:
    """Write a household into `target`; devices of both villages hear of it."""
    left = household.village_id
    household.village = target
    household.version += 1
    household.save(update_fields=["village", "hamlet", "address", "version"])
    write.note(household, AuditVerb.CHANGED, village_code=target.code, scopes=(left, target.code))


def _free(name: str, *, village: Village, taken: set[str], limit: int) -> str:
    """`name`, or with the old village's name before it; the free one is then taken."""
    free = name if name not in taken else f"{short_name(village.name)}{name}"
    if free in taken or len(free) > limit:
        raise conflict(f"合并后“{name}”重名，请先在{village.name}改名，再合并。", name=name)
    taken.add(free)
    return free


def _add_unit(write: Write, *, row: VillageUnit) -> None:
    row.save(force_insert=True)
    write.note(row, AuditVerb.CREATED, scopes=(row.village_id, row.unit_id))
