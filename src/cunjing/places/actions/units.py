"""Units and which villages they answer for, from when to when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q
from django.db.models.functions import Coalesce

from cunjing.base.errors import conflict, not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, writing
from cunjing.places import rules
from cunjing.places.access import check_division, check_unit, check_village
from cunjing.places.models import Division, DivisionLevel, Unit, UnitKind, Village, VillageUnit
from cunjing.standards.errors import UnreadableValueError
from cunjing.standards.phones import normalise_phone
from cunjing.standards.village_names import bureau_name, station_name

EDIT = Permission.DIVISION_EDIT


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What seeding made; `kept` villages had a station already."""

    units_added: int
    villages_assigned: int
    kept: int


def seed_units(*, actor: Actor, county_code: str) -> SeedResult:
    """The county bureau, one station a township, and the stations' villages, all from codes.

    A start, to be renamed and reassigned by hand: run again it only adds what is missing. Villages
    are assigned from the first day they are known.
    """
    check_division(actor=actor, permission=EDIT, code=county_code)
    county = Division.objects.filter(code=county_code, level=DivisionLevel.COUNTY).first()
    if county is None:
        raise not_found(
            f"没有县级代码{county_code}，请先运行 cunjing divisions import {county_code}。"
        )
    with writing(actor=actor, permission=EDIT) as write:
        units = _seeded(county)
        here = set(Unit.objects.filter(code__in=units).values_list("code", flat=True))
        new = [unit for code, unit in units.items() if code not in here]
        Unit.objects.bulk_create(new)
        for unit in new:
            write.note(unit, AuditVerb.CREATED, scopes=(unit.code,))
        rows, kept = _seeded_rows(county_code=county_code)
        VillageUnit.objects.bulk_create(rows, batch_size=500)
        for row in rows:
            write.note(row, AuditVerb.CREATED, scopes=(row.village_id, row.unit_id))
        write.note(county, AuditVerb.CHANGED, reason=f"建立{len(new)}个单位，{len(rows)}个村归属")
    actor.resolved.clear()
    return SeedResult(len(new), len(rows), kept)


def create_unit(
    *,
    actor: Actor,
    code: str,
    name: str,
    kind: UnitKind,
    parent_code: str,
    division_code: str = "",
    phone: str = "",
) -> Unit:
    """Found a unit below another. `division_code` says where it answers for; empty: by rows only.

    The division lies inside the parent's; phones are normalised.
    """
    check_unit(actor=actor, permission=EDIT, unit_code=parent_code)
    parent = _unit(parent_code)
    code = code.strip()
    if not (code.isascii() and code.isalnum() and len(code) <= 20):
        raise rules.fault("code", "单位代码为不超过20位的字母和数字。")
    _check_division_code(division_code, parent=parent)
    unit = Unit(
        code=code,
        name=rules.check_name(name=name, field="name", limit=rules.NAME_LENGTH),
        kind=kind.value,
        parent=parent,
        division_code=division_code,
        phone=_phone(phone),
    )
    with writing(actor=actor, permission=EDIT) as write:
        if Unit.objects.filter(code=code).exists():
            raise conflict(f"单位代码{code}已被使用，请换一个。", code=code)
        unit.save(force_insert=True)
        write.note(unit, AuditVerb.CREATED, scopes=(code,))
    actor.resolved.clear()
    return unit


def edit_unit(*, actor: Actor, unit_code: str, name: str, phone: str = "") -> Unit:
    """Rename a unit or change its telephone; its code and kind stay."""
    check_unit(actor=actor, permission=EDIT, unit_code=unit_code)
    with writing(actor=actor, permission=EDIT) as write:
        unit = _unit(unit_code)
        unit.name = rules.check_name(name=name, field="name", limit=rules.NAME_LENGTH)
        unit.phone = _phone(phone)
        unit.save(update_fields=["name", "phone"])
        write.note(unit, AuditVerb.CHANGED, scopes=(unit_code,))
    return unit


