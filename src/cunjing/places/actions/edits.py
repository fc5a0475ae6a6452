"""Dated local edits of villages. Each keeps the state it replaces; none rewrites the past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cunjing.base.clock import today
from cunjing.base.errors import conflict, not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, writing
from cunjing.places import rules
from cunjing.places.access import check_village
from cunjing.places.actions.moving import (
    carry_households,
    copy_units,
    end_units,
    follow_township,
)
from cunjing.places.models import (
    Division,
    DivisionLevel,
    Layer,
    Village,
    VillageEdit,
    VillageEditKind,
    VillagePast,
    VillageSuccession,
)
from cunjing.standards.divisions import kind_of
from cunjing.standards.pinyin import reading_of
from cunjing.standards.village_names import short_name

EDIT = Permission.DIVISION_EDIT


@dataclass(frozen=True, slots=True)
class Decision:
    """What an edit rests on: the day it takes effect, why, and the document (may be empty)."""

    effective_on: date
    reason: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class NewVillage:
    """Code (12 digits, the first nine its township's) and name of a village that begins."""

    code: str
    name: str


def rename_village(
    *, actor: Actor, village_code: str, name: str, decision: Decision
) -> VillageEdit:
    """Give a village another name from a day on."""
    name = rules.check_name(name=name, field="name", limit=rules.NAME_LENGTH)
    return _change(
        actor=actor,
        village_code=village_code,
        kind=VillageEditKind.RENAME,
        decision=decision,
        state=_naming(name),
    )


def set_layer(*, actor: Actor, village_code: str, layer: Layer, decision: Decision) -> VillageEdit:
    """Make a village a key or an ordinary one from a day on."""
    return _change(
        actor=actor,
        village_code=village_code,
        kind=VillageEditKind.LAYER,
        decision=decision,
        state={"layer": layer.value},
    )


def move_village(
    *, actor: Actor, village_code: str, township_code: str, decision: Decision
) -> VillageEdit:
    """Put a village under another township of its county; its code and its station stay.

    Which station answers is a decision of its own (`units.assign_villages`).
    """
    township = _township(township_code)
    if township.parent_id != village_code[:6]:
        raise rules.fault("township_code", "只能改隶到本县的乡镇；跨县调整请先撤销，再由新县新设。")
    return _change(
        actor=actor,
        village_code=village_code,
        kind=VillageEditKind.MOVE,
        decision=decision,
        state={"township_id": township.code},
    )


def create_village(
    *,
    actor: Actor,
    village: NewVillage,
    township_code: str,
    decision: Decision,
    layer: Layer = Layer.ORDINARY,
) -> VillageEdit:
    """Found a village; the station of its township (by code), if there is one, answers for it."""
    check_village(actor=actor, permission=EDIT, village_code=village.code)
    township = _township(township_code)
    _check_new(village, township_code=township_code, decision=decision)
    with writing(actor=actor, permission=EDIT) as write:
        founded = _found(
            write, village=village, township_id=township.code, layer=layer.value, decision=decision
        )
        edit = _edit(write, village=founded, kind=VillageEditKind.NEW, decision=decision)
        follow_township(write, village=founded)
    actor.resolved.clear()
    return edit


def abolish_village(*, actor: Actor, village_code: str, decision: Decision) -> VillageEdit:
    """End a village that nobody lives in any more; its hamlets and households must be gone.

    People move with a merge, or are moved or retired first.
    """
    check_village(actor=actor, permission=EDIT, village_code=village_code)
    with writing(actor=actor, permission=EDIT) as write:
        village = _locked(village_code, decision=decision)
        left = village.households.filter(retired_on=None).count()
        groups = village.hamlets.filter(retired_on=None).count()
        if left or groups:
            raise conflict(
                f"{village.name}还有{left}户、{groups}个自然组。请先转入其他村或停用，"
                "整村并入其他村的请用“合并”。",
                households=left,
                hamlets=groups,
            )
        edit = _edit(write, village=village, kind=VillageEditKind.ABOLISH, decision=decision)
        _end(write, village=village, decision=decision)
    actor.resolved.clear()
    return edit


def merge_villages(
    *,
    actor: Actor,
    predecessor_codes: Sequence[str],
    successor_code: str,
    decision: Decision,
    name: str = "",
) -> VillageEdit:
    """Let villages go on in another one, which may take a new `name` with it.

    Hamlets and households go to the successor; the merged villages' unit rows end. A wholly new
    successor is founded first, the same day.
    """
    codes = sorted(set(predecessor_codes))
    if not codes or successor_code in codes:
        raise rules.fault("predecessor_codes", "请选择并入的村，且不能包括合并后的村自己。")
    if any(code[:6] != successor_code[:6] for code in codes):
        raise rules.fault("predecessor_codes", "只能合并同一个县的村。")
    for code in [successor_code, *codes]:
        check_village(actor=actor, permission=EDIT, village_code=code)
    with writing(actor=actor, permission=EDIT) as write:
        merged = [_locked(code, decision=decision) for code in codes]
        successor = _successor(successor_code, decision=decision)
        edit = _edit(write, village=successor, kind=VillageEditKind.MERGE, decision=decision)
        if name:
            name = rules.check_name(name=name, field="name", limit=rules.NAME_LENGTH)
            _replace(write, village=successor, edit=edit, state=_naming(name))
        for village in merged:
            _succeed(write, edit=edit, predecessor=village, successor=successor)
            carry_households(write, source=village, target=successor)
            _end(write, village=village, decision=decision)
    actor.resolved.clear()
    return edit


def split_village(
    *, actor: Actor, village_code: str, parts: Sequence[NewVillage], decision: Decision
) -> VillageEdit:
    """Let new villages part from one that goes on.

    The parts take over its township, layer and units. Hamlets and households stay until they are
    moved (`households.move_hamlet`, `move_households`); a village emptied so can be abolished.
    """
    codes = [part.code for part in parts]
    if not parts or len(set(codes)) != len(codes):
        raise rules.fault("parts", "请写明分出的村，代码不能重复。")
    for code in [village_code, *codes]:
        check_village(actor=actor, permission=EDIT, village_code=code)
    with writing(actor=actor, permission=EDIT) as write:
        village = _locked(village_code, decision=decision)
        edit = _edit(write, village=village, kind=VillageEditKind.SPLIT, decision=decision)
        for part in parts:
            _check_new(part, township_code=village.township_id, decision=decision)
            founded = _found(
                write,
                village=part,
                township_id=village.township_id,
                layer=village.layer,
                decision=decision,
            )
            _succeed(write, edit=edit, predecessor=village, successor=founded)
            copy_units(write, source=village, target=founded)
    actor.resolved.clear()
    return edit


def _change(
    *,
    actor: Actor,
    village_code: str,
    kind: VillageEditKind,
    decision: Decision,
    state: dict[str, str],
) -> VillageEdit:
    """One village, another state from a day on."""
    check_village(actor=actor, permission=EDIT, village_code=village_code)
    with writing(actor=actor, permission=EDIT) as write:
        village = _locked(village_code, decision=decision)
        if all(getattr(village, name) == value for name, value in state.items()):
            raise rules.fault(next(iter(state)), "与现状相同，没有需要变更的内容。")
        edit = _edit(write, village=village, kind=kind, decision=decision)
        _replace(write, village=village, edit=edit, state=state)
    return edit


def _locked(code: str, *, decision: Decision) -> Village:
    """The village, locked, once the decision may apply to it."""
    rules.check_reason(decision.reason)
    village = Village.objects.select_for_update().filter(code=code).first()
    if village is None:
        raise not_found(f"没有代码为{code}的村。")
    rules.check_effective(village=village, effective_on=decision.effective_on, today=today())
    return village


def _successor(code: str, *, decision: Decision) -> Village:
    """The village others go on in, locked; it may have been founded the same day."""
    village = Village.objects.select_for_update().filter(code=code).first()
    if village is None:
        raise not_found(f"没有代码为{code}的村，请先新设。")
    if village.valid_from != decision.effective_on or village.valid_to is not None:
        rules.check_effective(village=village, effective_on=decision.effective_on, today=today())
    return village


def _township(code: str) -> Division:
    township = Division.objects.filter(code=code, level=DivisionLevel.TOWNSHIP).first()
    if township is None:
        raise rules.fault("township_code", f"没有乡镇代码“{code}”，请先导入区划。")
    return township


def _check_new(village: NewVillage, *, township_code: str, decision: Decision) -> None:
    rules.check_reason(decision.reason)
    rules.check_not_future(effective_on=decision.effective_on, today=today())
    rules.check_name(name=village.name, field="name", limit=rules.NAME_LENGTH)
    rules.check_new_code(code=village.code, township_code=township_code)
    if taken := Village.objects.filter(code=village.code).first():
        raise conflict(f"代码{village.code}已由{taken.name}使用，请换一个。", name=taken.name)


def _found(
    write: Write, *, village: NewVillage, township_id: str, layer: str, decision: Decision
) -> Village:
    founded = Village.objects.create(
        code=village.code,
        township_id=township_id,
        kind=kind_of(village.code).value,
        layer=layer,
        valid_from=decision.effective_on,
        **_naming(village.name.strip()),
    )
    write.note(founded, AuditVerb.CREATED, village_code=founded.code, reason=decision.reason)
    return founded


def _edit(
    write: Write, *, village: Village, kind: VillageEditKind, decision: Decision
) -> VillageEdit:
    edit = VillageEdit.objects.create(
        village=village,
        kind=kind.value,
        effective_on=decision.effective_on,
        document=decision.document,
        reason=decision.reason,
    )
    write.note(edit, AuditVerb.CREATED, village_code=village.code, reason=decision.reason)
    return edit


def _replace(write: Write, *, village: Village, edit: VillageEdit, state: dict[str, str]) -> None:
    """Keep the present state as past and put `state` in its place."""
    if edit.effective_on > village.valid_from:
        VillagePast.objects.create(
            village=village,
            edit=edit,
            name=village.name,
            township_id=village.township_id,
            layer=village.layer,
            valid_from=village.valid_from,
            valid_to=edit.effective_on,
        )
    for name, value in state.items():
        setattr(village, name, value)
    village.valid_from = edit.effective_on
    village.save(update_fields=[*state, "valid_from"])
    write.note(village, AuditVerb.CHANGED, village_code=village.code, reason=edit.reason)


def _succeed(write: Write, *, edit: VillageEdit, predecessor: Village, successor: Village) -> None:
    row = VillageSuccession.objects.create(edit=edit, predecessor=predecessor, successor=successor)
    write.note(row, AuditVerb.CREATED, scopes=(predecessor.code, successor.code))


def _end(write: Write, *, village: Village, decision: Decision) -> None:
    end_units(write, village=village, on=decision.effective_on)
    village.valid_to = decision.effective_on
    village.save(update_fields=["valid_to"])
    write.note(village, AuditVerb.ENDED, village_code=village.code, reason=decision.reason)


def _naming(name: str) -> dict[str, str]:
    """The columns a name fills."""
    reading = reading_of(short_name(name))
    return {"name": name, "pinyin": reading.pinyin, "initials": reading.initials}
