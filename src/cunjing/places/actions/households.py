"""Hamlets and households: addresses with a visit priority, edited against a known version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cunjing.base.clock import today
from cunjing.base.errors import conflict, not_found
from cunjing.base.ids import new_id
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places import rules
from cunjing.places.access import check_village
from cunjing.places.actions.moving import move_hamlet_row, move_household_row
from cunjing.places.models import Hamlet, Household, Village

EDIT = Permission.HOUSEHOLD_EDIT


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """An address to add. `id` may be made by the client, so that sending twice adds once."""

    address: str
    hamlet_id: UUID | None = None
    visit_priority: int = 0
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HouseholdState:
    """What a household is to become; every field is said."""

    address: str
    hamlet_id: UUID | None
    visit_priority: int


def add_hamlet(
    *, actor: Actor, village_code: str, name: str, hamlet_id: UUID | None = None
) -> Hamlet:
    """Add a natural group; the same id with the same name again is the one already added."""
    check_village(actor=actor, permission=EDIT, village_code=village_code)
    name = rules.check_name(name=name, field="name", limit=rules.HAMLET_LENGTH)
    if hamlet_id and (here := Hamlet.objects.filter(pk=hamlet_id).first()):
        if (here.village_id, here.name) != (village_code, name):
            raise conflict("同一编号的自然组已有不同内容。", id=str(hamlet_id))
        return here
    with writing(actor=actor, permission=EDIT) as write:
        village = living_village(village_code)
        _check_hamlet_name(village_code=village_code, name=name)
        hamlet = Hamlet.objects.create(id=hamlet_id or new_id(), village=village, name=name)
        write.note(hamlet, AuditVerb.CREATED, village_code=village_code)
    return hamlet


def rename_hamlet(*, actor: Actor, hamlet_id: UUID, version: int, name: str) -> Hamlet:
    """Rename a natural group, if it still is at `version`."""
    name = rules.check_name(name=name, field="name", limit=rules.HAMLET_LENGTH)
    check_village(actor=actor, permission=EDIT, village_code=_hamlet(hamlet_id).village_id)
    with writing(actor=actor, permission=EDIT) as write:
        hamlet = _hamlet(hamlet_id, lock=True)
        _check_version(hamlet, version=version, stored={"name": hamlet.name}, yours={"name": name})
        if name != hamlet.name:
            _check_hamlet_name(village_code=hamlet.village_id, name=name)
        hamlet.name = name
        hamlet.version += 1
        hamlet.save(update_fields=["name", "version"])
        write.note(hamlet, AuditVerb.CHANGED, village_code=hamlet.village_id)
    return hamlet


def retire_hamlet(*, actor: Actor, hamlet_id: UUID, version: int) -> Hamlet:
    """End a natural group that no household in use belongs to."""
    check_village(actor=actor, permission=EDIT, village_code=_hamlet(hamlet_id).village_id)
    with writing(actor=actor, permission=EDIT) as write:
        hamlet = _hamlet(hamlet_id, lock=True)
        _check_version(hamlet, version=version, stored={"name": hamlet.name}, yours={})
        if left := hamlet.households.filter(retired_on=None).count():
            raise conflict(f"{hamlet.name}还有{left}户，请先转组或停用。", households=left)
        hamlet.retired_on = today()
        hamlet.version += 1
        hamlet.save(update_fields=["retired_on", "version"])
        write.note(hamlet, AuditVerb.ENDED, village_code=hamlet.village_id)
    return hamlet


def move_hamlet(*, actor: Actor, hamlet_id: UUID, village_code: str) -> Hamlet:
    """Put a natural group with its households into another village (after a split)."""
    check_village(actor=actor, permission=EDIT, village_code=_hamlet(hamlet_id).village_id)
    check_village(actor=actor, permission=EDIT, village_code=village_code)
    with writing(actor=actor, permission=EDIT) as write:
        hamlet = _hamlet(hamlet_id, lock=True)
        target = living_village(village_code)
        if hamlet.village_id == village_code:
            raise rules.fault("village_code", f"{hamlet.name}已在{target.name}。")
        _check_hamlet_name(village_code=village_code, name=hamlet.name)
        households = list(hamlet.households.select_for_update().filter(retired_on=None))
        check_addresses(village_code=village_code, addresses=[h.address for h in households])
        move_hamlet_row(write, hamlet=hamlet, target=target)
        for household in households:
            move_household_row(write, household=household, target=target)
    return hamlet


def add_household(*, actor: Actor, village_code: str, household: NewHousehold) -> Household:
    """Add an address; the same id with the same content again is the one already added."""
    return add_households(actor=actor, village_code=village_code, households=[household])[0]


def add_households(
    *, actor: Actor, village_code: str, households: Sequence[NewHousehold]
) -> list[Household]:
    """Add many addresses of one village, all or nothing; in the order given."""
    check_village(actor=actor, permission=EDIT, village_code=village_code)
    rows = [_new(household, village_code=village_code) for household in households]
    here = Household.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        _check_same(row, here.get(row.pk))
    added = [row for row in rows if row.pk not in here]
    if not added:
        return [here[row.pk] for row in rows]
    with writing(actor=actor, permission=EDIT) as write:
        living_village(village_code)
        check_addresses(village_code=village_code, addresses=[row.address for row in added])
        check_hamlets(village_code=village_code, rows=added)
        Household.objects.bulk_create(added, batch_size=500)
        for row in added:
            write.note(row, AuditVerb.CREATED, village_code=village_code)
    return [here.get(row.pk, row) for row in rows]


def edit_household(
    *, actor: Actor, household_id: UUID, version: int, state: HouseholdState
) -> Household:
    """Change address, group or visit priority, if the household still is at `version`.

    A mismatch is a conflict whose data carries `version`, `stored` and `yours`.
    """
    address = rules.check_address(state.address)
    rules.check_priority(state.visit_priority)
    check_village(actor=actor, permission=EDIT, village_code=household_row(household_id).village_id)
    with writing(actor=actor, permission=EDIT) as write:
        row = household_row(household_id, lock=True)
        _check_version(
            row,
            version=version,
            stored=_shown(HouseholdState(row.address, row.hamlet_id, row.visit_priority)),
            yours=_shown(state),
        )
        if address != row.address:
            check_addresses(village_code=row.village_id, addresses=[address])
        row.address, row.visit_priority = address, state.visit_priority
        row.hamlet_id = state.hamlet_id
        check_hamlets(village_code=row.village_id, rows=[row])
        row.version += 1
        row.save(update_fields=["address", "hamlet", "visit_priority", "version"])
        write.note(row, AuditVerb.CHANGED, village_code=row.village_id)
    return row


def retire_household(
    *, actor: Actor, household_id: UUID, version: int, on: date | None = None
) -> Household:
    """Take an address out of use (house gone, joined with another); its visits stay."""
    check_village(actor=actor, permission=EDIT, village_code=household_row(household_id).village_id)
    day = on or today()
    rules.check_not_future(effective_on=day, today=today())
    with writing(actor=actor, permission=EDIT) as write:
        row = household_row(household_id, lock=True)
        stored = _shown(HouseholdState(row.address, row.hamlet_id, row.visit_priority))
        _check_version(row, version=version, stored=stored, yours={})
        row.retired_on = day
        row.version += 1
        row.save(update_fields=["retired_on", "version"])
        write.note(row, AuditVerb.ENDED, village_code=row.village_id)
    return row


def move_households(
    *, actor: Actor, household_ids: Sequence[UUID], village_code: str
) -> list[Household]:
    """Put households into another village (after a split); they leave their group behind."""
    check_village(actor=actor, permission=EDIT, village_code=village_code)
    with writing(actor=actor, permission=EDIT) as write:
        target = living_village(village_code)
        rows = [household_row(household_id, lock=True) for household_id in household_ids]
        for code in {row.village_id for row in rows}:
            check_village(actor=actor, permission=EDIT, village_code=code)
        if not rows or any(row.village_id == village_code for row in rows):
            raise rules.fault("household_ids", f"请选择要转入{target.name}的其他村住户。")
        check_addresses(village_code=village_code, addresses=[row.address for row in rows])
        for row in rows:
            row.hamlet = None
            move_household_row(write, household=row, target=target)
    return rows


def _new(household: NewHousehold, *, village_code: str) -> Household:
    rules.check_priority(household.visit_priority)
    return Household(
        id=household.id or new_id(),
        village_id=village_code,
        hamlet_id=household.hamlet_id,
        address=rules.check_address(household.address),
        visit_priority=household.visit_priority,
    )


def living_village(code: str) -> Village:
    """The village, locked so that names and addresses in it are checked one writer at a time."""
    village = Village.objects.select_for_update().filter(code=code).first()
    if village is None:
        raise not_found("没有这个村，或者不在您的辖区内。")
    if village.valid_to is not None:
        raise conflict(f"{village.name}已于{village.valid_to:%Y-%m-%d}撤销，请改用现在的村。")
    return village


def _hamlet(hamlet_id: UUID, *, lock: bool = False) -> Hamlet:
    rows = Hamlet.objects.select_for_update() if lock else Hamlet.objects
    hamlet = rows.filter(pk=hamlet_id).first()
    if hamlet is None:
        raise not_found("没有这个自然组，或者不在您的辖区内。")
    return hamlet


def household_row(household_id: UUID, *, lock: bool = False) -> Household:
    """The household, locked where it is to be changed. Raises 40401 where there is none."""
    rows = Household.objects.select_for_update() if lock else Household.objects
    household = rows.filter(pk=household_id).first()
    if household is None:
        raise not_found("没有这一户，或者不在您的辖区内。")
    return household


def _check_version(
    row: Hamlet | Household, *, version: int, stored: dict[str, object], yours: dict[str, object]
) -> None:
    check_in_use(row)
    if row.version != version:
        raise conflict(
            f"{row}在您打开之后已被他人修改，请对照后重新保存。",
            version=row.version,
            stored=stored,
            yours=yours,
        )


def check_in_use(row: Hamlet | Household) -> None:
    """Raise 40901 for what is out of use."""
    if row.retired_on is not None:
        raise conflict(f"{row}已于{row.retired_on:%Y-%m-%d}停用，不能再修改。")


def _shown(state: HouseholdState) -> dict[str, object]:
    return {
        "address": state.address,
        "hamlet_id": str(state.hamlet_id) if state.hamlet_id else None,
        "visit_priority": state.visit_priority,
    }


def _check_same(row: Household, here: Household | None) -> None:
    """The same id once more must say the same; later edits do not count against it."""
    if here is None:
        return
    if here.village_id != row.village_id or (here.version == 1 and _content(row) != _content(here)):
        raise conflict("同一编号的住户已有不同内容。", id=str(row.pk))


def _content(row: Household) -> tuple[object, ...]:
    return row.address, row.hamlet_id, row.visit_priority


def _check_hamlet_name(*, village_code: str, name: str) -> None:
    if Hamlet.objects.filter(village_id=village_code, name=name, retired_on=None).exists():
        raise conflict(f"本村已有自然组“{name}”，请换一个名称。", name=name)


def check_addresses(*, village_code: str, addresses: Sequence[str]) -> None:
    """Raise 40901 where an address stands in the village already."""
    taken = set(
        Household.objects.filter(village_id=village_code, retired_on=None).values_list(
            "address", flat=True
        )
    )
    for address in addresses:
        if address in taken:
            raise conflict(f"本村已有门牌地址“{address}”，请核对。", address=address)
        taken.add(address)


def check_hamlets(*, village_code: str, rows: Sequence[Household]) -> None:
    """Raise 42201 where a household would belong to a group that is not one of the village."""
    wanted = {row.hamlet_id for row in rows if row.hamlet_id}
    known = set(
        Hamlet.objects.filter(pk__in=wanted, village_id=village_code, retired_on=None).values_list(
            "pk", flat=True
        )
    )
    if wanted - known:
        raise rules.fault("hamlet_id", "没有这个自然组，或者它不属于本村。")