def assign_villages(
    *, actor: Actor, unit_code: str, village_codes: Iterable[str], valid_from: date
) -> int:
    """Let a unit answer for villages from a day on; the number of villages that changed hands.

    A village has one unit of each kind at a time: the row of the same kind ends that day. A row of
    that kind that begins later is in the way and must be dealt with first.
    """
    codes = sorted(set(village_codes))
    check_unit(actor=actor, permission=EDIT, unit_code=unit_code)
    for code in codes:
        check_village(actor=actor, permission=EDIT, village_code=code)
    unit = _unit(unit_code)
    with writing(actor=actor, permission=EDIT) as write:
        villages = list(Village.objects.select_for_update().filter(code__in=codes))
        if missing := sorted(set(codes) - {village.code for village in villages}):
            raise not_found(f"没有代码为{'、'.join(missing)}的村。")
        changed = sum(
            _assign(write, village=village, unit=unit, valid_from=valid_from)
            for village in villages
        )
        write.note(unit, AuditVerb.CHANGED, reason=f"自{valid_from}起，{changed}个村划入")
    actor.resolved.clear()
    return changed


def _assign(write: Write, *, village: Village, unit: Unit, valid_from: date) -> bool:
    """Whether the village changed hands."""
    if village.valid_to is not None and village.valid_to <= valid_from:
        raise conflict(f"{village.name}已于{village.valid_to:%Y-%m-%d}撤销，不能再划归单位。")
    rows = VillageUnit.objects.filter(village=village, unit__kind=unit.kind)
    if later := rows.filter(valid_from__gt=valid_from).order_by("valid_from").first():
        raise conflict(
            f"{village.name}自{later.valid_from:%Y-%m-%d}起已另有安排，请把起始日放在那一天或之后。",
            village_code=village.code,
        )
    open_rows = rows.filter(Q(valid_to=None) | Q(valid_to__gt=valid_from))
    now_row = open_rows.order_by("-valid_from").first()
    if now_row is not None and now_row.unit_id == unit.code and now_row.valid_to is None:
        return False
    if now_row is not None and now_row.valid_from == valid_from:
        write.note(now_row, AuditVerb.ENDED, scopes=(village.code, now_row.unit_id))
        now_row.delete()
    elif now_row is not None:
        now_row.valid_to = valid_from
        now_row.save(update_fields=["valid_to"])
        write.note(now_row, AuditVerb.ENDED, scopes=(village.code, now_row.unit_id))
    row = VillageUnit.objects.create(village=village, unit=unit, valid_from=valid_from)
    write.note(row, AuditVerb.CREATED, scopes=(village.code, unit.code))
    return True


def _seeded(county: Division) -> dict[str, Unit]:
    """The bureau first, then a station a township; codes are the divisions' codes."""
    units = {
        county.code: Unit(
            code=county.code,
            name=bureau_name(county.name),
            kind=UnitKind.COUNTY.value,
            division_code=county.code,
        )
    }
    for township in Division.objects.filter(parent=county).order_by("code"):
        units[township.code] = Unit(
            code=township.code,
            name=station_name(township.name),
            kind=UnitKind.STATION.value,
            division_code=township.code,
            parent_id=county.code,
        )
    return units


def _seeded_rows(*, county_code: str) -> tuple[list[VillageUnit], int]:
    """A row for each living village without any station yet; and how many had one."""
    villages = list(
        Village.objects.filter(township__parent_id=county_code, valid_to=None).annotate(
            first_day=Coalesce(Min("past__valid_from"), "valid_from")
        )
    )
    served = set(
        VillageUnit.objects.filter(
            village__township__parent_id=county_code, unit__kind=UnitKind.STATION
        ).values_list("village_id", flat=True)
    )
    rows = [
        VillageUnit(village=village, unit_id=village.township_id, valid_from=village.first_day)
        for village in villages
        if village.code not in served
    ]
    return rows, len(villages) - len(rows)


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise not_found(f"没有代码为{code}的单位。")
    return unit


def _check_division_code(code: str, *, parent: Unit) -> None:
    if not code:
        return
    known = (
        Division.objects.filter(code=code).exists() or Village.objects.filter(code=code).exists()
    )
    if not known or not code.startswith(parent.division_code):
        raise rules.fault("division_code", f"没有区划代码“{code}”，或不在{parent.name}辖区内。")


def _phone(text: str) -> str:
    try:
        return normalise_phone(text) if text.strip() else ""
    except UnreadableValueError as error:
        raise rules.fault("phone", str(error)) from error
